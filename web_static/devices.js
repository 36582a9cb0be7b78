// The cards of a machine and their figures, and the lines that charts draw of devices and algorithms.

import { unitOf } from "./mining.js";

/** @import {AgentKind, Device, History, MachineView, Metric, Mining} from "./wire.js" */

/**
 * @typedef {object} Card
 * @property {string} device its id
 * @property {string} label short: where it sits, such as "01:00"
 * @property {Device | null} known null: only figures tell of it
 */

/**
 * One line of a chart: a series by its name, and the place that gives it its colour.
 * @typedef {{name: string, label: string, place: number}} Line
 */

/** A chart of one metric, with its lines. @typedef {{metric: Metric, lines: Line[]}} Lines */

/** So many lines a person can tell apart. */
export const LINES_MOST = 8;
const HOTTEST = "gpu_hottest_c";
// What an ASIC tells as a whole, in the order of its page; the last ones no rig has.
const OF_ASICS = ["power_w", "uptime_s", "chip_hottest_c", "fan_slowest_rpm", "coolant_temperature_c", "readings"];
const ASICS_ALONE = OF_ASICS.slice(2);
// What an ASIC tells beside its hashrate, in the same chart.
const BESIDE = /** @type {const} */ ([["average_hashrate", "average"], ["expected_hashrate", "expected"]]);

/** @param {string} name as the wire has it: the metric, or metric@subject @returns {[string, string]} */
export function splitName(name) {
  const at = name.indexOf("@");
  return at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 1)];
}

/** @param {string} address as in "0000:01:00.0" @returns {string} without what is the same on nearly every rig */
export function shortAddress(address) {
  return address.replace(/^0000:/, "").replace(/\.0$/, "");
}

/** @param {Device | null} known @param {string} device */
function labelOf(known, device) {
  return known?.address ? shortAddress(known.address) : (known?.name ?? partLabel(device));
}

/** @param {string} device of an ASIC, such as "board-0" @returns {string} "Board 0"; another device's id as it is */
function partLabel(device) {
  const [, kind, place] = /^(board|fan)-(\d+)$/.exec(device) ?? [];
  return kind ? `${kind === "fan" ? "Fan" : "Board"} ${place}` : device;
}

/** @param {Metric[]} metrics @returns {Metric[]} those of a machine as a whole */
export function ofMachine(metrics) {
  return metrics.filter(({ of = "machine" }) => of === "machine");
}

/** @param {Metric[]} metrics @returns {Metric[]} */
export function ofDevices(metrics) {
  return metrics.filter(({ of }) => of === "device");
}

/**
 * The cards in the order of their slots. Those that only figures tell of stand last.
 * @param {Metric[]} metrics
 * @param {Pick<MachineView, "specs" | "values">} view
 * @returns {Card[]}
 */
export function cardsOf(metrics, { specs, values }) {
  const known = new Map((specs?.devices ?? []).map((one) => [one.device, one]));
  const ids = new Set([...known.keys(), ...subjectsOf(ofDevices(metrics), Object.keys(values ?? {}))]);
  const numbered = (/** @type {string} */ device) => device.replace(/\d+$/, (place) => place.padStart(3, "0"));
  const order = (/** @type {Card} */ card) => card.known?.address ?? `~${numbered(card.device)}`;
  return [...ids]
    .map((device) => ({ device, known: known.get(device) ?? null, label: labelOf(known.get(device) ?? null, device) }))
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** @param {Metric[]} metrics @param {string[]} names of series @returns {string[]} each subject of these metrics once */
function subjectsOf(metrics, names) {
  const wanted = new Set(metrics.map(({ name }) => name));
  return [...new Set(names.map(splitName).filter(([metric]) => wanted.has(metric)).map(([, subject]) => subject))];
}

/**
 * The figures of a machine as a whole that concern it: nothing of cards where it has none.
 * @param {Metric[]} metrics
 * @param {Card[]} cards
 * @param {AgentKind} kind
 */
export function concerning(metrics, cards, kind) {
  const all = ofMachine(metrics);
  if (kind === "asic") return OF_ASICS.flatMap((name) => all.filter((metric) => metric.name === name));
  return all.filter(({ name }) => !ASICS_ALONE.includes(name) && (name !== HOTTEST || cards.length > 0));
}

/** @param {Mining[]} mining @param {string} [algorithm] the first where none is named @returns {string} how its hashrate is told */
export function hashUnit(mining, algorithm) {
  const row = algorithm === undefined ? mining[0] : mining.find((one) => one.algorithm === algorithm);
  return row ? unitOf(row) : "/s";
}

/**
 * A metric of devices with the unit that people use for it: memory counts by 1,024, hashrates by their algorithm.
 * @param {Metric} metric
 * @param {Mining[]} mining
 * @returns {Metric}
 */
export function shownMetric(metric, mining) {
  if (metric.name === "gpu_hashrate" || metric.name === "board_hashrate") return { ...metric, unit: hashUnit(mining) };
  if (metric.name === "board_chips") return { ...metric, unit: "chips" };
  return metric.name === "gpu_memory_used_bytes" ? { ...metric, unit: "B of memory" } : metric;
}

/** @param {History} history @param {string} name @returns {boolean} whether it was read at all */
function wasRead({ values }, name) {
  return values[name]?.some((value) => value !== null) ?? false;
}

/**
 * A chart for each algorithm that was mined.
 * @param {Metric[]} metrics
 * @param {History} history
 * @param {Mining[]} mining
 * @returns {Lines[]}
 */
export function hashrateLines(metrics, history, mining) {
  const metric = metrics.find(({ name }) => name === "hashrate");
  if (!metric) return [];
  const mined = subjectsOf([metric], Object.keys(history.values)).filter((one) => wasRead(history, `hashrate@${one}`));
  return mined.sort().map((algorithm) => {
    const name = `hashrate@${algorithm}`;
    const shown = { ...metric, name, label: `Hashrate ${algorithm}`, unit: hashUnit(mining, algorithm) };
    const beside = BESIDE.map(([other, label], i) => ({ name: `${other}@${algorithm}`, label, place: i + 1 }));
    const read = beside.filter((line) => wasRead(history, line.name));
    return { metric: shown, lines: [{ name, label: read.length ? "now" : "", place: 0 }, ...read] };
  });
}

/**
 * A chart for each metric that was read of any of these cards, with a line for each of them.
 * @param {Metric[]} metrics
 * @param {History} history
 * @param {Mining[]} mining
 * @param {Card[]} cards
 * @param {(card: Card) => boolean} shown
 * @returns {Lines[]}
 */
export function deviceLines(metrics, history, mining, cards, shown) {
  const charts = ofDevices(metrics).map((metric) => {
    const lines = cards.map((card, place) => ({ name: `${metric.name}@${card.device}`, label: card.label, place }));
    const read = lines.filter(({ name }, place) => shown(/** @type {Card} */ (cards[place])) && wasRead(history, name));
    return { metric: shownMetric(metric, mining), lines: read };
  });
  return charts.filter(({ lines }) => lines.length > 0);
}

/** @param {Card[]} cards @param {string} subject of an event @returns {string} the card's label, else the subject as it is */
export function subjectWords(cards, subject) {
  const card = cards.find(({ device, known }) => device === subject || (known?.address ?? "") === subject);
  return subject && (card?.label ?? shortAddress(subject));
}

/**
 * What could not be read, told once for all the cards that it is true of.
 * @typedef {{label: string, of: string[], reason: string}} Missing
 */

/**
 * @param {Metric[]} metrics
 * @param {Card[]} cards
 * @param {{part: string, reason: string}[]} unread
 * @returns {Missing[]}
 */
export function missingOf(metrics, cards, unread) {
  const labels = new Map(metrics.map(({ name, label }) => [name, label]));
  /** @type {Map<string, Missing>} */
  const found = new Map();
  for (const { part, reason } of unread) {
    const [metric, subject] = splitName(part);
    const one = found.get(`${metric}\n${reason}`) ?? { label: labels.get(metric) ?? metric, of: [], reason };
    if (subject) one.of.push(subjectWords(cards, subject));
    found.set(`${metric}\n${reason}`, one);
  }
  return [...found.values()];
}
