// Which machines are shown, and in which order.
import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange, DEFAULT_ARRANGEMENT } from "../../web_static/order.js";
import { row, WAITING } from "./rows.js";

const NOW = 110;
const ROWS = [
  row("a", { values: { cpu_load_pct: 10 } }, { nameOrder: 0 }),
  row("b", { late_at: 105, values: { cpu_load_pct: 99 } }, { nameOrder: 1 }),
  row("c", { values: { cpu_load_pct: null } }, { nameOrder: 2 }),
  row("d", { offline_at: 105 }, { nameOrder: 3 }),
  row("e", { values: { cpu_load_pct: 80 } }, { nameOrder: 4 }),
  row("f", WAITING, { nameOrder: 5 }),
];

/** @param {Partial<typeof DEFAULT_ARRANGEMENT>} change */
const names = (change) =>
  arrange(ROWS, { ...DEFAULT_ARRANGEMENT, ...change }, NOW).map(({ name }) => name).join("");

test("first what asks for attention, then by name", () => {
  assert.equal(names({}), "dbface");
});

test("unread and stale figures stand last whichever way the list runs", () => {
  assert.equal(names({ key: "cpu_load_pct", descending: true }), "eabcdf");
  assert.equal(names({ key: "cpu_load_pct" }), "aebcdf");
});

test("a part of the name, in any case, and a state choose", () => {
  assert.equal(names({ text: " E " }), "e");
  assert.equal(names({ state: "late" }), "b");
  assert.equal(names({ text: "zzz" }), "");
});

/** @param {string} text */
const found = (text) => {
  const rows = [
    row("rig 1", {}, { labels: { place: "Hall 2", tags: ["quiet", "6 cards"], client: "Anna" } }),
    row("rig 2", {}, { labels: { place: "hall 1" } }),
  ];
  return arrange(rows, { ...DEFAULT_ARRANGEMENT, text }, NOW).map(({ name }) => name);
};

test("a place, a tag and a client find a machine too, and all words have to be found", () => {
  assert.deepEqual(found("HALL"), ["rig 1", "rig 2"]);
  assert.deepEqual(found("quiet"), ["rig 1"]);
  assert.deepEqual(found("ann"), ["rig 1"]);
  assert.deepEqual(found("rig hall 2 anna"), ["rig 1"]);
  assert.deepEqual(found("hall 1 anna"), ["rig 1"], "the 1 of its name");
  assert.deepEqual(found("hall bert"), []);
});

test("parked machines stand last, those that report again before the others, and have a filter", () => {
  /** @param {number} at */
  const parked = (at) => ({ labels: { parked: { reason: /** @type {const} */ ("spare"), at } } });
  const rows = [row("a", {}, parked(100)), row("b", {}, { ...parked(-300), nameOrder: 1 }), row("c", {}, { nameOrder: 2 })];
  /** @param {Partial<typeof DEFAULT_ARRANGEMENT>} change */
  const order = (change) => arrange(rows, { ...DEFAULT_ARRANGEMENT, ...change }, NOW).map(({ name }) => name).join("");
  assert.equal(order({}), "cba");
  assert.equal(order({ state: "parked" }), "ba");
  assert.equal(order({ state: "online" }), "c");
});

test("hashrates are sorted within each algorithm; who mines nothing stands last", () => {
  /** @param {string} algorithm @param {number | null} hashrate */
  const mines = (algorithm, hashrate) => ({ mining: [{ algorithm, hashrate }] });
  const rows = [
    row("a", mines("randomx", 10)),
    row("b", mines("kawpow", 5)),
    row("c", mines("randomx", 99)),
    row("d"),
    row("e", mines("kawpow", null)),
    row("f", { ...mines("kawpow", 9), late_at: 105 }),
  ];
  rows.forEach((one, i) => (one.nameOrder = i));
  /** @param {boolean} descending */
  const order = (descending) =>
    arrange(rows, { ...DEFAULT_ARRANGEMENT, key: "hashrate", descending }, NOW).map(({ name }) => name).join("");
  assert.equal(order(true), "bcadef");
  assert.equal(order(false), "bacdef");
});

test("a column can be turned round", () => {
  assert.equal(names({ key: "name", descending: true }), "fedcba");
});
