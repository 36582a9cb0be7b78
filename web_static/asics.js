// What is particular to ASICs: their efficiency and silence in words, their list's filter, and totals that know of silent ones.

import { mainOf, unitOf } from "./mining.js";
import { arrange, DEFAULT_ARRANGEMENT } from "./order.js";
import { STATES, stateOf } from "./state.js";
import { totalsOf } from "./totals.js";
import { duration, NONE, scaled } from "./units.js";

/** @import {Arrangement} from "./order.js" */
/** @import {State} from "./state.js" */
/** @import {Live, Row} from "./store.js" */
/** @import {Totals} from "./totals.js" */
/** @import {Mining, Pool, Unread} from "./wire.js" */

/** `model`, `place`, `tag`: "" for any. @typedef {Arrangement & {model: string, place: string, tag: string}} Filter */

/** The values that each part of the filter can have. @typedef {{model: string[], place: string[], tag: string[]}} Choices */

/** @type {Filter} */
export const EVERY_ASIC = { ...DEFAULT_ARRANGEMENT, model: "", place: "", tag: "" };
const PARTS = /** @type {const} */ (["text", "model", "place", "tag"]);
// Columns that begin with the smallest: names, and what is the better the less there is of it.
const RISING = ["attention", "name", "model", "pool", "efficiency", "fan_slowest_rpm"];
const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** By so many hashes people tell what an ASIC takes. @type {Record<string, [number, string]>} */
const SCALES = {
  "": [1, ""],
  k: [1e3, "k"],
  M: [1e6, "M"],
  G: [1e9, "G"],
  T: [1e12, "T"],
};
/** @type {Record<string, string>} */
const USUAL = {
  sha256: "T",
  sha512256d: "G",
  kheavyhash: "G",
  blake3: "G",
  blake2s: "T",
  blake2b: "T",
  blake256r14: "T",
  eaglesong: "T",
  handshake: "G",
  x11: "G",
  scrypt: "M",
  ethash: "M",
  zksnark: "M",
  equihash: "k",
};

/** @param {Row} row */
export function isAsic({ kind }) {
  return kind === "asic";
}

/**
 * What an ASIC takes for its hashes, in the unit that is usual for the algorithm: "29.5 J/TH".
 * @param {number | null} joules for each hash
 * @param {Pick<Mining, "algorithm" | "unit">} mining
 */
export function efficiencyWords(joules, { algorithm, unit }) {
  if (joules === null) return NONE;
  const [hashes, prefix] = scaleOf(algorithm);
  return `${scaled(joules * hashes)} J/${prefix}${(unit ?? "H/s").replace("/s", "")}`;
}

/** @param {string} algorithm @returns {[number, string]} */
function scaleOf(algorithm) {
  return SCALES[(Object.hasOwn(USUAL, algorithm) && USUAL[algorithm]) || "T"] ?? [1, ""];
}

/** @param {Live} live @returns {number | null} joules for each hash; null where either is unknown, or several algorithms share the power */
export function joulesOf({ mining, values }) {
  const [main, power] = [mainOf(mining), values.power_w ?? null];
  const alone = mining.every(({ algorithm }) => algorithm === main?.algorithm);
  return main?.hashrate && power !== null && alone ? power / main.hashrate : null;
}

/** @param {Mining[]} mining @returns {number | null} the hashrate that the machine itself says it should have */
export function expectedOf(mining) {
  const main = mining.filter(({ algorithm }) => algorithm === mining[0]?.algorithm);
  const known = main.flatMap(({ expected }) => expected ?? []);
  return known.length && known.length === main.length ? known.reduce((sum, one) => sum + one, 0) : null;
}

/** @param {Pick<Live, "mining">} live @returns {number | null} what it mines, as a part of what it should */
export function shareOf({ mining }) {
  const [rate, expected] = [mainOf(mining)?.hashrate ?? null, expectedOf(mining)];
  return rate !== null && expected ? rate / expected : null;
}

/** @param {number} share @returns {"calm" | "look" | "worry"} */
export function shareLevel(share) {
  return share < 0.8 ? "worry" : share < 0.95 ? "look" : "calm";
}

/**
 * What may be shown of a machine: an ASIC that is offline has no figures, whatever was last known of it.
 * @param {Row} row
 * @param {number} now
 * @returns {Live}
 */
export function shownLive(row, now) {
  const { live } = row;
  const silent = live.silence !== null || !["online", "late"].includes(stateOf(live, now));
  return isAsic(row) && silent ? { ...live, mining: [], values: {} } : live;
}

/**
 * Why no figures are shown of an ASIC; "" where there are some. A device's own reason follows its name: "refuses connections".
 * @param {Row} row
 * @param {number} now
 */
export function silenceWords({ live }, now) {
  const state = stateOf(live, now);
  if (live.silence) return `${live.silence.reason || "gives no answer"}${state === "late" ? "; asked again in the next round" : ""}`;
  if (state === "waiting") return "not read yet";
  if (state === "stopped") return "the edge that reads it was stopped";
  return state === "offline" ? "the edge that reads it does not report" : "";
}

/** @param {Row} row @param {number} now @returns {string} the same amid a sentence: "it refuses connections" */
export function silenceSentence(row, now) {
  const words = silenceWords(row, now);
  return row.live.silence ? `it ${words}` : words;
}

/** @param {Live} live @returns {number | null} since when nothing is known of it; null where its reports come */
export function silentSince({ silence, received_at }) {
  return silence ? silence.since : received_at;
}

/** @param {number | null} since @param {number} now such as "for 12 min" */
export function forSoLong(since, now) {
  return since === null ? "" : `for ${duration(Math.max(0, now - since))}`;
}

/**
 * The ASICs to show.
 * @param {Row[]} rows
 * @param {Filter} filter
 * @param {number} now
 */
export function arrangeAsics(rows, filter, now) {
  return arrange(withinAll(rows, filter), filter, now, sortFigure);
}

/** @param {Row[]} rows @param {Filter} filter @returns {Row[]} whatever their state is: totals are of these */
export function withinAll(rows, { model, place, tag, text }) {
  const sought = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (!model || row.model === model) &&
      (!place || row.labels.place === place) &&
      (!tag || (row.labels.tags ?? []).includes(tag)) &&
      sought.every((word) => row.words.includes(word)),
  );
}

/** @param {Row} row @param {string} key @param {number} now @returns {number | string | null | undefined} undefined: no such key here */
function sortFigure(row, key, now) {
  if (key === "model") return row.model;
  if (key !== "efficiency" && key !== "pool") return undefined;
  if (stateOf(row.live, now) !== "online") return null;
  return key === "pool" ? (row.live.mining[0]?.pool ?? null) : joulesOf(row.live);
}

/** @param {string} key @param {Filter} present @returns {Partial<Filter>} the same column again turns round */
export function sortedBy(key, present) {
  if (present.key === key) return { descending: !present.descending };
  return { key, descending: !RISING.includes(key) };
}

/** @param {Row[]} rows @returns {Choices} */
export function choicesOf(rows) {
  const sorted = (/** @type {string[]} */ all) => [...new Set(all)].filter(Boolean).sort(COLLATOR.compare);
  return {
    model: sorted(rows.map(({ model }) => model ?? "")),
    place: sorted(rows.map(({ labels }) => labels.place ?? "")),
    tag: sorted(rows.flatMap(({ labels }) => labels.tags ?? [])),
  };
}

/** @param {URLSearchParams} query of the address, which anybody may have typed @returns {Filter} */
export function filterIn(query) {
  const state = query.get("state") ?? "";
  const told = Object.fromEntries(PARTS.map((part) => [part, query.get(part) ?? ""]));
  return {
    ...EVERY_ASIC,
    ...told,
    state: Object.hasOwn(STATES, state) ? /** @type {State} */ (state) : null,
    key: query.get("sort") || EVERY_ASIC.key,
    descending: query.get("turned") === "1",
  };
}

/** @param {Filter} filter @returns {string} the address of the list so filtered and sorted */
export function addressOf({ state, key, descending, ...filter }) {
  const parts = PARTS.map((part) => [part, filter[part]]);
  const sort = key === EVERY_ASIC.key ? "" : key;
  const all = [...parts, ["state", state ?? ""], ["sort", sort], ["turned", descending ? "1" : ""]];
  const query = new URLSearchParams(all.filter(([, value]) => value).map(([part = "", value]) => [part, value ?? ""]));
  return query.size ? `#/asics?${query}` : "#/asics";
}

/**
 * Totals in which silent machines count among those that should mine, though they tell of nothing: by what they
 * mined before, else by what others of their model do.
 * @param {Row[]} rows
 * @param {number} now
 * @returns {Totals}
 */
export function totalsWithSilent(rows, now) {
  const known = minedByModel(rows);
  return totalsOf(rows.map((row) => withKnown(row, known)), now);
}

/** @param {Row} row @param {Map<string, Mining>} known */
function withKnown(row, known) {
  if (!isAsic(row) || row.live.mining.length) return row;
  return { ...row, live: { ...row.live, mining: minesOf(row, known) } };
}

/** @param {Row} row @param {Map<string, Mining>} known @returns {Mining[]} its algorithm, without a hashrate */
function minesOf({ mined, model }, known) {
  const found = mined ?? known.get(model ?? "");
  if (!found) return [];
  const rows = withoutRate.get(found) ?? [{ algorithm: found.algorithm, unit: unitOf(found), hashrate: null }];
  withoutRate.set(found, rows);
  return rows;
}

// One and the same each second, so that what is made of it is not made anew.
/** @type {WeakMap<Mining, Mining[]>} */
const withoutRate = new WeakMap();

/** @param {Row} row a silent one @param {Iterable<Row>} rows @returns {Mining[]} what it mines, as far as the others tell */
export function minesProbably(row, rows) {
  return minesOf(row, minedByModel(rows));
}

/** @param {Iterable<Row>} rows @returns {Map<string, Mining>} */
function minedByModel(rows) {
  /** @type {Map<string, Mining>} */
  const known = new Map();
  for (const { model, mined, kind } of rows) if (kind === "asic" && mined && model && !known.has(model)) known.set(model, mined);
  return known;
}

/**
 * Why a figure of a board, a fan or the machine is not known.
 * @param {Unread[]} unread
 * @param {string} metric
 * @param {string} [device] such as "board-0"
 */
export function whyUnread(unread, metric, device) {
  const wanted = device ? [`${metric}@${device}`, metric, device] : [metric];
  const found = wanted.flatMap((part) => unread.find((one) => one.part === part) ?? [])[0];
  return found?.reason ?? "the device does not tell it";
}

/** @param {Pool} pool @param {boolean} current whether the machine answers now @returns {string} */
export function poolWords({ active, alive }, current) {
  if (!current) return NONE;
  if (active) return alive === false ? "in use, does not answer" : "in use";
  if (alive === false) return "does not answer";
  return alive ? "answers, not in use" : active === false ? "not in use" : NONE;
}
