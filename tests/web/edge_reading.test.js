// How often an edge is read, and what is shown between two readings.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../web_static/api.js";
import { EdgeReading } from "../../web_static/edge_reading.js";

/** @import {App} from "../../web_static/app.js" */
/** @import {ErrandView} from "../../web_static/wire.js" */

/** @param {number} number @param {Partial<ErrandView>} [more] @returns {ErrandView} */
const errand = (number, more = {}) => ({ number, kind: "search", given_at: 0, ...more });

/** A commander that answers when it is told to. */
function stage() {
  const seen = {
    now: 0,
    asked: 0,
    detailed: /** @type {number[]} */ ([]),
    errands: /** @type {ErrandView[]} */ ([]),
    offline_at: /** @type {number | null} */ (1e9),
    /** @type {Error | null} */
    fault: null,
    hold: Promise.resolve(),
  };
  const api = {
    edge: async () => {
      seen.asked += 1;
      const reply = { received_at: 0, late_at: 1e9, offline_at: seen.offline_at, stopped: false, state: {}, found: [], errands: seen.errands };
      await seen.hold;
      if (seen.fault) throw seen.fault;
      return /** @type {unknown} */ (reply);
    },
    giveErrand: async () => errand(7),
    errand: async (/** @type {string} */ _agent, /** @type {number} */ number) => {
      seen.detailed.push(number);
      return errand(number, { result: { number, ok: true, text: "", lines: [{ of: "2", fate: "added", text: "" }] } });
    },
  };
  const clock = { running: () => seen.now, now: () => seen.now };
  const app = /** @type {App} */ (/** @type {unknown} */ ({ api, clock, redraw: () => {} }));
  const known = new EdgeReading(app, "a1");
  /** @param {number} seconds pass, second by second */
  const pass = async (seconds) => {
    for (let gone = 0; gone < seconds; gone += 1) {
      seen.now += 1;
      known.update(false);
      await new Promise((done) => setImmediate(done));
    }
  };
  return { seen, known, pass };
}

test("it is read each 10 s, each 2 s while something is under way, and not for a hidden page", async () => {
  const { seen, known, pass } = stage();
  await pass(21);
  assert.equal(seen.asked, 3);
  seen.errands = [errand(1)];
  await pass(10);
  const before = seen.asked;
  await pass(10);
  assert.equal(seen.asked - before, 5);
  seen.now += 100;
  known.update(true);
  assert.equal(seen.asked - before, 5);
});

test("for an edge that does not report nobody hurries", async () => {
  const { seen, pass } = stage();
  [seen.errands, seen.offline_at] = [[errand(1)], 0];
  await pass(11);
  const before = seen.asked;
  await pass(20);
  assert.equal(seen.asked - before, 2);
});

test("an errand shows at once, also when an older answer comes after it", async () => {
  const { seen, known, pass } = stage();
  seen.errands = [errand(3)];
  await pass(1);
  let release = () => {};
  seen.hold = new Promise((done) => (release = () => done(undefined)));
  const reading = known.load();
  await known.give({ type: "end_search" });
  assert.deepEqual(known.view?.errands.map(({ number }) => number), [7, 3]);
  release();
  await reading;
  assert.deepEqual(known.view?.errands.map(({ number }) => number), [7, 3]);
  seen.errands = [errand(7), errand(3)];
  await pass(3);
  assert.deepEqual(known.view?.errands.map(({ number }) => number), [7, 3]);
});

test("what cannot be read keeps what was known; an edge that is gone is not asked for again", async () => {
  const { seen, known, pass } = stage();
  await pass(1);
  seen.fault = new ApiError(0, "unreachable", "No answer.");
  await pass(10);
  assert.deepEqual([known.error, known.gone, known.view !== null], ["No answer.", false, true]);
  seen.fault = new ApiError(404, "agent_unknown", "There is no such sentry.");
  await pass(10);
  const before = seen.asked;
  await pass(30);
  assert.deepEqual([known.gone, seen.asked], [true, before]);
});

test("the lines of a result are read once", async () => {
  const { seen, known } = stage();
  const ended = errand(5, { result: { number: 5, ok: true, text: "" } });
  assert.equal(known.linesOf(ended), null);
  assert.equal(known.linesOf(ended), null);
  await new Promise((done) => setImmediate(done));
  assert.equal(known.linesOf(ended)?.length, 1);
  assert.deepEqual(seen.detailed, [5]);
  assert.equal(known.linesOf(errand(6)), null);
});
