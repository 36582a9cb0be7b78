// The last hour of a machine: gaps stay gaps, and new samples come at the end.
import assert from "node:assert/strict";
import { test } from "node:test";

import { extended, lonely, withGaps } from "../../web_static/series.js";
import { live } from "./rows.js";

const SERIES = { gap_s: 25, at: [10, 20, 60], values: { cpu_load_pct: [1, null, 3] } };

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
});

test("what is older than an hour leaves", () => {
  assert.deepEqual(extended(SERIES, live({ sampled_at: 3620 })).at, [20, 60, 3620]);
  assert.deepEqual(extended(SERIES, live({ sampled_at: 9999 })).at, [9999]);
  assert.deepEqual(extended({ ...SERIES, at: [], values: {} }, live({ sampled_at: 5 })).at, [5]);
});

test("values without a neighbour are found", () => {
  assert.deepEqual(lonely([1, null, 2, 3, null, 4]), [0, 5]);
});
