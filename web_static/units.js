// Figures, times and sizes as people read them, each with its exact value for the title.

export const NONE = "–";

/** @param {number} value @param {number} digits */
function fixed(value, digits) {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param {number} value */
export function count(value) {
  return fixed(value, 0);
}

/** @param {number} value at least three digits of it, without a long tail */
function scaled(value) {
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

/** @type {Record<string, (value: number) => string>} */
const BY_UNIT = {
  "%": (value) => `${fixed(value, value > 0 && value < 10 ? 1 : 0)} %`,
  "°C": (value) => `${fixed(value, 0)} °C`,
  Hz: hertz,
  s: duration,
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
  return `${value.toLocaleString("en", { maximumFractionDigits: 3 })} ${unit}`.trim();
}

/** @param {number} at epoch seconds; answers the time of day in this browser's zone */
export function timeOfDay(at) {
  return new Date(at * 1000).toLocaleTimeString("en-GB");
}

/** @param {number} at epoch seconds */
export function dateAndTime(at) {
  return new Date(at * 1000).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}
