// How far back the charts look, and what is said of it.

import { dateAndTime, timeOfDay } from "./units.js";

/** @typedef {"1h" | "24h" | "7d" | "30d" | "1y"} Span */

/** Every span in the order of the buttons. */
export const SPANS = /** @type {const} */ ({
  "1h": { short: "1 h", name: "last hour" },
  "24h": { short: "24 h", name: "last 24 hours" },
  "7d": { short: "7 d", name: "last 7 days" },
  "30d": { short: "30 d", name: "last 30 days" },
  "1y": { short: "1 y", name: "last year" },
});

/** The only span that grows with each report; the others are read once. */
export const LIVE_SPAN = "1h";

/** @type {[number, string][]} */
const WIDTHS = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
];

/** @param {string | null} text as in the address @returns {Span} the last hour where it names none */
export function spanOf(text) {
  return text !== null && Object.hasOwn(SPANS, text) ? /** @type {Span} */ (text) : LIVE_SPAN;
}

/** @param {Span} span such as "Last 7 days" */
export function heading(span) {
  const { name } = SPANS[span];
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** @param {number | null} seconds what each step of a chart stands for; "" for single samples */
export function stepWords(seconds) {
  if (seconds === null) return "";
  const [length, unit] = WIDTHS.find(([one]) => seconds >= one && seconds % one === 0) ?? [1, "second"];
  const many = seconds / length;
  return many === 1 ? `1 ${unit}` : `${many} ${unit}s`;
}

/**
 * When charts were read: the time alone while it is still the same day.
 * @param {number} at epoch seconds
 * @param {number} now
 */
export function asOf(at, now) {
  const sameDay = new Date(at * 1000).toDateString() === new Date(now * 1000).toDateString();
  return `as of ${sameDay ? timeOfDay(at).slice(0, 5) : dateAndTime(at)}`;
}
