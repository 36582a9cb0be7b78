// Figures, times and sizes as people read them, each with its exact value for the title.

export const NONE = "–";

// Made once: a list that is scrolled writes thousands of figures a second.
const FIXED = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);
const EXACT = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });

/** @param {number} value @param {0 | 1 | 2} digits */
function fixed(value, digits) {
  return /** @type {Intl.NumberFormat} */ (FIXED[digits]).format(value);
}

/** @param {number} value */
export function count(value) {
  return fixed(value, 0);
}

/** @param {number} value at least three digits of it, without a long tail */
export function scaled(value) {
  return fixed(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

/** @param {number} value @param {number} base @param {string[]} names */
function withPrefix(value, base, names) {
  let step = 0;
  while (value >= base && step < names.length - 1) {
    value /= base;
    step += 1;
  }
  return `${step ? scaled(value) : count(value)} ${names[step]}`;
}

/**
 * Disks and clocks are sold by powers of 1,000, memory by powers of 1,024.
 * @param {number} value
 */
export const hertz = (value) => withPrefix(value, 1000, ["Hz", "kHz", "MHz", "GHz"]);
/** @param {number} value */
export const diskSize = (value) => withPrefix(value, 1000, ["B", "kB", "MB", "GB", "TB", "PB"]);
/** @param {number} value */
export const memorySize = (value) => withPrefix(value, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);

/**
 * By powers of 1,000, as hashrates and power are told.
 * @param {number} value
 * @param {string} unit such as "H/s"
 */
function metric(value, unit) {
  let [shown, step] = [value, 0];
  while (shown >= 999.5 && step < PREFIXES.length - 1) [shown, step] = [shown / 1000, step + 1];
  return `${step === 0 && Number.isInteger(shown) ? count(shown) : scaled(shown)} ${PREFIXES[step]}${unit}`;
}

/** @param {string} unit of a hashrate; answers that of a hashrate for each watt, such as "H/W" */
export function efficiencyUnit(unit) {
  return `${unit.replace("/s", "")}/W`;
}

/** @param {number} value a tenth is enough of what changes each second */
export function byteRate(value) {
  let [shown, step] = [value, 0];
  while (shown >= 999.5 && step < RATES.length - 1) [shown, step] = [shown / 1000, step + 1];
  const tenths = step > 0 && shown < 99.95 && !Number.isInteger(shown) ? 1 : 0;
  return `${fixed(shown, tenths)} ${RATES[step]}`;
}

/**
 * The two largest units of a span, such as "3 d 4 h".
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [d, h, m, s] = [
    Math.floor(whole / 86400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  if (d) return h ? `${count(d)} d ${h} h` : `${count(d)} d`;
  if (h) return m ? `${h} h ${m} min` : `${h} h`;
  if (m) return m < 10 && s ? `${m} min ${s} s` : `${m} min`;
  return `${s} s`;
}

/** @param {number | null} seconds null: it never happened */
export function ago(seconds) {
  return seconds === null ? "never" : `${duration(seconds)} ago`;
}

/**
 * An upper bound that does not flicker with each second, such as "≤ 30 s".
 * @param {number} seconds
 */
export function atMost(seconds) {
  return `≤ ${duration(BOUNDS_S.find((bound) => seconds <= bound) ?? Math.ceil(seconds))}`;
}

/**
 * How long until something, in one unit: "in 6 days".
 * @param {number} seconds
 */
export function until(seconds) {
  if (seconds < 60) return "in a minute";
  const days = Math.round(seconds / 86_400);
  if (days > 1) return `in ${count(days)} days`;
  return seconds >= 3600 ? `in ${Math.floor(seconds / 3600)} h` : `in ${Math.floor(seconds / 60)} min`;
}

/**
 * A cadence: "each minute", "each 6 minutes", "each 5 s".
 * @param {number} seconds
 */
export function each(seconds) {
  if (seconds === 60) return "each minute";
  return seconds > 0 && seconds % 60 === 0 ? `each ${seconds / 60} minutes` : `each ${fixed(seconds, 0)} s`;
}

const RATES = ["B/s", "kB/s", "MB/s", "GB/s", "TB/s"];
const PREFIXES = ["", "k", "M", "G", "T", "P", "E"];
const BOUNDS_S = [5, 10, 15, 20, 30, 60, 90, 120, 180, 300, 600, 900, 1800, 3600];

/** @type {Record<string, (value: number) => string>} */
const BY_UNIT = {
  "%": (value) => `${fixed(value, value > 0 && value < 10 ? 1 : 0)} %`,
  "°C": (value) => `${fixed(value, 0)} °C`,
  Hz: hertz,
  s: duration,
  B: diskSize,
  "B/s": byteRate,
  W: (value) => metric(value, "W"),
  "H/s": (value) => metric(value, "H/s"),
  "Sol/s": (value) => metric(value, "Sol/s"),
  "g/s": (value) => metric(value, "g/s"),
  "I/s": (value) => metric(value, "I/s"),
  "/s": (value) => metric(value, "/s"),
  "B of memory": memorySize,
  rpm: (value) => `${count(value)} rpm`,
  chips: count,
  "H/W": (value) => metric(value, "H/W"),
  "Sol/W": (value) => metric(value, "Sol/W"),
  "": (value) => fixed(value, 2),
};

/**
 * A metric's value in its unit, short enough for a tile; "–" when it was not read.
 * @param {number | null | undefined} value
 * @param {string} unit
 */
export function figure(value, unit) {
  if (value === null || value === undefined) return NONE;
  return (BY_UNIT[unit] ?? ((plain) => `${scaled(plain)} ${unit}`))(value);
}

/**
 * The same value without rounding, as far as a person can use it.
 * @param {number} value
 * @param {string} unit
 */
export function exactly(value, unit) {
  return `${EXACT.format(value)} ${unit}`.trim();
}

/** @param {number} at epoch seconds; answers the time of day in this browser's zone */
export function timeOfDay(at) {
  return new Date(at * 1000).toLocaleTimeString("en-GB");
}

/** @param {number} at epoch seconds */
export function dateAndTime(at) {
  return new Date(at * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** @param {number} at @param {Intl.DateTimeFormatOptions} options */
function dateIn(at, options) {
  return new Date(at * 1000).toLocaleDateString("en-GB", options);
}

/** @param {number} at epoch seconds, such as "5 Mar" */
export function dayOf(at) {
  return dateIn(at, { day: "numeric", month: "short" });
}

/**
 * A stretch of time in as few words as it takes: "5 Mar 12:00–12:10", or "5 Mar" for that whole day.
 * @param {number} from epoch seconds
 * @param {number} to
 */
export function stretchOf(from, to) {
  const [start, end] = [from, to].map((at) => timeOfDay(at).slice(0, 5));
  const [day, last] = [dayOf(from), dayOf(to)];
  if (start === "00:00" && end === "00:00" && to - from < 100_000) return day;
  return day === last ? `${day} ${start}–${end}` : `${day} ${start} – ${last} ${end}`;
}

/**
 * The label of a chart's mark in time: the hour, the day, or the month, by how far the marks are apart.
 * @param {number} at epoch seconds
 * @param {number} step seconds to the next mark
 */
export function tickLabel(at, step) {
  const [time, date] = [timeOfDay(at).slice(0, 5), new Date(at * 1000)];
  if (step < 86_400) return step >= 3600 && time === "00:00" ? dayOf(at) : time;
  if (step < 28 * 86_400) return dayOf(at);
  return dateIn(at, date.getMonth() === 0 ? { year: "numeric" } : { month: "short" });
}

/** @param {number} off seconds that the machine's own clock is ahead */
export function clockWords(off) {
  const way = off > 0 ? "ahead" : "behind";
  return `This machine's own clock is ${count(Math.abs(off))} s ${way}; times shown are corrected`;
}

/**
 * Text that somebody else wrote, amid words in a place that has no elements: a letter that is read from right to
 * left does not turn its neighbours round. Elsewhere it stands in `<bdi>`.
 * @param {string} text
 */
export function isolated(text) {
  return `\u2068${text}\u2069`;
}
