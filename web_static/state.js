// The rules by which a machine's state follows from its last report and its owner's word.

/** @import {Live, Row} from "./store.js" */

/** @typedef {"offline" | "late" | "waiting" | "stopped" | "online"} Reporting by its reports alone */
/** @typedef {Reporting | "parked"} State */

/** Every state in the order of attention that it asks for, with the word that a person reads. */
export const STATES = /** @type {const} */ ({
  offline: "offline",
  late: "late",
  waiting: "waiting",
  stopped: "stopped",
  online: "online",
  parked: "parked",
});

// A machine that was parked a moment ago may still say its last words.
const PARKED_QUIETLY_S = 300;

/** What each state means, for a pointer that rests on it. */
export const MEANINGS = /** @type {const} */ ({
  offline: "No report for so long that the machine counts as offline",
  late: "The report that was due has not come",
  waiting: "Waiting for the first report",
  stopped: "The sentry said goodbye; the rig may still be mining",
  online: "Reports come when they are due",
  parked: "Taken out of work by its owner; in no count and no total until it is put back",
});

/**
 * The state at `now`, epoch seconds by the commander's clock, by its reports alone.
 * @param {Live} live
 * @param {number} now
 * @returns {Reporting}
 */
export function stateOf(live, now) {
  if (live.stopped) return "stopped";
  if (live.received_at === null) return "waiting";
  if (live.offline_at !== null && now >= live.offline_at) return "offline";
  if (live.late_at !== null && now >= live.late_at) return "late";
  return "online";
}

/** @param {Row} row @param {number} now @returns {State} parked, whatever it reports, while its owner says so */
export function standingOf(row, now) {
  return row.labels.parked ? "parked" : stateOf(row.live, now);
}

/**
 * Whether a parked machine is at work again, so that its owner has to be asked.
 * @param {Row} row
 * @param {number} now
 */
export function asksToReturn({ labels: { parked }, live }, now) {
  if (!parked || live.received_at === null) return false;
  return stateOf(live, now) === "online" && live.received_at - parked.at > PARKED_QUIETLY_S;
}

/**
 * Seconds since the last report, never negative; null when none ever came.
 * @param {Live} live
 * @param {number} now
 */
export function ageOf(live, now) {
  return live.received_at === null ? null : Math.max(0, now - live.received_at);
}
