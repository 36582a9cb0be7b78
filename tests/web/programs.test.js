// Mining programs: words for their states, what can be asked of them, and what is on its way.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { makesSense, MINERS, orderWords, rejectedPct, stateWords, waitingFor, withWatched } from "../../web_static/programs.js";

/** @import {Order, Program} from "../../web_static/wire.js" */

/** @param {Partial<Program>} [change] @returns {Program} */
const program = (change) => ({ program: "p", miner: "xmrig", state: "running", ...change });
/** @param {number} number @param {Partial<Order>} [change] @returns {Order} */
const order = (number, change) => ({ number, action: "stop", program: "p", ...change });

test("the programs offered are those of the sentry's table", () => {
  const table = readFileSync(new URL("../../edge_sentry/miners/table.py", import.meta.url), "utf8");
  const names = [...table.matchAll(/^ {8}name="([^"]+)"/gm)].map((match) => match[1]).sort();
  assert.ok(names.length > 10);
  assert.deepEqual(names.filter((name) => !MINERS.includes(name ?? "")), []);
});

test("each state of the supervisor has words, an unknown one comes as it is", () => {
  const view = readFileSync(new URL("../../edge_sentry/supervisor/view.py", import.meta.url), "utf8");
  const states = [...view.matchAll(/^ {4}[A-Z_]+ = "([a-z_]+)"$/gm)].map((match) => match[1] ?? "");
  assert.ok(states.includes("crash_loop"));
  const bare = states.filter((state) => state.includes("_") && stateWords(state).words === state.replaceAll("_", " "));
  assert.deepEqual(bare, []);
  assert.deepEqual(stateWords("crash_loop"), { words: "ends again and again", tone: "bad" });
  assert.deepEqual(stateWords("all_new"), { words: "all new", tone: "off" });
  assert.equal(stateWords("constructor").words, "constructor");
});

test("only what would change something can be asked", () => {
  /** @param {string} state */
  const can = (state) =>
    /** @type {const} */ (["start", "stop", "restart", "pause"]).filter((action) => makesSense(action, program({ state })));
  assert.deepEqual(can("running"), ["stop", "restart", "pause"]);
  assert.deepEqual(can("stopped"), ["start"]);
  assert.deepEqual(can("paused"), ["start", "stop"]);
  assert.deepEqual(can("refused"), ["start", "stop", "pause"]);
  assert.deepEqual(can("waiting"), ["start", "stop", "pause"]);
});

test("what is on its way is told for each program, without questions for its log", () => {
  const orders = [order(1), order(2, { action: "log" }), order(3, { program: "other" })];
  assert.deepEqual(waitingFor(orders, "p").map(({ number }) => number), [1]);
});

test("orders have words", () => {
  const pause = /** @type {const} */ ("pause");
  assert.deepEqual(
    [order(1), order(2, { action: pause, for_s: 3600 }), order(3, { action: pause }), order(4, { action: pause, for_s: 300 })].map(orderWords),
    ["Stop", "Pause for 1 hour", "Pause until started again", "Pause for 5 minutes"],
  );
});

test("a percentage of shares needs both counts, and some shares", () => {
  assert.equal(rejectedPct(program({ accepted: 99, rejected: 1 })), 1);
  assert.equal(rejectedPct(program({ accepted: 0, rejected: 0 })), null);
  assert.equal(rejectedPct(program({ accepted: 5 })), null);
  assert.equal(rejectedPct(program({ accepted: null, rejected: 2 })), null);
});

test("a watched program gets a name that no other has", () => {
  const first = withWatched([], ["xmrig"], "xmrig", 18088);
  assert.deepEqual(first, [{ program: "xmrig-2", miner: "xmrig", port: 18088 }]);
  assert.deepEqual(withWatched(first, [], "t-rex", 4067).map(({ program: name }) => name), ["xmrig-2", "t-rex"]);
  assert.equal(withWatched(first, ["xmrig"], "xmrig", 1).at(-1)?.program, "xmrig-3");
});
