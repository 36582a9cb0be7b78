// Totals: what is counted, what it rests on, and what is never added together.
import assert from "node:assert/strict";
import { test } from "node:test";

import { stateOf } from "../../web_static/state.js";
import { totalsOf } from "../../web_static/totals.js";
import { row, WAITING } from "./rows.js";

/** @import {Row} from "../../web_static/store.js" */
/** @import {Totals} from "../../web_static/totals.js" */
/** @import {Mining, Parked} from "../../web_static/wire.js" */

const NOW = 110;
/** @type {Parked} */
const PARKED = { reason: "sold", at: 90 };
const LATE = { late_at: 105 };

/** @param {number | null} hashrate @param {Partial<Mining>} [more] @returns {Mining} */
const randomx = (hashrate, more = {}) => ({ algorithm: "randomx", hashrate, unit: "H/s", coin: null, ...more });

/** @param {string} name @param {Mining[]} mining @param {object} [change] @param {Partial<Row>} [more] */
const miner = (name, mining, change = {}, more = {}) => row(name, { mining, ...change }, more);

test("the mean load counts only machines that are online and read it", () => {
  const rows = [
    row("a", { values: { cpu_load_pct: 0 } }),
    row("b", { values: { cpu_load_pct: 60 }, sampled_at: 80 }),
    row("blind", { values: { cpu_load_pct: null } }),
    row("stale", { ...LATE, values: { cpu_load_pct: 99 }, sampled_at: 1 }),
    row("off", { offline_at: 105, values: { cpu_load_pct: 99 } }),
    row("made up", { values: {} }, { simulated: true }),
    row("parked", { values: { cpu_load_pct: 99 } }, { labels: { parked: PARKED }, simulated: true }),
  ];
  const totals = totalsOf(rows, NOW);
  assert.deepEqual(totals.load, { value: 30, covered: 2, of: 6, oldest_at: 80 });
  assert.deepEqual(totals.states, { offline: 1, late: 1, waiting: 0, stopped: 0, online: 4 });
  assert.deepEqual([totals.expected, totals.parked, totals.simulated], [6, 1, 1]);
});

test("a farm without figures has none, rather than zeros", () => {
  const nothing = { value: null, covered: 0, of: 1, oldest_at: null };
  const { load, power, algorithms } = totalsOf([row("a", WAITING)], NOW);
  assert.deepEqual([load, power, algorithms], [nothing, nothing, []]);
  assert.equal(totalsOf([], NOW).power.of, 0);
});

test("zero is a reading", () => {
  const { algorithms, power } = totalsOf([miner("a", [randomx(0)], { values: { power_w: 0 } })], NOW);
  assert.equal(algorithms[0]?.hashrate.value, 0);
  assert.equal(power.value, 0);
  assert.equal(algorithms[0]?.efficiency.value, null, "nothing is divided by no power");
});

test("algorithms and units are never added together", () => {
  const rows = [
    miner("a", [randomx(1000)]),
    miner("b", [randomx(500), { algorithm: "kawpow", hashrate: 30e6 }]),
    miner("c", [{ algorithm: "equihash", hashrate: 40, unit: "Sol/s" }, { algorithm: "equihash", hashrate: 7 }]),
  ];
  const found = totalsOf(rows, NOW).algorithms.map((one) => [one.algorithm, one.unit, one.hashrate.value]);
  const expected = [
    ["randomx", "H/s", 1500],
    ["equihash", "H/s", 7],
    ["equihash", "Sol/s", 40],
    ["kawpow", "H/s", 30e6],
  ];
  assert.deepEqual(found, expected);
});

test("the coverage of a hashrate is of those whose last known mining has the algorithm", () => {
  const rows = [
    miner("a", [randomx(1000)], { sampled_at: 95 }),
    miner("unread", [randomx(null)]),
    miner("late", [randomx(9000)], LATE),
    miner("said goodbye", [randomx(9000)], { stopped: true }),
    miner("parked", [randomx(9000)], {}, { labels: { parked: PARKED } }),
    row("idle"),
  ];
  const hashrate = totalsOf(rows, NOW).algorithms[0]?.hashrate;
  assert.deepEqual(hashrate, { value: 1000, covered: 1, of: 4, oldest_at: 95 });
});

test("coins are counted where they are known, each with its own coverage", () => {
  const rows = [
    miner("a", [randomx(1000, { coin: "XMR" }), randomx(200, { coin: "ZEPH" })]),
    miner("b", [randomx(300, { coin: "XMR" })], LATE),
    miner("c", [randomx(50)]),
  ];
  const total = totalsOf(rows, NOW).algorithms[0];
  assert.deepEqual(total?.coins.map(({ coin, hashrate }) => [coin, hashrate.value, hashrate.covered, hashrate.of]), [
    ["XMR", 1000, 1, 2],
    ["ZEPH", 200, 1, 1],
  ]);
  assert.equal(total?.hashrate.value, 1250);
});

test("a machine of which one coin was not read is no machine that was read", () => {
  const rows = [miner("a", [randomx(1000, { coin: "XMR" }), randomx(null, { coin: "ZEPH" })])];
  const total = totalsOf(rows, NOW).algorithms[0];
  assert.deepEqual([total?.hashrate.value, total?.hashrate.covered, total?.hashrate.of], [null, 0, 1]);
  assert.equal(total?.coins.find(({ coin }) => coin === "XMR")?.hashrate.value, 1000);
});

test("efficiency is of machines that mine one algorithm alone and read both", () => {
  const rows = [
    miner("a", [randomx(1000)], { values: { power_w: 100 } }),
    miner("b", [randomx(3000)], { values: { power_w: 100 } }),
    miner("no power", [randomx(9000)]),
    miner("no hashrate", [randomx(null)], { values: { power_w: 50 } }),
    miner("two", [randomx(9000), { algorithm: "kawpow", hashrate: 1 }], { values: { power_w: 500 } }),
    miner("late", [randomx(9000)], { ...LATE, values: { power_w: 1 } }),
  ];
  const { algorithms, power } = totalsOf(rows, NOW);
  const { value, covered, of } = algorithms[0]?.efficiency ?? {};
  assert.deepEqual([value, covered, of], [20, 2, 6]);
  assert.deepEqual([power.value, power.covered, power.of], [750, 4, 6]);
});

test("what ASICs alone mine is known, for their efficiency is told in joules", () => {
  const kind = /** @type {const} */ ("asic");
  const asics = (/** @type {Row[]} */ ...rows) => totalsOf(rows, NOW).algorithms.map((one) => one.asics);
  const one = { ...miner("a", [randomx(1)]), kind };
  assert.deepEqual(asics(one), [true]);
  assert.deepEqual(asics(one, miner("b", [randomx(1)])), [false]);
});

test("parked machines that report again are told apart", () => {
  const labels = { parked: { ...PARKED, at: -300 } };
  const rows = [row("quiet", LATE, { labels }), row("back", {}, { labels })];
  assert.deepEqual(totalsOf(rows, NOW).returning.map(({ name }) => name), ["back"]);
});

// A farm of every kind of machine, chosen by a small generator of its own so that a failure can be repeated.
/** @param {number} seed */
function anyFarm(seed) {
  let state = seed;
  /** @param {number} below */
  const pick = (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const algorithms = ["randomx", "kawpow", "equihash"];
  /** @returns {Mining} */
  const mined = () => ({
    algorithm: algorithms[pick(3)] ?? "",
    hashrate: pick(4) ? pick(1000) : null,
    unit: pick(2) ? "H/s" : "Sol/s",
    coin: pick(2) ? "XMR" : null,
  });
  const fates = [{}, {}, LATE, { offline_at: 100 }, { stopped: true }];
  return Array.from({ length: 1 + pick(30) }, (_, i) =>
    row(
      `m${i}`,
      {
        ...fates[pick(5)],
        sampled_at: 60 + pick(40),
        mining: Array.from({ length: pick(4) }, mined),
        values: { power_w: pick(3) ? pick(500) : null },
      },
      { labels: pick(4) ? {} : { parked: PARKED } },
    ),
  );
}

test("whatever the farm: each figure is covered, counted and dated by live machines alone", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const rows = anyFarm(seed);
    const counted = rows.filter(({ labels, live }) => !labels.parked && stateOf(live, NOW) === "online");
    const totals = totalsOf(rows, NOW);
    const where = `farm ${seed}`;
    assert.equal(totals.expected + totals.parked, rows.length, where);
    assert.equal(Object.values(totals.states).reduce((sum, one) => sum + one, 0), totals.expected, where);
    for (const { value, covered, of, oldest_at } of figuresOf(totals)) {
      assert.ok(covered <= of && of <= totals.expected && covered <= counted.length, where);
      assert.equal(oldest_at === null, covered === 0, where);
      if (!covered) assert.equal(value, null, where);
      if (oldest_at !== null) assert.ok(counted.some(({ live }) => live.sampled_at === oldest_at), where);
    }
    const power = counted.map(({ live }) => live.values.power_w ?? 0).reduce((sum, one) => sum + one, 0);
    assert.equal(totals.power.value ?? 0, power, where);
    assert.deepEqual(totalsOf(rows.filter(({ labels }) => !labels.parked), NOW), { ...totals, parked: 0 }, where);
    assert.deepEqual(totalsOf([...rows].reverse(), NOW), totals, `${where}: the order of machines is nothing`);
  }
});

/** @param {Totals} totals */
function figuresOf({ algorithms, power, load }) {
  const mined = algorithms.flatMap((one) => [one.hashrate, one.efficiency, ...one.coins.map(({ hashrate }) => hashrate)]);
  return [...mined, power, load];
}
