// The rules by which a machine's state and a farm's totals follow from its last report.

/** @import {Live, Row} from "./store.js" */

/** @typedef {"offline" | "late" | "waiting" | "stopped" | "online"} State */

/** Every state in the order of attention that it asks for, with the word that a person reads. */
export const STATES = /** @type {const} */ ({
  offline: "offline",
  late: "late",
  waiting: "waiting",
  stopped: "stopped",
  online: "online",
});

/** What each state means, for a pointer that rests on it. */
export const MEANINGS = /** @type {const} */ ({
  offline: "No report for so long that the machine counts as offline",
  late: "The report that was due has not come",
  waiting: "Waiting for the first report",
  stopped: "The sentry said goodbye; the rig may still be mining",
  online: "Reports come when they are due",
});

/**
 * The state at `now`, epoch seconds by the commander's clock.
 * @param {Live} live
 * @param {number} now
 * @returns {State}
 */
export function stateOf(live, now) {
  if (live.stopped) return "stopped";
  if (live.received_at === null) return "waiting";
  if (live.offline_at !== null && now >= live.offline_at) return "offline";
  if (live.late_at !== null && now >= live.late_at) return "late";
  return "online";
}

/**
 * Seconds since the last report, never negative; null when none ever came.
 * @param {Live} live
 * @param {number} now
 */
export function ageOf(live, now) {
  return live.received_at === null ? null : Math.max(0, now - live.received_at);
}

/**
 * @typedef {object} Totals
 * @property {number} all
 * @property {number} simulated
 * @property {Record<State, number>} states
 * @property {{mean: number | null, covered: number}} load mean CPU load in %, and over how many
 */

/**
 * What the farm adds up to. Only machines that are online and read their load enter its mean.
 * @param {Iterable<Row>} rows
 * @param {number} now
 * @returns {Totals}
 */
export function totalsOf(rows, now) {
  const states = { offline: 0, late: 0, waiting: 0, stopped: 0, online: 0 };
  let [all, simulated, sum, covered] = [0, 0, 0, 0];
  for (const row of rows) {
    const state = stateOf(row.live, now);
    const load = row.live.values.cpu_load_pct ?? null;
    all += 1;
    states[state] += 1;
    if (row.simulated) simulated += 1;
    if (state !== "online" || load === null) continue;
    sum += load;
    covered += 1;
  }
  return { all, simulated, states, load: { mean: covered ? sum / covered : null, covered } };
}
