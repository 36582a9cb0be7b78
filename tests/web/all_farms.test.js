// Rounds over all farms: what is added up, what is said of a farm that cannot be read.
import assert from "node:assert/strict";
import { test } from "node:test";

import { AllFarms } from "../../web_static/all_farms.js";
import { ApiError } from "../../web_static/api.js";
import { live, page } from "./rows.js";

/** @import {FarmSeat, MachinePage} from "../../web_static/wire.js" */

/** @param {string} farm @returns {FarmSeat} */
const seat = (farm) => ({ farm, name: farm, role: "viewer" });

/** @param {Record<string, MachinePage[]>} pages of each farm, in order; a farm without any cannot be read */
function allOf(pages) {
  /** @type {[string, string | null][]} */
  const asked = [];
  const state = { seats: Object.keys(pages).map(seat), wanted: true, heard: /** @type {number[]} */ ([]), seen: /** @type {unknown[]} */ ([]) };
  const all = new AllFarms({
    seats: () => state.seats,
    fetchPage: async (farm, after) => {
      asked.push([farm, after]);
      const next = pages[farm]?.shift();
      if (!next) throw new ApiError(0, "unreachable", "Not reached.");
      return next;
    },
    clock: { hear: (at) => state.heard.push(at) },
    changed: () => state.seen.push(all.progress && { ...all.progress }),
    wanted: () => state.wanted,
  });
  return { all, asked, state };
}

/** @param {number} power_w @param {string} algorithm @param {number} hashrate */
const mining = (power_w, algorithm, hashrate) =>
  live({ values: { power_w }, mining: [{ algorithm, hashrate, unit: "H/s", coin: null }] });

test("farms are added up, each algorithm for itself", async () => {
  const one = page({ a: mining(100, "kawpow", 5), b: mining(100, "randomx", 7) });
  const two = page({ a: mining(50, "kawpow", 3) });
  const { all } = allOf({ f1: [one], f2: [two] });
  await all.round();
  const { totals, farms, of } = all.overall ?? assert.fail("nothing was added up");
  assert.deepEqual([farms, of, totals.expected, totals.states.online, totals.power.value], [2, 2, 3, 3, 250]);
  assert.deepEqual(totals.algorithms.map(({ algorithm, hashrate }) => [algorithm, hashrate.value, hashrate.of]), [
    ["kawpow", 8, 2],
    ["randomx", 7, 1],
  ]);
  assert.equal(all.readings.get("f2")?.totals?.power.value, 50);
});

test("a farm is read page by page, and how far it is can be seen", async () => {
  const { all, asked, state } = allOf({ f1: [page({ a: live() }, "n"), page({ b: live() })] });
  await all.round();
  assert.deepEqual(asked, [["f1", null], ["f1", "n"]]);
  assert.ok(state.seen.some((one) => JSON.stringify(one) === '{"farms":0,"of":1,"machines":1}'));
  assert.equal(all.progress, null);
});

test("all are counted as of the moment when the round began", async () => {
  const late = { ...page({ b: live({ late_at: 120 }) }), server_at: 150 };
  const { all, state } = allOf({ f1: [page({ a: live() })], f2: [late] });
  await all.round();
  assert.equal(all.overall?.totals.states.online, 2, "reading the first farm for long makes no machine late");
  assert.deepEqual(state.heard, [101, 150]);
});

test("a farm that cannot be read is in no total, and keeps what was known of it", async () => {
  const { all } = allOf({ f1: [page({ a: live() }), page({ a: live() })], f2: [page({ b: live() })] });
  await all.round();
  await all.round();
  assert.deepEqual([all.overall?.farms, all.overall?.of, all.overall?.totals.expected], [1, 2, 1]);
  const kept = all.readings.get("f2");
  assert.deepEqual([kept?.error, kept?.at, kept?.totals?.expected], ["Not reached.", 101, 1]);
});

test("where none can be read there is no total", async () => {
  const { all } = allOf({ f1: [] });
  await all.round();
  assert.equal(all.overall, null);
  assert.equal(all.readings.get("f1")?.totals, null);
});

test("a farm that one belongs to no more is forgotten", async () => {
  const { all, state } = allOf({ f1: [page({}), page({})], f2: [page({})] });
  await all.round();
  state.seats = [seat("f1")];
  await all.round();
  assert.deepEqual([...all.readings.keys()], ["f1"]);
});

test("two rounds never run beside each other, and whoever has gone is read to no more", async () => {
  const { all, asked, state } = allOf({ f1: [page({})], f2: [page({})] });
  const first = all.round();
  await all.round();
  state.wanted = false;
  await first;
  assert.deepEqual(asked, [["f1", null]]);
});
