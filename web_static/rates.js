// Counters as people read them: their growth per second between the last two live values.

/** @import {Metric} from "./wire.js" */
/** @import {Live, Row} from "./store.js" */

/** @param {Metric} metric */
export function isCounter({ roll_up }) {
  return roll_up === "increase";
}

/** @param {Metric} metric the unit of what is shown of it */
export function shownUnit(metric) {
  return isCounter(metric) ? `${metric.unit}/s` : metric.unit;
}

/** @param {Metric} metric the name of its chart */
export function chartTitle(metric) {
  return isCounter(metric) ? `${metric.label} per second` : metric.label;
}

/** @param {number} before @param {number} after what a counter grew by; one that fell began anew at 0 */
export function increase(before, after) {
  return after >= before ? after - before : after;
}

/**
 * Samples further apart than this are no "present" rate: the silence after which a machine is offline.
 * @param {Live} live
 */
function gapOf({ received_at, offline_at }) {
  return received_at === null || offline_at === null ? Infinity : offline_at - received_at;
}

/**
 * A counter's growth per second; null until two values are known that no silence parts.
 * @param {string} metric
 * @param {Live} live
 * @param {Live | null} before
 */
export function rate(metric, live, before) {
  const [count, earlier] = [live.values[metric] ?? null, before?.values[metric] ?? null];
  const seconds = (live.sampled_at ?? NaN) - (before?.sampled_at ?? NaN);
  if (count === null || earlier === null || !(seconds > 0 && seconds <= gapOf(live))) return null;
  return increase(earlier, count) / seconds;
}

/**
 * A machine's live values as they are shown: counters as rates, the rest as it is.
 * @param {Metric[]} metrics
 * @param {Row} row
 * @returns {Record<string, number | null>}
 */
export function shownValues(metrics, { live, before }) {
  const counters = metrics.filter(isCounter);
  const rates = counters.map(({ name }) => [name, rate(name, live, before)]);
  return { ...live.values, ...Object.fromEntries(rates) };
}
