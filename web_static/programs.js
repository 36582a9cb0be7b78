// Mining programs: their states in words, what an owner can ask of each, and what is on its way to the rig.

/** @import {Action, Order, Program, WatchedProgram} from "./wire.js" */

/** @typedef {"good" | "soon" | "warn" | "bad" | "off"} Tone */

/** What the sentry can read, by the names of its table. */
export const MINERS = [
  "bzminer", "ccminer", "claymore", "cpuminer-opt", "ethminer", "gminer", "lolminer", "miniz", "nanominer", "nbminer",
  "onezerominer", "phoenixminer", "rigel", "srbminer-multi", "t-rex", "teamblackminer", "teamredminer", "tt-miner",
  "wildrig-multi", "xmrig",
];

/** @type {Record<string, [string, Tone]>} */
const STATES = {
  running: ["running", "good"],
  mining: ["mining", "good"],
  waiting: ["waiting to start", "soon"],
  starting: ["starting", "soon"],
  stopping: ["stopping", "warn"],
  stalled: ["mines nothing", "warn"],
  api_down: ["does not answer", "warn"],
  paused: ["paused", "off"],
  stopped: ["stopped", "off"],
  exited: ["ended", "off"],
  refused: ["not started", "bad"],
  too_hot: ["stopped: too hot", "bad"],
  crash_loop: ["ends again and again", "bad"],
};

/** @type {{value: string, label: string, for_s: number | null}[]} */
export const PAUSES = [
  { value: "600", label: "10 minutes", for_s: 600 },
  { value: "3600", label: "1 hour", for_s: 3600 },
  { value: "28800", label: "8 hours", for_s: 28_800 },
  { value: "open", label: "Until it is started again", for_s: null },
];

/** @param {string} state @returns {{words: string, tone: Tone}} an unknown one as it comes */
export function stateWords(state) {
  const [words, tone] = Object.hasOwn(STATES, state) ? (STATES[state] ?? ["", "off"]) : [state.replaceAll("_", " "), "off"];
  return { words, tone: /** @type {Tone} */ (tone) };
}

// In which states an action would change nothing.
/** @type {Record<Exclude<Action, "log">, string[]>} */
const POINTLESS = {
  start: ["running", "stopping"],
  stop: ["stopped"],
  restart: ["waiting", "stopping", "stopped", "paused", "refused", "too_hot", "crash_loop"],
  pause: ["stopped", "paused"],
};

/** @param {Exclude<Action, "log">} action @param {Program} program @returns {boolean} whether it would change anything */
export function makesSense(action, { state }) {
  return !POINTLESS[action].includes(state);
}

/** @param {Order[]} orders @param {string} program @returns {Order[]} what is on its way to it, but for questions */
export function waitingFor(orders, program) {
  return orders.filter((order) => order.program === program && order.action !== "log");
}

/** @param {Order} order such as "Pause for 8 hours" */
export function orderWords({ action, for_s }) {
  const name = action.charAt(0).toUpperCase() + action.slice(1);
  if (action !== "pause") return name;
  if (!for_s) return "Pause until started again";
  return `Pause for ${PAUSES.find((pause) => pause.for_s === for_s)?.label ?? `${Math.round(for_s / 60)} minutes`}`;
}

/** @param {Program} program @returns {number | null} percent of its shares that the pool refused */
export function rejectedPct({ accepted, rejected }) {
  const all = (accepted ?? 0) + (rejected ?? 0);
  return typeof accepted === "number" && typeof rejected === "number" && all > 0 ? (100 * rejected) / all : null;
}

/**
 * With one more program that is only to be read, under a name that none of them has.
 * @param {WatchedProgram[]} watched
 * @param {string[]} taken names of other programs
 * @param {string} miner
 * @param {number} port
 * @returns {WatchedProgram[]}
 */
export function withWatched(watched, taken, miner, port) {
  const names = [...taken, ...watched.map(({ program }) => program)];
  const base = miner.replace(/[^A-Za-z0-9_-]+/g, "-");
  let [program, number] = [base, 1];
  while (names.includes(program)) program = `${base}-${(number += 1)}`;
  return [...watched, { program, miner, port }];
}
