// Which rows of a long list are drawn.
import assert from "node:assert/strict";
import { test } from "node:test";

import { windowOf } from "../../web_static/grid.js";

const LIST = { screen: 900, rowHeight: 50, count: 10_000 };

test("at the top: the screen's rows and some more below", () => {
  assert.deepEqual(windowOf({ ...LIST, top: 300 }), { from: 0, to: 24, before: 0, after: 9976 * 50 });
});

test("in the midst: as many above as below, and heights that add up", () => {
  const { from, to, before, after } = windowOf({ ...LIST, top: -250_000 });
  assert.deepEqual([from, to], [4988, 5030]);
  assert.equal(before + after + (to - from) * 50, 500_000);
});

test("past the end and before the beginning nothing is missing or negative", () => {
  assert.deepEqual(windowOf({ ...LIST, top: -600_000 }).to, 10_000);
  assert.deepEqual(windowOf({ ...LIST, top: 5000 }).from, 0);
  assert.deepEqual(windowOf({ ...LIST, top: 0, count: 0 }), { from: 0, to: 0, before: 0, after: 0 });
});

test("a short list is drawn whole", () => {
  assert.deepEqual(windowOf({ ...LIST, top: 300, count: 3 }), { from: 0, to: 3, before: 0, after: 0 });
});

test("what is on the screen itself can be told from what is drawn", () => {
  const { from, to } = windowOf({ ...LIST, top: -120, beyond: 0 });
  assert.deepEqual([from, to], [2, 21]);
});
