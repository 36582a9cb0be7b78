// Counters: their growth per second between two live values, and nothing before both are known.
import assert from "node:assert/strict";
import { test } from "node:test";

import { chartTitle, increase, rate, shownUnit, shownValues } from "../../web_static/rates.js";
import { live, row } from "./rows.js";

/** @import {Metric, RollUp} from "../../web_static/wire.js" */

/** @param {string} name @param {RollUp} roll_up @returns {Metric} */
const metric = (name, roll_up) => ({
  ...{ code: 1, name, step: 1, label: "Network sent", unit: "B", roll_up },
  ...{ minimum: 0, maximum: 1e15, help: "" },
});
const SENT = metric("sent", "increase");

/** @param {number} sampled_at @param {number | null} sent */
const at = (sampled_at, sent) => live({ sampled_at, values: { sent, cpu_load_pct: 50 } });

test("a rate is the growth by the time between the samples", () => {
  assert.equal(rate("sent", at(110, 6000), at(100, 1000)), 500);
});

test("a counter that fell began anew at 0", () => {
  assert.equal(rate("sent", at(110, 300), at(100, 9000)), 30);
  assert.equal(increase(5, 5), 0);
});

test("until two values are known there is no rate", () => {
  assert.equal(rate("sent", at(110, 300), null), null);
  assert.equal(rate("sent", at(110, null), at(100, 1)), null);
  assert.equal(rate("sent", at(110, 300), at(100, null)), null);
  assert.equal(rate("sent", at(100, 300), at(100, 1)), null, "no time between");
});

test("a silence that counts as offline is no present rate", () => {
  // `live` counts as offline 60 s after its report.
  assert.equal(rate("sent", at(160, 600), at(100, 0)), 10);
  assert.equal(rate("sent", at(161, 600), at(100, 0)), null);
  assert.equal(rate("sent", { ...at(200, 600), offline_at: null }, at(100, 0)), 6);
});

test("counters are shown as rates, everything else as it is", () => {
  const machine = row("a", at(110, 2000), { before: at(100, 1000) });
  const shown = shownValues([SENT, metric("cpu_load_pct", "mean")], machine);
  assert.deepEqual(shown, { sent: 100, cpu_load_pct: 50 });
  assert.deepEqual(shownValues([SENT], row("a", at(110, 1))).sent, null);
});

test("titles and units say per second only of counters", () => {
  assert.deepEqual([chartTitle(SENT), shownUnit(SENT)], ["Network sent per second", "B/s"]);
  assert.deepEqual([chartTitle(metric("x", "last")), shownUnit(metric("x", "last"))], ["Network sent", "B"]);
});
