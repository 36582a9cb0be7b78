// The charts on a machine's page: the choice of their span, its reading, and one chart for each metric of the machine, its algorithms and its cards.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import "../chart.js";
import { machineAddress } from "../address.js";
import { ApiError, inWords } from "../api.js";
import { cardsOf, concerning, deviceLines, hashrateLines, splitName } from "../devices.js";
import { chartTitle, isCounter, shownValues } from "../rates.js";
import { afterGap, extended, filled } from "../series.js";
import { asOf, heading, LIVE_SPAN, SPANS, stepWords } from "../spans.js";
import { dateAndTime } from "../units.js";
import { CardChoice } from "./card_choice.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Span} from "../spans.js" */
/** @import {Row} from "../store.js" */
/** @import {Card, Lines} from "../devices.js" */
/** @import {AgentKind, History, MachineView, Metric} from "../wire.js" */

export class Charts {
  error = "";
  #app;
  #machine;
  /** @type {Span} */
  #span;
  /** @type {History | null} */
  #history = null;
  /** Grows with each reading, so that an answer that was overtaken is known. */
  #asked = 0;
  /** Whose figures the history has. @type {MachineView | null} */
  #view = null;
  #choice;

  /** @param {App} app @param {string} machine @param {Span} span */
  constructor(app, machine, span) {
    this.#app = app;
    this.#machine = machine;
    this.#span = span;
    this.#choice = new CardChoice(app);
  }

  async load() {
    const mine = (this.#asked += 1);
    try {
      const history = await this.#app.api.history(this.#machine, this.#span);
      if (mine === this.#asked) [this.#history, this.error, this.#view] = [history, "", null];
    } catch (reason) {
      // That the machine is gone is said by the page as a whole.
      const gone = reason instanceof ApiError && reason.status === 404;
      if (mine === this.#asked) this.error = gone ? "" : inWords(reason);
    }
    this.#app.redraw();
  }

  /**
   * The last hour grows with each report; what was missed meanwhile is read again.
   * @param {Row | undefined} row
   * @param {MachineView | null} view as last read: it has the figures of cards and algorithms
   * @param {boolean} relisted the connection was lost meanwhile, or the farm changed
   * @param {boolean} first the machine just reported for the first time
   */
  update(row, view, relisted, first) {
    const live = this.#span === LIVE_SPAN;
    let missed = first || (relisted && (live || this.error !== ""));
    if (live && this.#history && row) {
      missed ||= afterGap(this.#history, row.live.sampled_at);
      const values = shownValues(this.#app.metrics, row);
      this.#history = extended(this.#history, { sampled_at: row.live.sampled_at, values });
      if (view && view !== this.#view) this.#history = filled(this.#history, toldOf(this.#app.metrics, view));
      this.#view = view;
    }
    if (missed) this.load();
  }

  /** @param {Span} span also the one that is shown: it is read anew */
  choose(span) {
    if (span !== this.#span) this.#history = null;
    this.#span = span;
    this.error = "";
    // The address is kept without a move: the page stays where it is scrolled to.
    history.replaceState(null, "", machineAddress(this.#machine, span));
    this.load();
    this.#app.redraw();
  }

  /** @param {MachineView} view @param {number} now */
  view(view, now) {
    const [span, known, cards] = [this.#span, this.#history, cardsOf(this.#app.metrics, view)];
    const late = known !== null && known.late.length > 0;
    return html`<div class="charts-heading">
        <h2>${heading(span)}</h2>
        ${known && span !== LIVE_SPAN ? readingWords(known, now) : nothing}
        ${spanButtons(span, (chosen) => this.choose(chosen))}
      </div>
      ${this.error ? this.#trouble() : nothing} ${late ? lateKey() : nothing}
      <section class="charts" aria-label="Charts" aria-busy=${known || this.error ? "false" : "true"}>
        ${known || !this.error ? this.#ofMachine(view, cards, now) : nothing}
      </section>
      ${known && cards.length ? this.#ofCards(known, view, cards, now) : nothing}`;
  }

  /** @param {MachineView} view @param {Card[]} cards @param {number} now */
  #ofMachine({ live, kind }, cards, now) {
    const [{ metrics }, known, span] = [this.#app, this.#history, this.#span];
    const mined = known ? hashrateLines(metrics, known, live.mining?.[0] ?? []) : [];
    const plain = concerning(metrics, cards, kind).filter((metric) => isCharted(metric, kind, known)).map((metric) => ({ metric, lines: [{ name: metric.name, label: "", place: 0 }] }));
    const all = [...mined, ...plain];
    if (!all.length) return html`<p class="muted">No reading in the ${SPANS[span].name}.</p>`;
    return repeat(all, nameOf, (one) => chart(one, known, span, now));
  }

  /** @param {History} history @param {MachineView} view @param {Card[]} cards @param {number} now */
  #ofCards(history, { live, kind }, cards, now) {
    const shown = (/** @type {Card} */ card) => this.#choice.has(cards, card);
    const charts = deviceLines(this.#app.metrics, history, live.mining?.[0] ?? [], cards, shown);
    const words = kind === "asic" ? "boards and fans" : "cards";
    return html`${this.#choice.view(cards, words)}
      <section class="charts" aria-label="Charts of the ${words}" data-testid="card-charts">
        ${repeat(charts, nameOf, (one) => chart(one, history, this.#span, now))}
      </section>`;
  }

  #trouble() {
    return html`<div class="charts-error" data-testid="charts-error">
      ${errorLine(`The charts could not be read. ${this.error}`)}
      <p><button type="button" @click=${() => this.choose(this.#span)}>Try again</button></p>
    </div>`;
  }
}

/** @param {Metric[]} metrics @param {MachineView} view the history has counters as rates, the view as they stand */
function toldOf(metrics, { live, values }) {
  const counters = metrics.filter(isCounter).map(({ name }) => name);
  const told = Object.entries(values ?? {}).filter(([name]) => !counters.includes(splitName(name)[0]));
  return { sampled_at: live.sampled_at?.[0] ?? null, values: Object.fromEntries(told) };
}

/**
 * How often an ASIC was asked is a figure and no curve; and what its model never tells has no chart.
 * @param {Metric} metric
 * @param {AgentKind} kind
 * @param {History | null} history null: being read
 */
function isCharted({ name }, kind, history) {
  if (kind !== "asic" || !history) return name !== "readings";
  return name !== "readings" && (history.values[name]?.some((value) => value !== null) ?? false);
}

/** @param {Lines} chart */
function nameOf({ metric }) {
  return metric.name;
}

/** @param {History} history @param {number} now */
function readingWords({ server_at, resolution_s }, now) {
  const step = stepWords(resolution_s);
  return html`<span class="muted" data-testid="as-of" title=${`Read on ${dateAndTime(server_at)}`}
    >${asOf(server_at, now)}${step ? ` · each step is ${step}` : ""}</span
  >`;
}

/** @param {Span} present @param {(span: Span) => void} choose */
function spanButtons(present, choose) {
  const all = /** @type {Span[]} */ (Object.keys(SPANS));
  return html`<div class="segments" role="group" aria-label="Span of the charts">
    ${all.map(
      (span) => html`<button
        type="button"
        data-testid="span-${span}"
        aria-pressed=${span === present ? "true" : "false"}
        title=${heading(span)}
        @click=${() => choose(span)}
      >
        ${SPANS[span].short}
      </button>`,
    )}
  </div>`;
}

function lateKey() {
  return html`<p class="late-key" data-testid="late-key">
    arrived late: taken at this time, sent when the connection was back
  </p>`;
}

/** @param {Lines} one @param {History | null} history null: being read @param {Span} span @param {number} now */
function chart(one, history, span, now) {
  const { metric } = one;
  return html`<figure class="card chart" data-testid="chart-${metric.name}">
    <figcaption title=${metric.help}>
      <bdi>${metric.label}</bdi>${isCounter(metric) ? html` <span class="muted">per second</span>` : nothing}${lineKey(one)}
    </figcaption>
    ${history ? drawing(one, history, span, now) : html`<p class="muted none">Reading…</p>`}
  </figure>`;
}

/** @param {Lines} one what its lines are, where they are not those of cards @returns {unknown} */
function lineKey({ metric, lines }) {
  if (lines.length < 2 || !metric.name.includes("@")) return nothing;
  return lines.map(({ label, place }) => html` <span class="muted"><span class="line-${place}" aria-hidden="true">━</span> ${label}</span>`);
}

/** @param {Lines} one @param {History} history @param {Span} span @param {number} now */
function drawing({ metric, lines }, history, span, now) {
  const { name } = SPANS[span];
  const some = lines.some((line) => history.values[line.name]?.some((value) => value !== null));
  if (!some) return html`<p class="muted none">No reading in the ${name}.</p>`;
  return html`<metric-chart
    role="img"
    aria-label="${chartTitle(metric)} in the ${name}"
    .metric=${metric}
    .lines=${lines}
    .series=${history}
    .now=${now}
  ></metric-chart>`;
}
