// The commander's clock as the page knows it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { RUNS_ON_S, ServerClock } from "../../web_static/clock.js";

test("it runs on from the last message, whatever this computer's clock says", () => {
  let local = 5_000_000;
  const clock = new ServerClock(() => local);
  clock.hear(1000);
  local += 2500;
  assert.equal(clock.now(), 1002.5);
});

test("for states it runs a few seconds past the last message at most; ages run on", () => {
  let local = 0;
  const clock = new ServerClock(() => local);
  clock.hear(1000);
  local += 12_000;
  assert.equal(clock.now(), 1000 + RUNS_ON_S);
  assert.equal(clock.running(), 1012);
  clock.hear(1012.1);
  assert.equal(clock.now(), 1012.1);
});

test("frozen, it stands at the last message until it thaws", () => {
  let local = 0;
  const clock = new ServerClock(() => local);
  clock.hear(1000);
  local += 20_000;
  clock.freeze();
  assert.equal(clock.now(), 1000);
  clock.hear(1100);
  clock.freeze();
  assert.equal(clock.now(), 1000, "a resync that is under way does not move it");
  clock.thaw();
  local += 1000;
  assert.equal(clock.now(), 1101);
});

test("ages run on while states stand still", () => {
  let local = 1_000_000;
  const clock = new ServerClock(() => local);
  clock.hear(500);
  clock.freeze();
  local += 30_000;
  assert.equal(clock.now(), 500);
  assert.equal(clock.running(), 530);
});
