// Figures as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ago,
  atMost,
  clockWords,
  diskSize,
  duration,
  each,
  efficiencyUnit,
  exactly,
  figure,
  hertz,
  memorySize,
  stretchOf,
  tickLabel,
  until,
} from "../../web_static/units.js";

test("what was not read is a dash, and zero is zero", () => {
  assert.equal(figure(null, "%"), "–");
  assert.equal(figure(undefined, "°C"), "–");
  assert.equal(figure(0, "%"), "0 %");
  assert.equal(figure(0, "°C"), "0 °C");
});

test("figures have the unit that people use", () => {
  assert.equal(figure(34.21, "%"), "34 %");
  assert.equal(figure(3.21, "%"), "3.2 %");
  assert.equal(figure(61.4, "°C"), "61 °C");
  assert.equal(figure(3.412e9, "Hz"), "3.41 GHz");
  assert.equal(figure(1.5, ""), "1.50");
  assert.equal(figure(275_000, "s"), "3 d 4 h");
  assert.equal(figure(12.5, "V"), "12.5 V");
});

test("memory counts by 1,024, disks and clocks by 1,000", () => {
  assert.equal(memorySize(34_359_738_368), "32.0 GiB");
  assert.equal(diskSize(2_000_398_934_016), "2.00 TB");
  assert.equal(hertz(800e6), "800 MHz");
  assert.equal(diskSize(512), "512 B");
});

test("spans have at most two units", () => {
  assert.equal(duration(4.9), "4 s");
  assert.equal(duration(65), "1 min 5 s");
  assert.equal(duration(59 * 60 + 59), "59 min");
  assert.equal(duration(7260), "2 h 1 min");
  assert.equal(duration(86400), "1 d");
  assert.equal(ago(null), "never");
  assert.equal(ago(4), "4 s ago");
});

test("the exact value keeps what rounding took", () => {
  assert.equal(exactly(34.2178, "%"), "34.218 %");
  assert.equal(exactly(3_412_000_000, "Hz"), "3,412,000,000 Hz");
});

test("rates have a tenth at most, and bytes the prefix that people use", () => {
  const rates = [0, 512.4, 999.6, 1_234_567, 2e6, 99_960, 123_456, 3.21e9];
  const words = ["0 B/s", "512 B/s", "1.0 kB/s", "1.2 MB/s", "2 MB/s", "100 kB/s", "123 kB/s", "3.2 GB/s"];
  assert.deepEqual(rates.map((value) => figure(value, "B/s")), words);
  assert.equal(figure(12_345_678, "B"), "12.3 MB");
  assert.equal(exactly(1_234_567.8, "B/s"), "1,234,567.8 B/s");
});

/** @param {number} month @param {number} day @param {number} [hour] @param {number} [minute] in this zone */
const at = (month, day, hour = 0, minute = 0) => new Date(2026, month - 1, day, hour, minute).getTime() / 1000;

test("a stretch of time takes as few words as it can", () => {
  assert.equal(stretchOf(at(3, 5, 12), at(3, 5, 12, 10)), "5 Mar 12:00–12:10");
  assert.equal(stretchOf(at(3, 5), at(3, 6)), "5 Mar");
  assert.equal(stretchOf(at(3, 5, 2), at(3, 6, 2)), "5 Mar 02:00 – 6 Mar 02:00");
});

test("marks in time are hours, days, months or years, by how far they are apart", () => {
  assert.equal(tickLabel(at(3, 5, 12, 10), 600), "12:10");
  assert.equal(tickLabel(at(3, 5), 600), "00:00");
  assert.equal(tickLabel(at(3, 5), 7200), "5 Mar");
  assert.equal(tickLabel(at(3, 5), 86_400), "5 Mar");
  assert.equal(tickLabel(at(3, 1), 31 * 86_400), "Mar");
  assert.equal(tickLabel(at(1, 1), 31 * 86_400), "2026");
});

test("a clock is ahead or behind", () => {
  assert.equal(clockWords(95.2), "This machine's own clock is 95 s ahead; times shown are corrected");
  assert.equal(clockWords(-3600), "This machine's own clock is 3,600 s behind; times shown are corrected");
});

test("hashrates and power have the prefix that people use", () => {
  const rates = [0, 0.4, 512, 999.4, 999.7, 12_345, 30_250_000, 1.1e14];
  const words = ["0 H/s", "0.40 H/s", "512 H/s", "999 H/s", "1.00 kH/s", "12.3 kH/s", "30.3 MH/s", "110 TH/s"];
  assert.deepEqual(rates.map((value) => figure(value, "H/s")), words);
  assert.equal(figure(4210, "Sol/s"), "4.21 kSol/s");
  assert.deepEqual([0, 85.25, 850, 1240].map((value) => figure(value, "W")), ["0 W", "85.3 W", "850 W", "1.24 kW"]);
  assert.equal(figure(1250, efficiencyUnit("H/s")), "1.25 kH/W");
  assert.equal(figure(0.5, efficiencyUnit("Sol/s")), "0.50 Sol/W");
  assert.equal(figure(null, "H/s"), "–");
});

test("the age of a total is an upper bound, never too young", () => {
  const words = ["≤ 5 s", "≤ 5 s", "≤ 10 s", "≤ 30 s", "≤ 1 min", "≤ 1 h", "≤ 2 h"];
  assert.deepEqual([-1, 5, 5.01, 30, 30.5, 3600, 7199.5].map(atMost), words);
});

test("what is to come is told in one unit, a cadence as people say it", () => {
  assert.deepEqual([6.9, 6, 1.4].map((days) => until(days * 86_400)), ["in 7 days", "in 6 days", "in 33 h"]);
  assert.deepEqual([7200, 1900, 60, 3, -5].map(until), ["in 2 h", "in 31 min", "in 1 min", "in a minute", "in a minute"]);
  assert.deepEqual([5, 60, 90, 360].map(each), ["each 5 s", "each minute", "each 90 s", "each 6 minutes"]);
});

test("an algorithm whose unit is not known still has a rate, memory counts by 1,024", () => {
  assert.equal(figure(12_300_000, "/s"), "12.3 M/s");
  assert.equal(figure(2.5, "g/s"), "2.50 g/s");
  assert.equal(figure(10 * 2 ** 30, "B of memory"), "10.0 GiB");
});
