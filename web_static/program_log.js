// What is known of a program's log that was asked for: on its way, here, or never answered.

/** @import {Order, ProgramLog} from "./wire.js" */

/** After this long without an answer the rig counts as silent, in seconds. */
export const ANSWER_S = 120;
// The rig carried the order out; its lines are stored with the same report, or a moment later.
const AGAIN_S = 3;

/**
 * @typedef {object} Asked
 * @property {number | null} order its number; null: not accepted yet
 * @property {number} at
 * @property {number} triedAt when the answer was last looked for
 * @property {boolean} answered
 * @property {ProgramLog | null} log the last one that came, perhaps of an earlier question
 * @property {string} error
 */

/** @param {number} now @param {ProgramLog | null} [log] @returns {Asked} */
export function askedAt(now, log = null) {
  return { order: null, at: now, triedAt: 0, answered: false, log, error: "" };
}

/** @param {Asked} asked @param {number} now @returns {"here" | "silent" | "waiting"} */
export function standOf({ answered, at }, now) {
  if (answered) return "here";
  return now - at >= ANSWER_S ? "silent" : "waiting";
}

/**
 * Whether the answer is worth looking for: not before the rig has carried the order out.
 * @param {Asked} asked
 * @param {Order[]} waiting
 * @param {number} now
 */
export function isDue({ order, triedAt, answered, at }, waiting, now) {
  if (order === null || answered || now - at >= ANSWER_S || now - triedAt < AGAIN_S) return false;
  return !waiting.some(({ number }) => number === order);
}

/** @param {Asked} asked @param {ProgramLog} log an older one answers an earlier question */
export function withLog(asked, log) {
  if (asked.order !== null && log.order >= asked.order) Object.assign(asked, { log, answered: true, error: "" });
}
