// The farm's edges: read when somebody speaks of them, and again when the farm changed.
import assert from "node:assert/strict";
import { test } from "node:test";

import { deletionWords, Edges, edgesOf, readBy } from "../../web_static/edges.js";
import { row } from "./rows.js";

/** @import {App} from "../../web_static/app.js" */

/** @param {object} [more] */
function appWith(more = {}) {
  const state = { now: 0, asked: 0, drawn: 0, fails: false };
  const agents = [{ agent: "e", name: "hall 1", kind: "asic" }, { agent: "r", name: "rig", kind: "cpu_gpu" }];
  const app = {
    api: {
      agents: async () => {
        state.asked += 1;
        if (state.fails) throw new Error("away");
        return { agents };
      },
    },
    clock: { running: () => state.now },
    store: { listings: 1 },
    may: { seeAgents: true },
    redraw: () => (state.drawn += 1),
    ...more,
  };
  return { app: /** @type {App} */ (/** @type {unknown} */ (app)), state };
}

const settled = () => new Promise((done) => setTimeout(done));

test("edges are read once, and again when the list of machines was, after a rest", async () => {
  const { app, state } = appWith();
  const edges = new Edges(app);
  assert.equal(edges.nameOf("e"), null);
  for (let i = 0; i < 3; i += 1) edges.want();
  await settled();
  assert.deepEqual([state.asked, state.drawn, edges.nameOf("e"), edges.nameOf("r")], [1, 1, "hall 1", null]);
  [app.store.listings, state.now] = [2, 10];
  edges.want();
  assert.equal(state.asked, 1);
  state.now = 40;
  edges.want();
  await settled();
  state.now = 400;
  edges.want();
  assert.equal(state.asked, 2);
});

test("who does not see the whole farm asks for none", async () => {
  const { app, state } = appWith({ may: { seeAgents: false } });
  new Edges(app).want();
  await settled();
  assert.equal(state.asked, 0);
});

test("what cannot be read is asked for again, and what was known stays", async () => {
  const { app, state } = appWith();
  const edges = new Edges(app);
  state.fails = true;
  edges.want();
  await settled();
  assert.equal(edges.list, null);
  [state.fails, state.now] = [false, 31];
  edges.want();
  await settled();
  assert.equal(edges.nameOf("e"), "hall 1");
});

test("each farm has its own", () => {
  const [{ app }, other] = [appWith(), appWith()];
  assert.equal(edgesOf(app), edgesOf(app));
  assert.notEqual(edgesOf(app), edgesOf(other.app));
});

test("before an edge is deleted it is said how many ASICs go with it", () => {
  const kind = /** @type {const} */ ("asic");
  const rows = ["e1", "e2", "e1", null].map((agent) => ({ agent, kind }));
  assert.match(deletionWords(rows, "e1"), /The 2 ASICs that it reads leave/);
  assert.match(deletionWords(rows, "e2"), /The ASIC that it reads leaves/);
  assert.doesNotMatch(deletionWords(rows, "e3"), /ASIC|rig/);
});

test("an edge's devices are those alone that it reads", () => {
  const rows = [row("a", {}, { kind: "asic", agent: "e1" }), row("b", {}, { kind: "asic", agent: "e2" }), row("c", {}, { agent: "e1" })];
  assert.deepEqual(readBy(rows, "e1").map(({ machine }) => machine), ["a"]);
});
