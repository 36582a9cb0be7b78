// One machine's page: its state, every figure with its age, its history as charts, and its specs.

import { html } from "../vendor/lit-html/lit-html.js";
import { ApiError, inWords } from "../api.js";
import { isCounter, shownUnit, shownValues } from "../rates.js";
import { ageOf, stateOf } from "../state.js";
import { ago, exactly, figure, NONE, timeOfDay } from "../units.js";
import { Charts } from "./charts.js";
import { confirmDelete } from "./dialogs.js";
import { bar, errorLine, KINDS, simulatedBadge, stateMark } from "./marks.js";
import { agentNotes, specsView } from "./specs.js";

/** @import {App, Screen} from "../app.js" */
/** @import {State} from "../state.js" */
/** @import {Span} from "../spans.js" */
/** @import {Live, Row} from "../store.js" */
/** @import {MachineView, Metric} from "../wire.js" */

/**
 * @typedef {object} Known
 * @property {MachineView | null} view
 * @property {boolean} gone
 * @property {string} error
 */

/** @param {App} app @param {string} machine @param {Span} span of its charts @returns {Screen} */
export function machineScreen(app, machine, span) {
  /** @type {Known} */
  const known = { view: null, gone: false, error: "" };
  const charts = new Charts(app, machine, span);
  const load = () => readMachine(app, machine, known);
  let { listings } = app.store;
  let reported = true;

  const update = () => {
    const row = app.store.rows.get(machine);
    // Read again when the list was (a lost connection, a deletion) and at the very first report,
    // which brings the specs. The first list comes beside this page's own first reading.
    const relisted = listings !== app.store.listings && listings !== 0;
    const first = !reported && row !== undefined && row.live.received_at !== null;
    listings = app.store.listings;
    reported = row ? row.live.received_at !== null : reported;
    if (relisted || first) load();
    charts.update(row, relisted, first);
  };

  charts.load();
  load();
  return {
    title: () => known.view?.name ?? "Machine",
    update,
    view: () => screenView(app, machine, known, charts, load),
  };
}

/** @param {App} app @param {string} machine @param {Known} known is filled with what was read */
async function readMachine(app, machine, known) {
  try {
    const view = await app.api.machine(machine);
    Object.assign(known, { view, gone: false, error: "" });
    app.store.applyView(machine, view);
  } catch (reason) {
    known.gone = reason instanceof ApiError && reason.status === 404;
    known.error = known.gone ? "" : inWords(reason);
    if (known.gone) app.store.remove(machine);
  }
  app.redraw();
}

/**
 * @param {App} app
 * @param {string} machine
 * @param {Known} known
 * @param {Charts} charts
 * @param {() => void} load
 */
function screenView(app, machine, known, charts, load) {
  const row = app.store.rows.get(machine);
  if (known.gone) return goneView();
  if (!known.view || !row) return known.error ? troubleView(known.error, load) : loadingView();
  return machineView(app, row, known.view, known.error, charts);
}

function loadingView() {
  return html`${backLink()}
    <p class="muted">Reading the machine…</p>`;
}

function goneView() {
  return html`${backLink()}
    <div class="card empty" data-testid="machine-gone">
      <h1 tabindex="-1" class="big">There is no such machine.</h1>
      <p class="muted">It was deleted, or the address is wrong. <a href="#/machines">See all machines</a></p>
    </div>`;
}

/** @param {string} error @param {() => void} load */
function troubleView(error, load) {
  return html`${backLink()} ${errorLine(error)}
    <p><button type="button" @click=${load}>Try again</button></p>`;
}

function backLink() {
  return html`<a class="back" href="#/machines">‹ All machines</a>`;
}

/** @param {App} app @param {Row} row @param {MachineView} view @param {string} error @param {Charts} charts */
function machineView(app, row, view, error, charts) {
  const now = app.clock.running();
  const state = stateOf(row.live, app.clock.now());
  const shown = shownValues(app.metrics, row);
  return html`<article class="machine" data-testid="machine" data-machine=${row.machine}>
    ${backLink()} ${machineHeading(app, row, view, state, now)} ${errorLine(error)}
    <section aria-label="Current figures" class="tiles ${state === "online" ? "" : "stale"}">
      ${app.metrics.map((metric) => tile(metric, row.live, shown[metric.name] ?? null, view, now))}
    </section>
    ${charts.view(now)}
    <div class="columns">
      <section>
        <h2>Machine</h2>
        ${specsView(row.machine, view)} ${agentNotes(view)}
      </section>
      <section>
        <h2>Not read</h2>
        ${unreadView(app.metrics, view, row.live)}
      </section>
    </div>
  </article>`;
}

/** @param {App} app @param {Row} row @param {MachineView} view @param {State} state @param {number} now */
function machineHeading(app, row, view, state, now) {
  const { machine, name, live } = row;
  const gone = () => {
    app.store.requestList();
    app.go("#/machines", `${name} was deleted.`);
  };
  const remove = () => confirmDelete(app, { agent: view.agent, name, machine }, gone);
  return html`<div class="heading">
    <div>
      <h1 tabindex="-1">${name} ${simulatedBadge(row.simulated)}</h1>
      <p class="subline">
        ${stateMark(state, "machine-state")}<span>${KINDS[row.kind]?.label ?? row.kind}</span>
        <span title=${times(live)}>last report: <span data-testid="age">${ago(ageOf(live, now))}</span></span>
      </p>
    </div>
    <button type="button" class="danger-text" data-testid="delete-machine" @click=${remove}>Delete</button>
  </div>`;
}

/** @param {Live} live */
function times({ received_at, sampled_at }) {
  if (received_at === null) return "No report yet";
  const sampled = sampled_at === null ? "" : `, sampled at ${timeOfDay(sampled_at)} by its own`;
  return `Received at ${timeOfDay(received_at)} by the commander's clock${sampled}`;
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
    <span class="muted">${value === null ? reason : ago(ageOf(live, now))}</span>
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
function unreadView(metrics, view, live) {
  const unread = (view.unread ?? []).filter(({ part }) => (live.values[part] ?? null) === null);
  if (live.received_at === null) return html`<p class="muted">Nothing was reported yet.</p>`;
  if (!unread.length) return html`<p class="muted">Everything could be read.</p>`;
  const labels = new Map(metrics.map(({ name, label }) => [name, label]));
  return html`<dl class="facts" data-testid="unread">
    ${unread.map(({ part, reason }) => html`<dt>${labels.get(part) ?? part}</dt><dd>${reason}</dd>`)}
  </dl>`;
}
