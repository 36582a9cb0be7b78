// The farm's cadence as a form has it, as the commander takes it, and what it means in words.

/** @import {FarmSettings, FarmView, Pace} from "./wire.js" */

/** @typedef {"default" | "economy" | "own"} Choice */

/**
 * A form that is being filled in: what was typed, not yet understood. Empty limits are the default's.
 * @typedef {object} Draft
 * @property {Choice} choice
 * @property {string} seconds of the own cadence
 * @property {string} late
 * @property {string} offline
 */

/** @typedef {Partial<Record<keyof FarmSettings, string>>} Mistakes what is wrong, by field */

export const ECONOMY_S = 360;
// The commander's rule for limits that nobody set.
const LATE_INTERVALS = 1.5;
const OFFLINE_INTERVALS = 2.5;
const OFFLINE_MIN_S = 30;

/** @type {Draft} */
export const DEFAULT_DRAFT = { choice: "default", seconds: "", late: "", offline: "" };

/** @param {number | null | undefined} seconds */
const typed = (seconds) => (seconds ?? null) === null ? "" : String(seconds);

/** @param {FarmSettings} settings @returns {Draft} */
export function draftOf({ report_interval_s, late_after_s, offline_after_s }) {
  const seconds = report_interval_s ?? null;
  const choice = seconds === null ? "default" : seconds === ECONOMY_S ? "economy" : "own";
  return {
    choice,
    seconds: choice === "own" ? typed(seconds) : "",
    late: typed(late_after_s),
    offline: typed(offline_after_s),
  };
}

/** @param {string} text @returns {number | null} null: it is no number of seconds above 0 */
function secondsIn(text) {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(value) && value > 0 ? value : null;
}

/** @param {Draft} draft @returns {number | null} null: the default */
function intervalOf({ choice, seconds }) {
  if (choice === "own") return secondsIn(seconds);
  return choice === "economy" ? ECONOMY_S : null;
}

/** @param {Draft} draft @returns {FarmSettings} only for a draft without mistakes */
export function settingsOf(draft) {
  return {
    report_interval_s: intervalOf(draft),
    late_after_s: secondsIn(draft.late),
    offline_after_s: secondsIn(draft.offline),
  };
}

/** @param {Draft} draft @returns {Mistakes} what is no number; whether numbers are wise is the commander's to say */
export function mistakesIn({ choice, seconds, late, offline }) {
  /** @type {Mistakes} */
  const found = {};
  if (choice === "own" && secondsIn(seconds) === null) found.report_interval_s = "Give a number of seconds.";
  const notSeconds = "Give a number of seconds, or leave it empty.";
  if (late.trim() && secondsIn(late) === null) found.late_after_s = notSeconds;
  if (offline.trim() && secondsIn(offline) === null) found.offline_after_s = notSeconds;
  return found;
}

/**
 * What a draft comes to. A field that is not understood yet counts as the default.
 * @param {Draft} draft
 * @param {Pace} standard
 * @returns {Omit<Pace, "sample_interval_s">}
 */
export function paceOf(draft, standard) {
  const interval = intervalOf(draft) ?? standard.report_interval_s;
  return {
    report_interval_s: interval,
    late_after_s: secondsIn(draft.late) ?? LATE_INTERVALS * interval,
    offline_after_s: secondsIn(draft.offline) ?? Math.max(OFFLINE_INTERVALS * interval, OFFLINE_MIN_S),
  };
}

/** @param {Draft} draft @param {FarmSettings} settings whether nothing is left to save */
export function isSaved(draft, settings) {
  return isSame(settingsOf(draft), settings);
}

/** @param {FarmSettings} one @param {FarmSettings} other */
export function isSame(one, other) {
  const fields = /** @type {const} */ (["report_interval_s", "late_after_s", "offline_after_s"]);
  return fields.every((field) => (one[field] ?? null) === (other[field] ?? null));
}

/**
 * What the form comes to: while nothing was changed, what the commander itself keeps to.
 * @param {Draft} draft
 * @param {FarmView} farm
 */
export function shownPace(draft, farm) {
  return isSaved(draft, farm.settings) ? farm.pace : paceOf(draft, farm.default);
}
