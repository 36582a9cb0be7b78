// Figures as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, diskSize, duration, exactly, figure, hertz, memorySize } from "../../web_static/units.js";

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
  assert.equal(figure(12.5, "rpm"), "12.5 rpm");
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
