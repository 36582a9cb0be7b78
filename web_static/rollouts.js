// What rigs run and how a change comes to them: words, progress, and who is chosen.

import { isolated } from "./units.js";

/** @import {AssignmentState, RigWork, Rollout, RolloutState, Step, Use} from "./wire.js" */
/** @import {Row} from "./store.js" */

/** A change that touches more rigs goes to one first; `CAREFUL_ABOVE` of the wire. */
export const CAREFUL_ABOVE = 10;
/** `RIGS_PER_REQUEST_MAX` of the wire. */
export const RIGS_MAX = 5000;

/** @typedef {"good" | "soon" | "warn" | "bad" | "off"} Tone */

/** @type {Record<RolloutState, {words: string, tone: Tone}>} */
const STATES = {
  first: { words: "trying the first rig", tone: "soon" },
  rest: { words: "on its way", tone: "soon" },
  stopped: { words: "stopped", tone: "warn" },
  done: { words: "done", tone: "good" },
  taken_back: { words: "taken back", tone: "off" },
};

/** @param {Pick<Rollout, "state" | "rigs" | "running">} rollout one is over an hour after its last rig was told, whatever came of it @returns {{words: string, tone: Tone}} */
export function rolloutWords({ state, rigs, running }) {
  if (state === "done" && running < rigs) return { words: "done, but not on every rig", tone: "warn" };
  return STATES[state] ?? { words: String(state), tone: "off" };
}

/** @param {Pick<Rollout, "state">} rollout */
export function isOnItsWay({ state }) {
  return state === "first" || state === "rest";
}

/**
 * What makes sense to ask of a rollout, in the order of the buttons.
 * @param {Pick<Rollout, "state">} rollout
 * @returns {("stop" | "continue" | "back")[]}
 */
export function deedsOf({ state }) {
  if (state === "taken_back") return [];
  if (state === "done") return ["back"];
  return [state === "stopped" ? "continue" : "stop", "back"];
}

/**
 * Shares of its rigs in percent, which never add up to more than 100.
 * @param {Pick<Rollout, "rigs" | "signed" | "running" | "failed">} rollout
 * @returns {{running: number, sent: number, failed: number}} `sent`: told, and not there yet
 */
export function progressOf({ rigs, signed, running, failed }) {
  const share = (/** @type {number} */ part) => (rigs ? (100 * Math.min(rigs, Math.max(0, part))) / rigs : 0);
  const [there, lost] = [share(running), Math.min(share(failed), 100 - share(running))];
  return { running: there, failed: lost, sent: Math.min(Math.max(0, share(signed) - there - lost), 100 - there - lost) };
}

/** @param {Pick<Rollout, "rigs" | "running" | "failed">} rollout such as "3 of 12 rigs run it, 1 could not" */
export function progressWords({ rigs, running, failed }) {
  const noun = rigs === 1 ? "rig runs" : "rigs run";
  return `${running} of ${rigs} ${noun} it${failed ? `, ${failed} could not` : ""}`;
}

/** @param {Pick<Rollout, "what">} rollout as a sentence begins */
export function whatWords({ what }) {
  return what.charAt(0).toUpperCase() + what.slice(1);
}

/**
 * The commander tells reasons with the ids of rigs: "m1: no script; m2: …".
 * @param {string} why
 * @param {Map<string, Pick<Row, "name">>} rows
 */
export function whyWords(why, rows) {
  return why.replace(/(^|; )([A-Za-z0-9_-]{1,64}): /g, (all, before, id) => {
    const row = rows.get(id);
    return row ? `${before}${isolated(row.name)}: ` : all;
  });
}

/** @type {Record<Step["what"], string>} */
const STEPS = {
  fetch: "Read the assignment",
  download: "Download the program",
  install: "Unpack it",
  write: "Write the scripts",
  stop: "Stop what runs now",
  start: "Start",
};

/** @param {Step} step */
export function stepWords({ what }) {
  return STEPS[what] ?? String(what);
}

/** @type {Record<Step["state"], {words: string, tone: Tone}>} */
const STEP_STATES = {
  waiting: { words: "waits", tone: "off" },
  running: { words: "under way", tone: "soon" },
  done: { words: "done", tone: "good" },
  failed: { words: "failed", tone: "bad" },
};

/** @param {Step} step @returns {{words: string, tone: Tone}} */
export function stepStateWords({ state }) {
  return STEP_STATES[state] ?? { words: String(state), tone: "off" };
}

/** @param {Step} step @returns {number | null} percent of a download that is there, null where it is not known */
export function downloadedPct({ done, total }) {
  if (typeof done !== "number" || typeof total !== "number" || total <= 0) return null;
  return Math.min(100, Math.max(0, (100 * done) / total));
}

/**
 * Where a rig stands with what it is to run.
 * @typedef {"nothing" | "silent" | "same" | "working" | "failed" | "ahead"} Standing
 */

/** @param {Pick<RigWork, "wanted" | "revision" | "actual">} work @returns {Standing} */
export function standingOf({ wanted, revision, actual }) {
  if (!actual) return wanted.length || revision ? "silent" : "nothing";
  if (actual.revision > revision) return "ahead";
  if (actual.revision === revision) return wanted.length ? "same" : "nothing";
  return hasFailed(actual, revision) ? "failed" : "working";
}

/** @param {AssignmentState} actual @param {number} revision */
function hasFailed({ offered, steps = [] }, revision) {
  return offered === revision && steps.some(({ state }) => state === "failed");
}

/** @type {Record<Standing, {words: string, tone: Tone}>} */
const STANDINGS = {
  nothing: { words: "has nothing to run", tone: "off" },
  silent: { words: "has not told what it runs", tone: "warn" },
  same: { words: "runs what it should", tone: "good" },
  working: { words: "is getting there", tone: "soon" },
  failed: { words: "could not begin", tone: "bad" },
  ahead: { words: "knows a newer revision than the commander", tone: "warn" },
};

/** @param {Standing} standing */
export function standingWords(standing) {
  return STANDINGS[standing];
}

/** @param {RigWork} work @returns {boolean} whether to look again in a moment */
export function isMoving({ wanted, revision, actual }) {
  if (standingOf({ wanted, revision, actual }) === "working") return true;
  return (actual?.steps ?? []).some(({ state }) => state === "running" || state === "waiting");
}

/** @param {Use[]} wanted @param {string} playbook @returns {string} its name, else its id */
export function nameIn(wanted, playbook) {
  return wanted.find((use) => use.playbook === playbook)?.name ?? playbook;
}

/** @param {number | undefined} pool from 0 @returns {string} such as "pool 2 of its list" */
export function poolWords(pool) {
  if (typeof pool !== "number") return "pool not known yet";
  return pool === 0 ? "its first pool" : `pool ${pool + 1} of its list`;
}

/** @param {Iterable<Row>} rows @returns {{tag: string, rigs: number}[]} tags of rigs, those of the most first */
export function tagsOf(rows) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { kind, labels } of rows) {
    if (kind === "cpu_gpu") for (const tag of labels.tags ?? []) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  const found = [...counts].map(([tag, rigs]) => ({ tag, rigs }));
  return found.sort((a, b) => b.rigs - a.rigs || (a.tag < b.tag ? -1 : 1));
}

/**
 * The rigs that may be ticked, by name.
 * @param {Iterable<Row>} rows
 * @param {string} text words that all must be found
 * @param {string} tag "" for any
 */
export function rigsFor(rows, text, tag) {
  const sought = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...rows].filter(
    ({ kind, words, labels }) =>
      kind === "cpu_gpu" && sought.every((word) => words.includes(word)) && (!tag || (labels.tags ?? []).includes(tag)),
  );
  return found.sort((a, b) => a.nameOrder - b.nameOrder);
}

/** @param {number} rigs @param {"careful" | "at_once"} pace what will happen, in words */
export function paceWords(rigs, pace) {
  if (rigs === 1) return "It gets the change at once.";
  if (pace === "at_once") return `All ${rigs} get it at once.`;
  if (rigs <= CAREFUL_ABOVE) return `All ${rigs} get it at once: up to ${CAREFUL_ABOVE} rigs are not worth a trial.`;
  return "One rig gets it first. The others follow when a pool accepted a share from it; after 15 minutes without, it stops.";
}
