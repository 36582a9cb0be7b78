// The rules of states and totals.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ageOf, stateOf, totalsOf } from "../../web_static/state.js";
import { live, row, WAITING } from "./rows.js";

test("a state follows from the last report and the commander's clock", () => {
  assert.equal(stateOf(live(), 119.9), "online");
  assert.equal(stateOf(live(), 120), "late");
  assert.equal(stateOf(live(), 159.9), "late");
  assert.equal(stateOf(live(), 160), "offline");
  assert.equal(stateOf(WAITING, 1e9), "waiting");
});

test("a machine that said goodbye is stopped, however long ago", () => {
  assert.equal(stateOf(live({ stopped: true }), 1e9), "stopped");
});

test("an age is never negative, and none before the first report", () => {
  assert.equal(ageOf(live(), 104), 4);
  assert.equal(ageOf(live(), 99), 0);
  assert.equal(ageOf(WAITING, 104), null);
});

test("the mean load counts only machines that are online and read it", () => {
  const rows = [
    row("a", { values: { cpu_load_pct: 0 } }),
    row("b", { values: { cpu_load_pct: 60 } }),
    row("blind", { values: { cpu_load_pct: null } }),
    row("stale", { late_at: 105, values: { cpu_load_pct: 99 } }),
    row("off", { offline_at: 105, values: { cpu_load_pct: 99 } }),
    row("made up", { values: {} }, { simulated: true }),
  ];
  const totals = totalsOf(rows, 110);
  assert.deepEqual(totals.load, { mean: 30, covered: 2 });
  assert.deepEqual(totals.states, { offline: 1, late: 1, waiting: 0, stopped: 0, online: 4 });
  assert.equal(totals.all, 6);
  assert.equal(totals.simulated, 1);
});

test("no live figure has no mean, rather than zero", () => {
  assert.deepEqual(totalsOf([row("a", WAITING)], 110).load, { mean: null, covered: 0 });
});
