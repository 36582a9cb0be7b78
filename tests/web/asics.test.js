// ASICs: efficiency, silence, the list's filter and totals, and that a silent one shows nothing of before.
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  addressOf,
  arrangeAsics,
  choicesOf,
  efficiencyWords,
  EVERY_ASIC,
  expectedOf,
  filterIn,
  forSoLong,
  joulesOf,
  minesProbably,
  poolWords,
  shareLevel,
  shareOf,
  shownLive,
  silenceSentence,
  silenceWords,
  silentSince,
  sortedBy,
  totalsWithSilent,
  whyUnread,
  withinAll,
} from "../../web_static/asics.js";
import { live, row, WAITING } from "./rows.js";

/** @import {Live, Row} from "../../web_static/store.js" */
/** @import {Mining} from "../../web_static/wire.js" */

const NOW = 105;
/** @type {Mining[]} */
const SHA = [{ algorithm: "sha256", hashrate: 100e12, expected: 110e12, pool: "a.example:3333" }];
const SILENCE = { reason: "refuses connections", since: 40, rounds: 3 };
/** @type {Partial<Live>} as the commander says it: at once offline, and no value */
const SILENT = { silence: SILENCE, late_at: 100, offline_at: 100, sampled_at: null, mining: [], values: { power_w: null } };

/** @param {string} name @param {Partial<Live>} [change] @param {Partial<Row>} [more] */
function asic(name, change = {}, more = {}) {
  const told = { kind: /** @type {const} */ ("asic"), model: "Antminer S19", ...more };
  return row(name, { mining: SHA, values: { power_w: 3000 }, ...change }, told);
}

test("efficiency is told in the hashes that are usual for the algorithm", () => {
  assert.equal(efficiencyWords(29.5e-12, { algorithm: "sha256" }), "29.5 J/TH");
  assert.equal(efficiencyWords(0.36e-6, { algorithm: "scrypt" }), "0.36 J/MH");
  assert.equal(efficiencyWords(3.31e-3, { algorithm: "equihash", unit: "Sol/s" }), "3.31 J/kSol");
  assert.equal(efficiencyWords(123e-12, { algorithm: "constructor" }), "123 J/TH");
  assert.equal(efficiencyWords(null, { algorithm: "sha256" }), "–");
});

test("efficiency needs power and a hashrate of one algorithm", () => {
  assert.equal(joulesOf(asic("a").live), 30e-12);
  assert.equal(joulesOf(live({ mining: SHA, values: {} })), null);
  assert.equal(joulesOf(live({ mining: [{ algorithm: "sha256", hashrate: 0 }], values: { power_w: 50 } })), null);
  assert.equal(joulesOf(live({ mining: [...SHA, { algorithm: "scrypt", hashrate: 1 }], values: { power_w: 50 } })), null);
});

test("what is expected is of the whole algorithm or not known", () => {
  assert.equal(shareOf({ mining: SHA }), 100 / 110);
  assert.equal(expectedOf([...SHA, { algorithm: "sha256", hashrate: 1, expected: 10e12 }]), 120e12);
  assert.equal(expectedOf([...SHA, { algorithm: "sha256", hashrate: 1 }]), null);
  assert.equal(shareOf({ mining: [{ algorithm: "sha256", hashrate: null, expected: 1 }] }), null);
  assert.equal(expectedOf([]), null);
  assert.deepEqual([1.1, 0.95, 0.94, 0.8, 0.79].map(shareLevel), ["calm", "calm", "look", "look", "worry"]);
});

test("an ASIC that is silent, or whose edge is, shows no figure; a late edge's figures stand with their age", () => {
  const silent = asic("a", SILENT);
  assert.deepEqual(shownLive(silent, NOW).values, {});
  assert.equal(silenceWords(silent, NOW), "refuses connections");
  assert.equal(silenceSentence(silent, NOW), "it refuses connections");
  const once = asic("a", { ...SILENT, silence: { ...SILENCE, rounds: 1 }, offline_at: 160 });
  assert.equal(silenceWords(once, NOW), "refuses connections; asked again in the next round");
  const away = asic("b");
  assert.deepEqual([shownLive(away, 130).mining, shownLive(away, 170).mining], [SHA, []]);
  assert.deepEqual([NOW, 130, 170].map((now) => silenceWords(away, now)), ["", "", "the edge that reads it does not report"]);
  assert.equal(silenceSentence(away, 170), "the edge that reads it does not report");
  assert.equal(silenceWords(asic("c", WAITING), NOW), "not read yet");
  assert.equal(silenceWords(asic("d", { stopped: true }), NOW), "the edge that reads it was stopped");
  // A rig's last figures stay, marked as old.
  assert.deepEqual(shownLive(row("rig"), 170).values, { cpu_load_pct: 50 });
});

test("since when it is silent", () => {
  assert.equal(silentSince(asic("a", SILENT).live), 40);
  assert.equal(silentSince(asic("a").live), 100);
  assert.deepEqual([forSoLong(40, 105), forSoLong(null, 105), forSoLong(110, 105)], ["for 1 min 5 s", "", "for 0 s"]);
});

test("totals count silent ones among those that should mine, by what they mined or by their model", () => {
  const before = { algorithm: "scrypt", hashrate: 5 };
  const rows = [
    asic("a"),
    asic("b", SILENT),
    asic("c", SILENT, { model: "Antminer L7", mined: before }),
    asic("d", SILENT, { model: "unheard of" }),
    asic("e", { mining: [] }),
  ];
  const { algorithms, power, load } = totalsWithSilent(rows, NOW);
  const told = algorithms.map(({ algorithm, hashrate }) => [algorithm, hashrate.value, hashrate.covered, hashrate.of]);
  assert.deepEqual(told, [["sha256", 100e12, 1, 3], ["scrypt", null, 0, 1]]);
  assert.deepEqual([power.value, power.covered, power.of, load.of], [6000, 2, 5, 0]);
  assert.deepEqual(minesProbably(rows[1] ?? asic("b"), rows), [{ algorithm: "sha256", unit: "H/s", hashrate: null }]);
  assert.deepEqual(minesProbably(rows[3] ?? asic("d"), rows), []);
});

test("the filter is in the address and comes back from it", () => {
  assert.equal(addressOf(EVERY_ASIC), "#/asics");
  const filter = { text: "a b", state: /** @type {const} */ ("late"), model: "M & N", place: "hall 1", tag: "#1", key: "power_w", descending: true };
  const address = addressOf(filter);
  assert.deepEqual(filterIn(new URLSearchParams(address.split("?")[1])), filter);
  assert.deepEqual(filterIn(new URLSearchParams("state=constructor&turned=x&more=1")), EVERY_ASIC);
});

test("the filter leaves what fits all its parts", () => {
  const labels = { place: "hall 1", tags: ["loud"] };
  const rows = [asic("a", {}, { labels }), asic("b", SILENT, { labels }), asic("c", {}, { model: "Whatsminer M50" }), asic("d", {}, { model: null })];
  /** @param {object} part */
  const names = (part) => arrangeAsics(rows, { ...EVERY_ASIC, ...part }, NOW).map(({ name }) => name);
  assert.deepEqual(names({}), ["b", "a", "c", "d"]);
  assert.deepEqual(names({ place: "hall 1", state: "online" }), ["a"]);
  assert.deepEqual(names({ tag: "loud" }), ["b", "a"]);
  assert.deepEqual(names({ model: "Whatsminer M50" }), ["c"]);
  assert.deepEqual(names({ text: "HALL loud" }), ["b", "a"]);
  assert.deepEqual(names({ text: "hall 2" }), []);
  assert.equal(withinAll(rows, { ...EVERY_ASIC, state: "late" }).length, 4);
  assert.deepEqual(choicesOf(rows), { model: ["Antminer S19", "Whatsminer M50"], place: ["hall 1"], tag: ["loud"] });
});

test("every column sorts, and what is not known stands last", () => {
  const worse = [{ algorithm: "sha256", hashrate: 50e12, pool: "b.example:1" }];
  const rows = [asic("a", SILENT), asic("b", { mining: worse }, { model: "A" }), asic("c"), asic("d", { mining: [], values: {} }, { model: null })];
  /** @param {string} key @param {boolean} [descending] */
  const names = (key, descending = false) => arrangeAsics(rows, { ...EVERY_ASIC, key, descending }, NOW).map(({ name }) => name).join("");
  assert.equal(names("efficiency"), "cbad");
  assert.equal(names("efficiency", true), "bcad");
  assert.equal(names("pool"), "cbad");
  assert.equal(names("model"), "bacd");
  assert.equal(names("age", true), "abcd");
  assert.equal(names("hashrate", true), "cbad");
  assert.deepEqual(sortedBy("power_w", EVERY_ASIC), { key: "power_w", descending: true });
  assert.deepEqual(sortedBy("efficiency", EVERY_ASIC), { key: "efficiency", descending: false });
  assert.deepEqual(sortedBy("power_w", { ...EVERY_ASIC, key: "power_w", descending: true }), { descending: false });
});

test("why something is not known is told of the part itself, else of all like it", () => {
  const unread = [{ part: "board_chip_c@board-1", reason: "one" }, { part: "board_chip_c", reason: "all" }, { part: "fan-2", reason: "fan" }];
  assert.equal(whyUnread(unread, "board_chip_c", "board-1"), "one");
  assert.equal(whyUnread(unread, "board_chip_c", "board-0"), "all");
  assert.equal(whyUnread(unread, "fan_rpm", "fan-2"), "fan");
  assert.equal(whyUnread([], "boards"), "the device does not tell it");
});

test("a pool's state is told while its machine answers", () => {
  const pool = { position: 0 };
  assert.equal(poolWords({ ...pool, active: true, alive: true }, true), "in use");
  assert.equal(poolWords({ ...pool, active: true, alive: false }, true), "in use, does not answer");
  assert.equal(poolWords({ ...pool, alive: false }, true), "does not answer");
  assert.equal(poolWords({ ...pool, active: false, alive: true }, true), "answers, not in use");
  assert.equal(poolWords({ ...pool, active: false }, true), "not in use");
  assert.equal(poolWords(pool, true), "–");
  assert.equal(poolWords({ ...pool, active: true }, false), "–");
});
