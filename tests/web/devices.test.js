// The cards of a machine, and the lines that charts draw of them.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cardsOf,
  concerning,
  deviceLines,
  hashrateLines,
  missingOf,
  shortAddress,
  shownMetric,
  splitName,
  subjectWords,
} from "../../web_static/devices.js";

/** @import {Metric, Of} from "../../web_static/wire.js" */

/** @param {string} name @param {Of} of @param {string} [unit] @returns {Metric} */
function metric(name, of, unit = "") {
  const bounds = { minimum: 0, maximum: 100, step: 1 };
  return { code: 1, name, label: `the ${name}`, unit, roll_up: "mean", help: "", of, ...bounds };
}

const OF_ASICS = [
  metric("uptime_s", "machine"),
  metric("power_w", "machine"),
  metric("chip_hottest_c", "machine"),
  metric("readings", "machine"),
  metric("board_hashrate", "device"),
  metric("board_chips", "device"),
  metric("fan_rpm", "device", "rpm"),
  metric("hashrate", "algorithm"),
  metric("average_hashrate", "algorithm"),
  metric("expected_hashrate", "algorithm"),
];
const METRICS = [
  metric("cpu_load_pct", "machine"),
  metric("gpu_hottest_c", "machine"),
  metric("gpu_temperature_c", "device", "°C"),
  metric("gpu_hashrate", "device"),
  metric("gpu_memory_used_bytes", "device", "B"),
  metric("hashrate", "algorithm"),
];
const VIEW = {
  specs: {
    devices: [
      { device: "b", address: "0000:02:00.0", name: "Two" },
      { device: "a", address: "0000:01:00.1" },
      { device: "n", name: "Nameless place" },
    ],
  },
  values: { "gpu_temperature_c@a": 50, "gpu_temperature_c@gone": null, "hashrate@kawpow": 1 },
};
const CARDS = cardsOf(METRICS, VIEW);
const SPAN = { server_at: 0, from_at: 0, to_at: 60, resolution_s: null, gap_s: 25, late: [] };

test("a series' name is a metric and what it is of", () => {
  assert.deepEqual(["power_w", "a@b", "a@b@c"].map(splitName), [["power_w", ""], ["a", "b"], ["a", "b@c"]]);
});

test("cards stand in the order of their slots, those without one after them", () => {
  assert.deepEqual(CARDS.map(({ device, label }) => [device, label]), [
    ["a", "01:00.1"],
    ["b", "02:00"],
    ["gone", "gone"],
    ["n", "Nameless place"],
  ]);
  assert.deepEqual(cardsOf(METRICS, { specs: null, values: {} }), []);
});

test("an address keeps what tells cards apart", () => {
  assert.deepEqual(["0000:0a:00.0", "0001:0a:00.0", "0000:0a:00.3"].map(shortAddress), ["0a:00", "0001:0a:00", "0a:00.3"]);
});

test("a machine without cards is not asked for the hottest", () => {
  assert.deepEqual(concerning(METRICS, [], "cpu_gpu").map(({ name }) => name), ["cpu_load_pct"]);
  assert.deepEqual(concerning(METRICS, CARDS, "cpu_gpu").map(({ name }) => name), ["cpu_load_pct", "gpu_hottest_c"]);
});

test("a chart for each metric that was read, a line for each card that is shown and was read", () => {
  const values = {
    "gpu_temperature_c@a": [1, null],
    "gpu_temperature_c@b": [null, 2],
    "gpu_temperature_c@n": [null, null],
    "gpu_hashrate@b": [null, null],
    "gpu_memory_used_bytes@b": [1, 1],
  };
  const history = { ...SPAN, at: [10, 20], values };
  const all = deviceLines(METRICS, history, [], CARDS, () => true);
  assert.deepEqual(all.map(({ metric: one, lines }) => [one.name, lines.map(({ label, place }) => [label, place])]), [
    ["gpu_temperature_c", [["01:00.1", 0], ["02:00", 1]]],
    ["gpu_memory_used_bytes", [["02:00", 1]]],
  ]);
  const one = deviceLines(METRICS, history, [], CARDS, ({ device }) => device === "a");
  assert.deepEqual(one.map(({ lines }) => lines.map(({ name }) => name)), [["gpu_temperature_c@a"]]);
});

test("a chart for each algorithm, in its own unit", () => {
  const values = { "hashrate@kawpow": [1], "hashrate@equihash": [2], "hashrate@never": [null], cpu_load_pct: [3] };
  const charts = hashrateLines(METRICS, { ...SPAN, at: [10], values }, [
    { algorithm: "kawpow", hashrate: 1 },
    { algorithm: "other", hashrate: 1, unit: "Sol/s" },
  ]);
  assert.deepEqual(charts.map(({ metric: { name, label, unit } }) => [name, label, unit]), [
    ["hashrate@equihash", "Hashrate equihash", "/s"],
    ["hashrate@kawpow", "Hashrate kawpow", "H/s"],
  ]);
});

test("a card's hashrate is told in the first algorithm's unit", () => {
  const [hashrate, memory] = [metric("gpu_hashrate", "device"), metric("gpu_memory_used_bytes", "device", "B")];
  assert.equal(shownMetric(hashrate, [{ algorithm: "equihash", hashrate: 1, unit: "Sol/s" }]).unit, "Sol/s");
  assert.equal(shownMetric(hashrate, []).unit, "/s");
  assert.equal(shownMetric(memory, []).unit, "B of memory");
});

test("what could not be read of several cards is told once for each reason", () => {
  const unread = [
    { part: "gpu_temperature_c@a", reason: "no" },
    { part: "gpu_temperature_c@b", reason: "no" },
    { part: "gpu_temperature_c@n", reason: "lost" },
    { part: "power_w", reason: "no" },
  ];
  assert.deepEqual(missingOf(METRICS, CARDS, unread), [
    { label: "the gpu_temperature_c", of: ["01:00.1", "02:00"], reason: "no" },
    { label: "the gpu_temperature_c", of: ["Nameless place"], reason: "lost" },
    { label: "power_w", of: [], reason: "no" },
  ]);
});

test("an event names a card by its id or by its address", () => {
  assert.deepEqual(["b", "0000:02:00.0", "0000:07:00.0", "kawpow", ""].map((one) => subjectWords(CARDS, one)), [
    "02:00",
    "02:00",
    "07:00",
    "kawpow",
    "",
  ]);
});

test("an ASIC's figures are its own, and a rig has none of them", () => {
  const all = [...METRICS, ...OF_ASICS];
  assert.deepEqual(concerning(all, [], "asic").map(({ name }) => name), ["power_w", "uptime_s", "chip_hottest_c", "readings"]);
  assert.deepEqual(concerning(all, [], "cpu_gpu").map(({ name }) => name), ["cpu_load_pct", "uptime_s", "power_w"]);
});

test("boards and fans are counted as people do, boards first", () => {
  const parts = ["fan-0", "board-10", "board-2", "fan-1"].map((device) => [`${device.startsWith("fan") ? "fan_rpm" : "board_chips"}@${device}`, 1]);
  const labels = cardsOf(OF_ASICS, { specs: null, values: Object.fromEntries(parts) }).map(({ label }) => label);
  assert.deepEqual(labels, ["Board 2", "Board 10", "Fan 0", "Fan 1"]);
  assert.equal(subjectWords([], "board-1"), "board-1");
});

test("what an ASIC averages and should mine stands in the chart of its hashrate", () => {
  const values = { "hashrate@sha256": [1], "average_hashrate@sha256": [2], "expected_hashrate@sha256": [null] };
  const history = { server_at: 9, from_at: 0, to_at: 9, resolution_s: null, gap_s: 9, at: [1], values, late: [] };
  const [chart] = hashrateLines(OF_ASICS, history, [{ algorithm: "sha256", hashrate: 1 }]);
  assert.deepEqual(chart?.lines.map(({ name, label }) => [name, label]), [["hashrate@sha256", "now"], ["average_hashrate@sha256", "average"]]);
});

test("a board's hashrate is in its algorithm's unit, chips are counted", () => {
  const sol = [{ algorithm: "equihash", hashrate: 1, unit: /** @type {const} */ ("Sol/s") }];
  assert.deepEqual(OF_ASICS.slice(4, 7).map((one) => shownMetric(one, sol).unit), ["Sol/s", "chips", "rpm"]);
});
