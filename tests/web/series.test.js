// The history of a machine: gaps stay gaps, new samples come at the end, steps are as wide as they are.
import assert from "node:assert/strict";
import { test } from "node:test";

import { afterGap, drawn, extended, filled, lateStretches, lonely, stepAt, withGaps } from "../../web_static/series.js";
import { live } from "./rows.js";

const SPAN = { resolution_s: null, from_at: 0, to_at: 60 };
const SERIES = { ...SPAN, gap_s: 25, at: [10, 20, 60], values: { cpu_load_pct: [1, null, 3] }, late: [10, 60] };
const STEPS = {
  resolution_s: 600,
  from_at: 500,
  to_at: 4000,
  gap_s: 900,
  at: [600, 1200, 3000, 3600],
  values: { cpu_load_pct: [1, 2, 3, 4], holes: [1, null, null, 2] },
  late: [600, 1200, 3000],
};

test("a silence longer than the gap becomes a null within it", () => {
  assert.deepEqual(withGaps(SERIES, "cpu_load_pct"), [[10, 20, 40, 60], [1, null, null, 3]]);
});

test("a metric that was never read is all null", () => {
  assert.deepEqual(withGaps(SERIES, "other")[1], [null, null, null, null]);
});

test("a newer sample is appended, for every metric", () => {
  const longer = extended(SERIES, live({ sampled_at: 70, values: { fresh: 7 } }));
  assert.deepEqual(longer.at, [10, 20, 60, 70]);
  assert.deepEqual(longer.values, { cpu_load_pct: [1, null, 3, null], fresh: [null, null, null, 7] });
});

test("the same or an older sample changes nothing", () => {
  assert.equal(extended(SERIES, live({ sampled_at: 60 })), SERIES);
  assert.equal(extended(SERIES, live({ sampled_at: null })), SERIES);
  const empty = { ...SERIES, from_at: 100, at: [], values: {} };
  assert.equal(extended(empty, live({ sampled_at: 50 })), empty, "older than all that is shown");
});

test("what is older than an hour leaves", () => {
  assert.deepEqual(extended(SERIES, live({ sampled_at: 3620 })).at, [20, 60, 3620]);
  assert.deepEqual(extended(SERIES, live({ sampled_at: 9999 })).at, [9999]);
  assert.deepEqual(extended({ ...SERIES, at: [], values: {} }, live({ sampled_at: 5 })).at, [5]);
});

test("values without a neighbour are found", () => {
  assert.deepEqual(lonely([1, null, 2, 3, null, 4]), [0, 5]);
  assert.deepEqual(lonely([1, 1, null, 2, 3, 4, null, 4, 4], 2), [0, 7], "single steps");
  assert.deepEqual(lonely([]), []);
});

test("late times leave with their samples", () => {
  assert.deepEqual(extended(SERIES, live({ sampled_at: 3620 })).late, [60]);
});

test("a sample after a silence is known as such", () => {
  assert.equal(afterGap(SERIES, 85), false);
  assert.equal(afterGap(SERIES, 86), true);
  assert.equal(afterGap({ ...SERIES, at: [] }, 86), false);
  assert.equal(afterGap(SERIES, null), false);
});

test("single samples are drawn as they are", () => {
  assert.deepEqual(drawn(SERIES, "cpu_load_pct"), withGaps(SERIES, "cpu_load_pct"));
});

test("steps end before a gap, and the last one now", () => {
  const [times, figures] = drawn(STEPS, "cpu_load_pct");
  assert.deepEqual(times, [600, 1200, 1200, 1800, 2400, 3000, 3600, 3600, 4000]);
  assert.deepEqual(figures, [1, 1, 2, 2, null, 3, 3, 4, 4]);
});

test("a step without this metric is a gap too", () => {
  assert.deepEqual(drawn(STEPS, "holes"), [[600, 1200, 2400, 3600, 4000], [1, 1, null, 2, 2]]);
  assert.deepEqual(drawn(STEPS, "never"), [[], []]);
});

test("a time lies in the step that began before it, or in none", () => {
  assert.deepEqual([600, 1199, 1200, 2000, 3700, 599].map((time) => stepAt(STEPS, time)), [0, 0, 1, -1, 3, -1]);
});

test("neighbours that were late are one stretch", () => {
  assert.deepEqual(lateStretches(STEPS), [[600, 1800], [3000, 3600]]);
  assert.deepEqual(lateStretches({ ...SERIES, late: [10, 20, 60] }), [[10, 20], [60, 60]]);
  assert.deepEqual(lateStretches({ ...SERIES, late: [] }), []);
});

test("figures of cards join the sample that they belong to", () => {
  const longer = filled(SERIES, { sampled_at: 20, values: { "t@a": 5, cpu_load_pct: 9 } });
  assert.deepEqual(longer.values, { cpu_load_pct: [1, 9, 3], "t@a": [null, 5, null] });
  assert.equal(filled(SERIES, { sampled_at: 33, values: { "t@a": 5 } }), SERIES, "that sample is not shown");
  assert.equal(filled(SERIES, { sampled_at: null, values: {} }), SERIES);
});

test("a sample whose cards are not read yet leaves no gap in their lines, silence does", () => {
  const values = { "t@a": [1, null, 3, 4], "t@b": [5, null, null, 6] };
  const series = { ...SERIES, at: [10, 20, 30, 70], values };
  assert.deepEqual(drawn(series, "t@a", "t@b"), [[10, 30, 50, 70], [1, 3, null, 4], [5, null, null, 6]]);
});

test("steps of several lines share their times", () => {
  const values = { "t@a": [1, null, 3, null], "t@b": [5, 6, null, null] };
  assert.deepEqual(drawn({ ...STEPS, values }, "t@a", "t@b"), [
    [600, 1200, 1200, 1800, 2400, 3000, 3600],
    [1, 1, null, null, null, 3, 3],
    [5, 5, 6, 6, null, null, null],
  ]);
});
