// Which machines the list shows, and in which order.

import { STATES, stateOf } from "./state.js";

/** @import {Row} from "./store.js" */
/** @import {State} from "./state.js" */

/**
 * @typedef {object} Arrangement
 * @property {string} text part of the name, in any case
 * @property {State | null} state only machines in this state
 * @property {string} key "attention", "name", "kind", "age" or a metric's name
 * @property {boolean} descending
 */

/** @type {Arrangement} */
export const DEFAULT_ARRANGEMENT = { text: "", state: null, key: "attention", descending: false };

const RANKS = /** @type {Record<State, number>} */ (
  Object.fromEntries(Object.keys(STATES).map((state, rank) => [state, rank]))
);

/**
 * What a row is sorted by; null stands last whichever way the list runs.
 * @param {Row} row
 * @param {string} key
 * @param {number} now
 * @returns {number | string | null}
 */
function sortValue(row, key, now) {
  if (key === "attention") return RANKS[stateOf(row.live, now)];
  if (key === "name") return row.nameOrder;
  if (key === "kind") return row.kind;
  if (key === "age") return row.live.received_at === null ? null : -row.live.received_at;
  // A stale figure is no figure to rank live machines by.
  return stateOf(row.live, now) === "online" ? (row.live.values[key] ?? null) : null;
}

/**
 * The rows to show. Equal rows stand by name, so that the list does not flicker.
 * @param {Iterable<Row>} rows
 * @param {Arrangement} arrangement
 * @param {number} now
 * @returns {Row[]}
 */
export function arrange(rows, { text, state, key, descending }, now) {
  const part = text.trim().toLowerCase();
  const keyed = [];
  for (const row of rows) {
    if (part && !row.name.toLowerCase().includes(part)) continue;
    if (state && stateOf(row.live, now) !== state) continue;
    keyed.push({ row, value: sortValue(row, key, now) });
  }
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => compare(a.value, b.value, sign) || a.row.nameOrder - b.row.nameOrder);
  return keyed.map(({ row }) => row);
}

/**
 * @param {number | string | null} a
 * @param {number | string | null} b
 * @param {number} sign
 */
function compare(a, b, sign) {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -sign : sign;
}
