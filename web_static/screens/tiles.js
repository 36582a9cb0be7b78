// Every figure of a machine with its age, or why it is not known.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { cardsOf, missingOf } from "../devices.js";
import { isCounter, shownUnit, shownValues } from "../rates.js";
import { ageOf } from "../state.js";
import { ago, exactly, figure, NONE } from "../units.js";
import { bar } from "./marks.js";

/** @import {Live, Row} from "../store.js" */
/** @import {MachineView, Metric} from "../wire.js" */

/** @param {Metric[]} metrics @param {Row} row @param {MachineView} view @param {number} now */
export function tiles(metrics, row, view, now) {
  const shown = shownValues(metrics, row);
  return powerFirst(metrics).map((metric) => tile(metric, row.live, shown[metric.name] ?? null, view, now));
}

const FIRST = ["power_w", "gpu_hottest_c"];

/** @param {Metric[]} metrics what a machine takes stands beside what it mines */
function powerFirst(metrics) {
  const first = metrics.filter(({ name }) => FIRST.includes(name));
  return [...first, ...metrics.filter(({ name }) => !FIRST.includes(name))];
}

/**
 * @param {Metric} metric
 * @param {Live} live
 * @param {number | null} value as it is shown: counters as their rate
 * @param {MachineView} view
 * @param {number} now
 */
function tile(metric, live, value, view, now) {
  const { name, label, help } = metric;
  const reason = value === null ? whyUnread(metric, live, view) : "";
  return html`<div class="tile card" title=${help}>
    <span class="label">${label}</span>
    <b data-testid="value-${name}" title=${value === null ? reason : exactFigure(metric, live, value)}
      >${value === null ? NONE : figure(value, shownUnit(metric))}</b
    >
    ${bar(name, value)}
    <bdi class="muted">${value === null ? reason : ago(ageOf(live, now))}</bdi>
  </div>`;
}

/** @param {Metric} metric @param {Live} live @param {number} value as it is shown */
function exactFigure(metric, live, value) {
  const exact = exactly(value, shownUnit(metric));
  if (!isCounter(metric)) return exact;
  return `${exact}; the counter stands at ${exactly(live.values[metric.name] ?? 0, metric.unit)}`;
}

/** @param {Metric} metric @param {Live} live @param {MachineView} view */
function whyUnread({ name }, live, view) {
  if (live.received_at === null) return "nothing reported yet";
  if ((live.values[name] ?? null) !== null) return "known after the next report";
  return view.unread?.find(({ part }) => part === name)?.reason ?? "not read in the last report";
}

/**
 * A metric that was read since is no longer unread.
 * @param {Metric[]} metrics
 * @param {MachineView} view
 * @param {Live} live
 */
export function unreadView(metrics, view, live) {
  const unread = (view.unread ?? []).filter(({ part }) => (live.values[part] ?? view.values?.[part] ?? null) === null);
  if (live.received_at === null) return html`<p class="muted">Nothing was reported yet.</p>`;
  if (!unread.length) return html`<p class="muted">Everything could be read.</p>`;
  const cards = cardsOf(metrics, view);
  return html`<dl class="facts" data-testid="unread">
    ${missingOf(metrics, cards, unread).map(
      ({ label, of, reason }) => html`<dt><bdi>${label}</bdi>${of.length ? html` of <bdi>${ofWords(of, cards.length)}</bdi>` : nothing}</dt><dd>${reason}</dd>`,
    )}
  </dl>`;
}

/** @param {string[]} of labels of cards @param {number} cards how many there are */
function ofWords(of, cards) {
  return of.length > 1 && of.length === cards ? "all cards" : of.join(", ");
}
