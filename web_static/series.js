// A machine's last hour as a chart needs it: columns of samples, with gaps kept as gaps.

/** @import {History} from "./wire.js" */
/** @import {Live} from "./store.js" */

export const SPAN_S = 3600;

/**
 * @typedef {object} Series
 * @property {number} gap_s
 * @property {number[]} at epoch seconds, ascending
 * @property {Record<string, (number | null)[]>} values
 */

/**
 * `history` with the newest sample, when that is newer, and without what is older than the span.
 * @template {Series | History} T
 * @param {T} history
 * @param {Live} live
 * @returns {T}
 */
export function extended(history, live) {
  const { at, values } = history;
  const latest = at.at(-1) ?? -Infinity;
  if (live.sampled_at === null || live.sampled_at <= latest) return history;
  const oldest = live.sampled_at - SPAN_S;
  const kept = at.findIndex((time) => time >= oldest);
  const from = kept < 0 ? at.length : kept;
  /** @type {Record<string, (number | null)[]>} */
  const longer = {};
  for (const metric of new Set([...Object.keys(values), ...Object.keys(live.values)])) {
    const column = values[metric] ?? at.map(() => null);
    longer[metric] = [...column.slice(from), live.values[metric] ?? null];
  }
  return { ...history, at: [...at.slice(from), live.sampled_at], values: longer };
}

/**
 * One metric's times and values, with a null in the midst of every silence longer than `gap_s`:
 * a line across it would claim what nobody measured.
 * @param {Series} series
 * @param {string} metric
 * @returns {[number[], (number | null)[]]}
 */
export function withGaps({ at, values, gap_s }, metric) {
  const column = values[metric] ?? [];
  /** @type {[number[], (number | null)[]]} */
  const [times, figures] = [[], []];
  at.forEach((time, i) => {
    const before = at[i - 1];
    if (before !== undefined && time - before > gap_s) {
      times.push((before + time) / 2);
      figures.push(null);
    }
    times.push(time);
    figures.push(column[i] ?? null);
  });
  return [times, figures];
}

/**
 * The places of values without a neighbour: a line cannot show them, so they are drawn as points.
 * @param {ArrayLike<number | null | undefined>} figures
 * @returns {number[]}
 */
export function lonely(figures) {
  const places = [];
  for (let i = 0; i < figures.length; i += 1) {
    const alone = (figures[i - 1] ?? null) === null && (figures[i + 1] ?? null) === null;
    if (alone && (figures[i] ?? null) !== null) places.push(i);
  }
  return places;
}
