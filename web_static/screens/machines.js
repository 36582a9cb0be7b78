// The list of machines with the farm's totals.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { windowOnScreen } from "../grid.js";
import { arrange, DEFAULT_ARRANGEMENT } from "../order.js";
import { ageOf, MEANINGS, stateOf, STATES, totalsOf } from "../state.js";
import { ago, count, exactly, figure, NONE } from "../units.js";
import { openAddSentry } from "./add_sentry.js";
import { bar, KINDS, simulatedBadge, stateMark } from "./marks.js";

/** @import {App, Screen} from "../app.js" */
/** @import {Arrangement} from "../order.js" */
/** @import {State, Totals} from "../state.js" */
/** @import {Row} from "../store.js" */

const METRIC_COLUMNS = [
  { key: "cpu_load_pct", label: "CPU load", unit: "%" },
  { key: "cpu_temperature_c", label: "CPU temp.", unit: "°C" },
  { key: "memory_used_pct", label: "Memory", unit: "%" },
  { key: "disk_used_pct", label: "Disk", unit: "%" },
];
const COLUMNS = [
  { key: "attention", label: "State" },
  { key: "name", label: "Name" },
  { key: "kind", label: "Type" },
  ...METRIC_COLUMNS,
  { key: "age", label: "Last report" },
];
const WAITING = "waiting for first report";
// The heights that screens.css gives a row; windowing counts with them.
const ROW_PX = 46;
const PHONE_ROW_PX = 92;
const PHONE = matchMedia("(max-width: 760px)");

/** @param {App} app @returns {Screen} */
export function machinesScreen(app) {
  let arrangement = DEFAULT_ARRANGEMENT;
  const survey = surveyor(app);

  /** @type {Change} */
  const set = (change) => {
    arrangement = { ...arrangement, ...change };
    app.redraw();
  };

  return {
    title: () => "Machines",
    view: () => html`<section class="machines" data-testid="machines">
      <div class="heading">
        <h1 tabindex="-1">Machines</h1>
        ${app.store.rows.size ? addButton(app) : nothing}
      </div>
      ${content(app, survey(arrangement), arrangement, set)}
    </section>`,
  };
}

/** @typedef {{now: Now, totals: Totals, shown: Row[]}} Survey */
/** @typedef {{states: number, ages: number}} Now while nobody is heard, states stand still and ages do not */
/** @typedef {(change: Partial<Arrangement>) => void} Change */

/**
 * Counts and sorts, but not again for each frame of scrolling: only when a second has passed or
 * something changed.
 * @param {App} app
 * @returns {(arrangement: Arrangement) => Survey}
 */
function surveyor({ store, clock }) {
  /** @type {Survey} */
  let survey;
  /** @type {unknown[]} */
  let basis = [];
  return (arrangement) => {
    const now = { states: clock.now(), ages: clock.running() };
    const present = [store.version, Math.floor(now.states), Math.floor(now.ages), arrangement];
    if (present.every((part, i) => part === basis[i])) return survey;
    const rows = [...store.rows.values()];
    basis = present;
    survey = { now, totals: totalsOf(rows, now.states), shown: arrange(rows, arrangement, now.states) };
    return survey;
  };
}

/** @param {App} app */
function addButton(app) {
  return html`<button
    type="button"
    class="primary"
    data-testid="add-sentry"
    @click=${() => openAddSentry(app)}
  >
    Add sentry
  </button>`;
}

/**
 * @param {App} app
 * @param {Survey} survey
 * @param {Arrangement} arrangement
 * @param {Change} set
 */
function content(app, { now, totals, shown }, arrangement, set) {
  const { listings, rows } = app.store;
  if (!listings && !rows.size) return html`<p class="muted">Reading the machines…</p>`;
  if (!rows.size) return emptyView(app);
  return html`${totalsView(totals, arrangement, set)}
    ${toolbar(arrangement, set)}
    ${shown.length ? table(shown, arrangement, set, now) : nothingFound(set)}`;
}

/** @param {App} app */
function emptyView(app) {
  return html`<div class="card empty" data-testid="empty">
    <p class="big">No machines yet.</p>
    <p class="muted">
      Add a sentry, run the one command that it gives you on a rig, and the rig appears here by
      itself.
    </p>
    ${addButton(app)}
  </div>`;
}

/** @param {Change} set */
function nothingFound(set) {
  const all = () => set({ text: "", state: null });
  return html`<p class="card empty">
    No machine matches. <button type="button" @click=${all}>Show all</button>
  </p>`;
}

/** @param {Totals} totals @param {Arrangement} arrangement @param {Change} set */
function totalsView({ all, simulated, states, load }, { state }, set) {
  /** @param {State} one */
  const stateTotal = (one) => html`<li>
    <button
      type="button"
      class="total"
      data-state=${one}
      aria-pressed=${state === one ? "true" : "false"}
      title=${`${MEANINGS[one]}. Click to show only these.`}
      @click=${() => set({ state: state === one ? null : one })}
    >
      <b>${count(states[one])}</b>
      <span><span class="dot" aria-hidden="true"></span>${one === "waiting" ? WAITING : STATES[one]}</span>
    </button>
  </li>`;
  return html`<ul class="totals" data-testid="totals">
    ${/** @type {State[]} */ (["online", "late", "offline", "stopped", "waiting"]).map(stateTotal)}
    <li class="total" title="Mean of the machines that are online and read their load">
      <b>${figure(load.mean, "%")}</b>
      <span>over ${count(load.covered)} of ${count(all)} machines · mean CPU load</span>
    </li>
    ${simulated ? html`<li class="aside">${count(simulated)} of them simulated</li>` : nothing}
  </ul>`;
}

/** @param {Arrangement} arrangement @param {Change} set */
function toolbar({ text, key }, set) {
  return html`<div class="toolbar">
    <input
      type="search"
      aria-label="Find a machine by its name"
      placeholder="Find by name"
      autocomplete="off"
      .value=${text}
      @input=${(/** @type {InputEvent} */ event) => set({ text: valueOf(event) })}
    />
    <label class="sort">
      Sort by
      <select @change=${(/** @type {Event} */ event) => set(sortedBy(valueOf(event), null))}>
        ${COLUMNS.map(
          (column) => html`<option value=${column.key} ?selected=${column.key === key}>
            ${column.label}
          </option>`,
        )}
      </select>
    </label>
  </div>`;
}

/** @param {Event} event */
function valueOf(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}

/**
 * The same column again turns round; figures begin with the largest.
 * @param {string} key
 * @param {Arrangement | null} present
 * @returns {Partial<Arrangement>}
 */
function sortedBy(key, present) {
  if (present?.key === key) return { descending: !present.descending };
  return { key, descending: !["attention", "name", "kind"].includes(key) };
}

/**
 * @param {Row[]} rows
 * @param {Arrangement} arrangement
 * @param {Change} set
 * @param {Now} now
 */
function table(rows, arrangement, set, now) {
  const body = document.querySelector(".grid tbody");
  const seen = windowOnScreen(body, PHONE.matches ? PHONE_ROW_PX : ROW_PX, rows.length);
  const drawn = rows.slice(seen.from, seen.to);
  // Roles are named because rows laid out as grids are no table rows to every browser.
  return html`<table class="grid" role="table" aria-label="Machines" aria-rowcount=${rows.length + 1}>
    <thead role="rowgroup">
      <tr role="row">${COLUMNS.map((column) => columnHead(column, arrangement, set))}</tr>
    </thead>
    <tbody role="rowgroup">
      <tr class="space" aria-hidden="true" .style=${`height:${seen.before}px`}></tr>
      ${repeat(
        drawn,
        (row) => row.machine,
        (row, i) => machineRow(row, seen.from + i, now),
      )}
      <tr class="space" aria-hidden="true" .style=${`height:${seen.after}px`}></tr>
    </tbody>
  </table>`;
}

/**
 * @param {{key: string, label: string}} column
 * @param {Arrangement} arrangement
 * @param {Change} set
 */
function columnHead({ key, label }, arrangement, set) {
  const direction = arrangement.descending ? "descending" : "ascending";
  const sorted = arrangement.key === key ? direction : "none";
  return html`<th role="columnheader" aria-sort=${sorted}>
    <button type="button" @click=${() => set(sortedBy(key, arrangement))}>${label}</button>
  </th>`;
}

/** @param {Row} row @param {number} place @param {Now} now */
function machineRow(row, place, now) {
  const state = stateOf(row.live, now.states);
  const age = ago(ageOf(row.live, now.ages));
  return html`<tr
    role="row"
    class=${state === "online" ? "" : "stale"}
    data-testid="machine-row"
    data-machine=${row.machine}
    data-state=${state}
    aria-rowindex=${place + 2}
  >
    <td role="cell" class="state-cell">${stateMark(state)}</td>
    <td role="cell" class="name-cell">
      <a href=${`#/machines/${encodeURIComponent(row.machine)}`} title=${row.name}>${row.name}</a>
      ${simulatedBadge(row.simulated)}
    </td>
    <td role="cell" class="kind-cell">${KINDS[row.kind]?.label ?? row.kind}</td>
    ${METRIC_COLUMNS.map((column) => figureCell(row, column, age))}
    <td role="cell" class="age-cell">${age}</td>
  </tr>`;
}

/** @param {Row} row @param {{key: string, label: string, unit: string}} column @param {string} age */
function figureCell({ live }, { key, label, unit }, age) {
  const value = live.values[key] ?? null;
  const missing = live.received_at === null ? "Nothing reported yet" : `${label} was not read`;
  const title = value === null ? missing : `${exactly(value, unit)}, ${age}`;
  return html`<td role="cell" class="figure-cell" data-label=${label} title=${title}>
    <span>${value === null ? NONE : figure(value, unit)}</span>${bar(key, value)}
  </td>`;
}
