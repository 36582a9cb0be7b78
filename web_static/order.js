// Which machines the list shows, and in which order.

import { mainOf } from "./mining.js";
import { asksToReturn, standingOf, STATES, stateOf } from "./state.js";

/** @import {Live, Row} from "./store.js" */
/** @import {State} from "./state.js" */

/**
 * @typedef {object} Arrangement
 * @property {string} text words of its name, place, tags or client, in any case
 * @property {State | null} state only machines in this state
 * @property {string} key "attention", "name", "kind", "age", "hashrate" or a metric's name
 * @property {boolean} descending
 */

/** @type {Arrangement} */
export const DEFAULT_ARRANGEMENT = { text: "", state: null, key: "attention", descending: false };

const RANKS = /** @type {Record<State, number>} */ (
  Object.fromEntries(Object.keys(STATES).map((state, rank) => [state, rank]))
);

/** @param {Live} live @returns {number | null} a silent ASIC's edge reports of it as often as ever */
function age({ silence, received_at }) {
  const since = silence?.since ?? received_at;
  return since === null ? null : -since;
}

/**
 * What a row is sorted by; null stands last whichever way the list runs.
 * @param {Row} row
 * @param {string} key
 * @param {number} now
 * @returns {number | string | null}
 */
function sortValue(row, key, now) {
  // Of the parked ones those come first that wait for an answer.
  if (key === "attention") return RANKS[standingOf(row, now)] - (asksToReturn(row, now) ? 0.5 : 0);
  if (key === "name") return row.nameOrder;
  if (key === "kind") return row.kind;
  if (key === "age") return age(row.live);
  // A stale figure is no figure to rank live machines by.
  if (stateOf(row.live, now) !== "online") return null;
  return (key === "hashrate" ? mainOf(row.live.mining)?.hashrate : row.live.values[key]) ?? null;
}

/**
 * Hashrates of different algorithms do not compare: the list is sorted within each.
 * @param {Row} row
 * @param {string} key
 */
function groupOf(row, key) {
  const main = key === "hashrate" || key === "efficiency" ? mainOf(row.live.mining) : null;
  return main ? `${main.algorithm} ${main.unit}` : "";
}

/**
 * The rows to show. Equal rows stand by name, so that the list does not flicker.
 * @param {Iterable<Row>} rows
 * @param {Arrangement} arrangement
 * @param {number} now
 * @param {(row: Row, key: string, now: number) => number | string | null | undefined} [more] of further keys
 * @returns {Row[]}
 */
export function arrange(rows, { text, state, key, descending }, now, more = () => undefined) {
  const sought = text.toLowerCase().split(/\s+/).filter(Boolean);
  const keyed = [];
  for (const row of rows) {
    if (!sought.every((word) => row.words.includes(word))) continue;
    if (state && standingOf(row, now) !== state) continue;
    const told = more(row, key, now);
    const value = told === undefined ? sortValue(row, key, now) : told;
    keyed.push({ row, value, group: value === null ? null : groupOf(row, key) });
  }
  const sign = descending ? -1 : 1;
  keyed.sort(
    (a, b) =>
      compare(a.group, b.group, 1) || compare(a.value, b.value, sign) || a.row.nameOrder - b.row.nameOrder,
  );
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
