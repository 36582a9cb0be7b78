// The table of a machine's cards: what each is and what it does now, or why that is not known.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { cardsOf, missingOf, ofDevices, shownMetric } from "../devices.js";
import { ageOf } from "../state.js";
import { ago, exactly, figure, memorySize } from "../units.js";
import { bar } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Card} from "../devices.js" */
/** @import {Row} from "../store.js" */
/** @import {MachineView, Metric} from "../wire.js" */

/** @type {Record<string, string>} */
const HEADS = {
  gpu_temperature_c: "Core",
  gpu_hot_spot_temperature_c: "Hot spot",
  gpu_memory_temperature_c: "Memory",
  gpu_fan_pct: "Fan",
  gpu_power_w: "Power",
  gpu_core_clock_hz: "Core clock",
  gpu_memory_clock_hz: "Memory clock",
  gpu_load_pct: "Load",
  gpu_memory_used_bytes: "Memory used",
  gpu_hashrate: "Hashrate",
};

/** @param {App} app @param {Row} row @param {MachineView} view @param {number} now nothing where there is no card */
export function cardsSection(app, row, view, now) {
  const cards = cardsOf(app.metrics, view);
  if (!cards.length) return nothing;
  const read = ofDevices(app.metrics).filter(({ name }) => cards.some((card) => valueOf(view, name, card) !== null));
  return html`<section aria-labelledby="cards-title">
    <div class="charts-heading">
      <h2 id="cards-title">Cards</h2>
      <span class="muted" data-testid="cards-age">${ago(ageOf({ ...row.live, received_at: view.live.received_at[0] ?? null }, now))}</span>
    </div>
    <table class="card cards" role="table" aria-label="Cards" data-testid="cards">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader">Card</th>
          ${read.map((metric) => html`<th role="columnheader" title=${metric.help}>${HEADS[metric.name] ?? metric.label}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${cards.map((card) => cardRow(app, view, card, read.map((metric) => shownMetric(metric, row.live.mining))))}
      </tbody>
    </table>
    ${missingNote(app.metrics, view, cards, read)}
  </section>`;
}

/** @param {MachineView} view @param {string} metric @param {Card} card */
function valueOf({ values }, metric, { device }) {
  return values?.[`${metric}@${device}`] ?? null;
}

/** @param {App} app @param {MachineView} view @param {Card} card @param {Metric[]} metrics */
function cardRow(app, view, card, metrics) {
  const { label, known, device } = card;
  const name = known?.name ?? "A card that only its figures tell of";
  return html`<tr role="row" data-testid="card-row" data-device=${device}>
    <th role="rowheader" scope="row" title=${known?.address ?? device}>
      <span class="card-name">${name}</span><span class="algorithm">${known?.address ? label : device}</span>
    </th>
    ${metrics.map((metric) => figureCell(app, view, card, metric))}
  </tr>`;
}

/** @param {App} app @param {MachineView} view @param {Card} card @param {Metric} metric */
function figureCell(app, view, card, metric) {
  const value = valueOf(view, metric.name, card);
  return html`<td role="cell" data-metric=${metric.name} data-label=${HEADS[metric.name] ?? metric.label}>
    ${value === null
      ? notRead(app, whyOf(view, metric.name, card))
      : html`<span title=${exactly(value, metric.unit)}>${wordsOf(metric, value, card)}</span>${bar(metric.name, value)}`}
  </td>`;
}

/** @param {Metric} metric @param {number} value @param {Card} card memory with what there is of it */
function wordsOf({ name, unit }, value, { known }) {
  const all = name === "gpu_memory_used_bytes" ? known?.memory_bytes : null;
  return all ? html`${memorySize(value)} <span class="of">of ${memorySize(all)}</span>` : figure(value, unit);
}

/** @param {MachineView} view @param {string} metric @param {Card} card */
function whyOf({ unread }, metric, { device }) {
  const part = `${metric}@${device}`;
  const found = unread?.find((one) => one.part === part) ?? unread?.find((one) => one.part === metric);
  return found?.reason ?? "not read in the last report";
}

/** @param {App} app @param {string} reason for a pointer that rests on it, and said where it is tapped */
function notRead(app, reason) {
  return html`<button
    type="button"
    class="unread"
    data-testid="not-read"
    title=${reason}
    @click=${() => app.say({ text: `Not read: ${reason}` })}
  >
    not read
  </button>`;
}

/** @param {Metric[]} metrics @param {MachineView} view @param {Card[]} cards @param {Metric[]} read what no card tells has no column */
function missingNote(metrics, view, cards, read) {
  const names = read.map(({ name }) => name);
  const wanted = ofDevices(metrics).filter(({ name }) => !names.includes(name));
  const unread = (view.unread ?? []).filter(({ part }) => wanted.some(({ name }) => part.startsWith(`${name}@`)));
  const missing = missingOf(metrics, cards, unread);
  if (!missing.length) return nothing;
  return html`<p class="muted small" data-testid="cards-missing">
    Not read of any card: ${missing.map(({ label, reason }, i) => html`${i ? "; " : ""}${label} (<bdi>${reason}</bdi>)`)}.
  </p>`;
}
