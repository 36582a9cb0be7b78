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

test("a column can be turned round", () => {
  assert.equal(names({ key: "name", descending: true }), "fedcba");
});
