// A machine's history as a chart needs it: samples or steps, with gaps kept as gaps and late ones known.

/** @import {History} from "./wire.js" */

export const LIVE_SPAN_S = 3600;

/**
 * @typedef {object} Series
 * @property {number | null} resolution_s the width of each step; null: single samples
 * @property {number} from_at
 * @property {number} to_at
 * @property {number} gap_s
 * @property {number[]} at epoch seconds, ascending
 * @property {Record<string, (number | null)[]>} values
 * @property {number[]} late
 */

/** Times, and for each line its values. @typedef {[number[], ...(number | null)[][]]} Columns */

/**
 * `history` with the newest sample, when that is newer, and without what is older than the live span.
 * @template {Series | History} T
 * @param {T} history
 * @param {{sampled_at: number | null, values: Record<string, number | null>}} live counters as rates
 * @returns {T}
 */
export function extended(history, live) {
  const { at, values, late } = history;
  const latest = at.at(-1) ?? history.from_at;
  if (live.sampled_at === null || live.sampled_at <= latest) return history;
  const oldest = live.sampled_at - LIVE_SPAN_S;
  const kept = at.findIndex((time) => time >= oldest);
  const from = kept < 0 ? at.length : kept;
  /** @type {Record<string, (number | null)[]>} */
  const longer = {};
  for (const metric of new Set([...Object.keys(values), ...Object.keys(live.values)])) {
    const column = values[metric] ?? at.map(() => null);
    longer[metric] = [...column.slice(from), live.values[metric] ?? null];
  }
  const still = late.filter((time) => time >= oldest);
  return { ...history, at: [...at.slice(from), live.sampled_at], values: longer, late: still };
}

/**
 * `history` with figures that came after their sample was appended, where that sample is known.
 * @template {Series | History} T
 * @param {T} history
 * @param {{sampled_at: number | null, values: Record<string, number | null>}} more
 * @returns {T}
 */
export function filled(history, { sampled_at, values }) {
  const place = sampled_at === null ? -1 : history.at.lastIndexOf(sampled_at);
  if (place < 0) return history;
  const longer = { ...history.values };
  for (const [name, value] of Object.entries(values)) {
    longer[name] = (longer[name] ?? history.at.map(() => null)).with(place, value);
  }
  return { ...history, values: longer };
}

/** @param {Series} series @param {number | null} at whether silence parts this sample from the newest known */
export function afterGap(series, at) {
  const latest = series.at.at(-1);
  return latest !== undefined && at !== null && at - latest > series.gap_s;
}

/**
 * The times and values of some lines as they are drawn.
 * @param {Series} series
 * @param {...string} names
 * @returns {Columns}
 */
export function drawn(series, ...names) {
  return series.resolution_s === null
    ? withGaps(series, ...names)
    : withSteps(series, series.resolution_s, names);
}

/**
 * Times and values, with a null in the midst of every silence longer than `gap_s`: a line across it
 * would claim what nobody measured. Figures of cards and algorithms come a moment after the machine's
 * own: a sample that has none of these yet is passed over.
 * @param {Pick<Series, "at" | "values" | "gap_s">} series
 * @param {...string} names
 * @returns {Columns}
 */
export function withGaps({ at, values, gap_s }, ...names) {
  const columns = names.map((name) => values[name] ?? []);
  const needed = names.some((name) => name.includes("@"));
  const rows = new Rows(names.length);
  at.forEach((time, i) => {
    const row = columns.map((column) => column[i] ?? null);
    if (needed && row.every((value) => value === null)) return;
    rows.part(time, gap_s);
    rows.add(time, row);
  });
  return rows.columns;
}

/**
 * Both ends of the lines' steps, and a null in the midst of every gap; the step under way ends now.
 * @param {Series} series
 * @param {number} width
 * @param {string[]} names
 * @returns {Columns}
 */
function withSteps({ at, values, gap_s, to_at }, width, names) {
  const rows = new Rows(names.length);
  at.forEach((start, i) => {
    const row = names.map((name) => values[name]?.[i] ?? null);
    if (row.every((value) => value === null)) return;
    rows.part(start, gap_s - width);
    rows.add(start, row);
    rows.add(Math.max(start, Math.min(start + width, to_at)), row);
  });
  return rows.columns;
}

/** Columns that grow row by row. */
class Rows {
  /** @type {Columns} */
  columns;

  /** @param {number} lines */
  constructor(lines) {
    this.columns = [[], ...Array.from({ length: lines }, () => [])];
  }

  /** @param {number} time @param {(number | null)[]} row */
  add(time, row) {
    const [times, ...figures] = this.columns;
    times.push(time);
    figures.forEach((column, line) => column.push(row[line] ?? null));
  }

  /** @param {number} time of the next row @param {number} gap_s after more than this much silence no line is drawn to it */
  part(time, gap_s) {
    const before = this.columns[0].at(-1);
    if (before !== undefined && time - before > gap_s) this.add((before + time) / 2, []);
  }
}

/**
 * The step that a time lies in, as its place in `at`; -1 where there is none.
 * @param {Series} series
 * @param {number} time
 */
export function stepAt({ at, resolution_s }, time) {
  const place = at.findLastIndex((start) => start <= time);
  return time < (at[place] ?? -Infinity) + (resolution_s ?? 0) ? place : -1;
}

/**
 * The stretches of time whose samples arrived late, neighbours joined.
 * @param {Series} series
 * @returns {[number, number][]}
 */
export function lateStretches({ late, gap_s, resolution_s }) {
  /** @type {[number, number][]} */
  const stretches = [];
  for (const from of late) {
    const [last, to] = [stretches.at(-1), from + (resolution_s ?? 0)];
    const joined = last && from - (last[1] - (resolution_s ?? 0)) <= gap_s;
    if (joined) last[1] = to;
    else stretches.push([from, to]);
  }
  return stretches;
}

/**
 * The places of values that stand alone: a line cannot show them, so they are drawn as points.
 * @param {ArrayLike<number | null | undefined>} figures
 * @param {number} [most] how many values in a row still count as alone: a single step has two
 * @returns {number[]}
 */
export function lonely(figures, most = 1) {
  const places = [];
  let start = 0;
  for (let i = 0; i <= figures.length; i += 1) {
    if ((figures[i] ?? null) !== null) continue;
    if (i > start && i - start <= most) places.push(start);
    start = i + 1;
  }
  return places;
}
