// Rollouts: words, progress that adds up, where a rig stands, and which rigs may be chosen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  CAREFUL_ABOVE,
  deedsOf,
  downloadedPct,
  isMoving,
  isOnItsWay,
  nameIn,
  paceWords,
  poolWords,
  progressOf,
  progressWords,
  RIGS_MAX,
  rigsFor,
  rolloutWords,
  standingOf,
  standingWords,
  stepStateWords,
  stepWords,
  tagsOf,
  whatWords,
  whyWords,
} from "../../web_static/rollouts.js";
import { row } from "./rows.js";

/** @import {RigWork, Rollout, Step} from "../../web_static/wire.js" */

const WIRE = readFileSync(new URL("../../wire/templates.py", import.meta.url), "utf8");

/** @param {Partial<Rollout>} [change] @returns {Rollout} */
const rollout = (change) => ({ rollout: "r", what: "each of 12 rigs runs X", state: "rest", begun_at: 1, by: "a", rigs: 12, signed: 12, running: 3, failed: 1, ...change });
/** @param {Partial<RigWork>} [change] @returns {RigWork} */
const work = (change) => ({ machine: "m", worker: "w", wanted: [{ playbook: "p", name: "X", rigs: 1 }], revision: 4, actual: { epoch: 1, revision: 4 }, told_at: 1, ...change });
/** @param {Partial<Step>} [change] @returns {Step} */
const step = (change) => ({ what: "download", state: "running", ...change });

test("the limits are those of the wire", () => {
  assert.match(WIRE, new RegExp(`^CAREFUL_ABOVE = ${CAREFUL_ABOVE}$`, "m"));
  assert.match(WIRE, new RegExp(`^RIGS_PER_REQUEST_MAX = ${RIGS_MAX}$`, "m"));
});

test("each state of a rollout has words and what can be asked of it", () => {
  const states = /** @type {const} */ (["first", "rest", "stopped", "done", "taken_back"]);
  assert.equal(new Set(states.map((state) => rolloutWords(rollout({ state, running: 12 })).words)).size, states.length);
  assert.deepEqual(states.map((state) => deedsOf({ state })), [["stop", "back"], ["stop", "back"], ["continue", "back"], ["back"], []]);
  assert.deepEqual(states.filter((state) => isOnItsWay({ state })), ["first", "rest"]);
  assert.deepEqual(rolloutWords(rollout({ state: "done" })), { words: "done, but not on every rig", tone: "warn" });
});

test("progress never adds up to more than all", () => {
  assert.deepEqual(progressOf({ rigs: 4, signed: 3, running: 1, failed: 1 }), { running: 25, failed: 25, sent: 25 });
  assert.deepEqual(progressOf({ rigs: 4, signed: 9, running: 4, failed: 3 }), { running: 100, failed: 0, sent: 0 });
  assert.deepEqual(progressOf({ rigs: 0, signed: 0, running: 0, failed: 0 }), { running: 0, failed: 0, sent: 0 });
  assert.equal(progressWords(rollout()), "3 of 12 rigs run it, 1 could not");
  assert.equal(progressWords(rollout({ rigs: 1, running: 1, failed: 0 })), "1 of 1 rig runs it");
});

test("a reason names rigs by their names, and leaves other words alone", () => {
  const rows = new Map([["m1", row("attic")]]);
  assert.equal(whyWords("m1: no script; m2: no script", rows), "\u2068attic\u2069: no script; m2: no script");
  assert.equal(whyWords("the rig said m1: bad", rows), "the rig said m1: bad");
  assert.equal(whatWords(rollout()), "Each of 12 rigs runs X");
});

test("where a rig stands with what it is to run", () => {
  assert.equal(standingOf(work()), "same");
  assert.equal(standingOf(work({ wanted: [], actual: null, revision: 0 })), "nothing");
  assert.equal(standingOf(work({ wanted: [] })), "nothing");
  assert.equal(standingOf(work({ actual: null })), "silent");
  assert.equal(standingOf(work({ revision: 5 })), "working");
  assert.equal(standingOf(work({ revision: 3 })), "ahead");
  const failed = { epoch: 1, revision: 4, offered: 5, steps: [step({ state: "failed" })] };
  assert.equal(standingOf(work({ revision: 5, actual: failed })), "failed");
  assert.equal(standingOf(work({ revision: 6, actual: failed })), "working");
  assert.equal(standingWords("failed").tone, "bad");
});

test("a rig is watched closely only while something moves", () => {
  assert.equal(isMoving(work()), false);
  assert.equal(isMoving(work({ revision: 5 })), true);
  assert.equal(isMoving(work({ actual: { epoch: 1, revision: 4, steps: [step()] } })), true);
  const failed = { epoch: 1, revision: 4, offered: 5, steps: [step({ state: "failed" })] };
  assert.equal(isMoving(work({ revision: 5, actual: failed })), false);
});

test("steps have words, and a download its share where the size is known", () => {
  assert.equal(stepWords(step()), "Download the program");
  assert.equal(stepStateWords(step({ state: "failed" })).tone, "bad");
  assert.equal(downloadedPct(step({ done: 5, total: 20 })), 25);
  assert.equal(downloadedPct(step({ done: 30, total: 20 })), 100);
  assert.equal(downloadedPct(step({ done: 5 })), null);
  assert.equal(downloadedPct(step({ done: 0, total: 0 })), null);
});

test("pools and playbooks by names that people know", () => {
  assert.deepEqual([0, 1, undefined].map(poolWords), ["its first pool", "pool 2 of its list", "pool not known yet"]);
  assert.equal(nameIn(work().wanted, "p"), "X");
  assert.equal(nameIn([], "p"), "p");
});

test("only rigs are chosen, by words and by a tag, in the order of their names", () => {
  const rows = [
    row("b", {}, { nameOrder: 2, labels: { place: "hall 1", tags: ["quiet"] } }),
    row("a", {}, { nameOrder: 1, labels: { place: "hut", tags: ["quiet", "6 cards"] } }),
    row("z", {}, { nameOrder: 3, kind: "asic", labels: { place: "hall 1", tags: ["quiet", "asics"] } }),
  ];
  const ids = (/** @type {string} */ text, /** @type {string} */ tag) => rigsFor(rows, text, tag).map(({ machine }) => machine);
  assert.deepEqual(ids("", ""), ["a", "b"]);
  assert.deepEqual(ids("HALL 1", ""), ["b"]);
  assert.deepEqual(ids("", "6 cards"), ["a"]);
  assert.deepEqual(tagsOf(rows), [{ tag: "quiet", rigs: 2 }, { tag: "6 cards", rigs: 1 }]);
});

test("what begins is said before it begins", () => {
  assert.equal(paceWords(1, "careful"), "It gets the change at once.");
  assert.match(paceWords(10, "careful"), /^All 10 get it at once/);
  assert.match(paceWords(11, "careful"), /^One rig gets it first/);
  assert.equal(paceWords(11, "at_once"), "All 11 get it at once.");
});
