// An ASIC as a row of the list, from the store on: what is drawn of it, and what is not any more.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ServerClock } from "../../web_static/clock.js";
import { Store } from "../../web_static/store.js";
import { columns, live, page } from "./rows.js";

/** @import {Live} from "../../web_static/store.js" */

// All that the templates ask of a document before they are drawn.
Object.assign(globalThis, { document: { createTreeWalker: () => ({}), createComment: () => ({}) } });
const { asicRow, COLUMNS } = await import("../../web_static/screens/asic_row.js");
const { machineRow } = await import("../../web_static/screens/machine_row.js");

const MINING = [{ algorithm: "sha256", hashrate: 104.2e12, expected: 110e12, pool: "pool.example:3333" }];
const VALUES = { power_w: 3252, chip_hottest_c: 78, fan_slowest_rpm: 5430, uptime_s: 93_600 };
const FIGURES = ["104 TH/s", "95 %", "78 °C", "5,430 rpm", "3.25 kW", "31.2 J/TH", "pool.example:3333", "1 d 2 h"];
const READ = live({ mining: MINING, values: VALUES });

/** @param {unknown} template @returns {string} its text as it would be drawn */
function drawn(template) {
  if (Array.isArray(template)) return template.map(drawn).join("");
  if (typeof template !== "object" || template === null) return typeof template === "symbol" ? "" : String(template ?? "");
  const { strings = [], values = [] } = /** @type {{strings?: string[], values?: unknown[]}} */ (template);
  return strings.map((text, i) => text + drawn(values[i])).join("");
}

/** @param {Live} first */
async function storeWith(first) {
  const told = { ...page({ a: first }), kind: [/** @type {const} */ ("asic")], model: ["Antminer S19"] };
  const store = new Store({
    fetchPage: async () => told,
    clock: new ServerClock(() => 0),
    changed: () => {},
    failed: () => {},
    later: () => {},
  });
  await store.loadList();
  const rowAt = (/** @type {number} */ now) => {
    const row = store.rows.get("a");
    assert(row);
    return { list: drawn(asicRow(row, 0, { states: now, ages: now })), all: drawn(machineRow(row, 0, { states: now, ages: now }, false)) };
  };
  return { store, rowAt };
}

/** @param {Live} one @param {object} [more] */
const delta = (one, more = {}) => ({ type: /** @type {const} */ ("delta"), server_at: 130, live: { ...columns({ a: one }), ...more } });

test("each column has its figure", async () => {
  const { rowAt } = await storeWith(READ);
  const { list } = rowAt(105);
  for (const figure of ["Antminer S19", ...FIGURES]) assert(list.includes(figure), figure);
  assert.equal(list.match(/<td /g)?.length, COLUMNS.length);
});

test("what is simulated is marked by a short word, for the name needs the room", async () => {
  const { store } = await storeWith(READ);
  const row = { ...(store.rows.get("a") ?? assert.fail()), simulated: true };
  assert(drawn(asicRow(row, 0, { states: 105, ages: 105 })).includes(">sim</span>"));
  assert(drawn(machineRow(row, 0, { states: 105, ages: 105 }, false)).includes(">simulated</span>"));
});

test("a device that falls silent shows its reason, and nothing of what it showed before", async () => {
  const { store, rowAt } = await storeWith(READ);
  const gone = live({ received_at: 110, sampled_at: null, late_at: 110, offline_at: 110, mining: [], values: { power_w: null } });
  store.applyDelta(delta(gone, { silence: { a: { reason: "does not answer", since: 50, rounds: 2 } } }));
  const { list, all } = rowAt(111);
  for (const figure of FIGURES) assert(!list.includes(figure) && !all.includes(figure), figure);
  assert(list.includes("does not answer") && list.includes("for 1 min 1 s") && list.includes('data-state=offline'));
  // Its edge's report of a second ago is none of its own.
  assert(all.includes("it does not answer") && all.includes(">silent for 1 min 1 s<") && !all.includes("1 s ago"));
});

test("neither does one whose edge went away with its last figures; when it is back, they are new ones", async () => {
  const { store, rowAt } = await storeWith(READ);
  const { list, all } = rowAt(161);
  for (const figure of FIGURES) assert(!list.includes(figure) && !all.includes(figure), figure);
  assert(list.includes("the edge that reads it does not report"));
  store.applyDelta(delta(live({ received_at: 170, sampled_at: 169, late_at: 190, offline_at: 230, mining: MINING, values: { ...VALUES, power_w: 3100 } })));
  assert(rowAt(171).list.includes("3.10 kW"));
});

test("a view that was asked for before the silence does not bring the figures back", async () => {
  const { store, rowAt } = await storeWith(READ);
  const silence = { a: { reason: "does not answer", since: 50, rounds: 2 } };
  store.applyDelta(delta(live({ received_at: 110, sampled_at: null, late_at: 110, offline_at: 110, values: {} }), { silence }));
  const known = { name: "a", kind: /** @type {const} */ ("asic"), simulated: false, labels: {}, agent: "e", unread: [], dropped: 0, clock_off_s: null };
  store.applyView("a", { ...known, server_at: 112, specs: null, values: {}, live: columns({ a: READ }) });
  const { list } = rowAt(112);
  for (const figure of FIGURES) assert(!list.includes(figure), figure);
  assert.equal(store.rows.get("a")?.model, "Antminer S19");
});

test("a fan that stands still and a device that tells little are said so", async () => {
  const { rowAt } = await storeWith(live({ mining: [{ algorithm: "sha256", hashrate: 1e12 }], values: { fan_slowest_rpm: 0 } }));
  const { list } = rowAt(105);
  assert(list.includes("A fan stands still") && list.includes("Needs power and hashrate") && list.includes("No pool was told"));
  assert(!list.includes("NaN") && !list.includes("undefined"));
});
