// The list of machines with the farm's totals.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { totalsWithSilent } from "../asics.js";
import { arrange, DEFAULT_ARRANGEMENT } from "../order.js";
import { openAddSentry } from "./add_sentry.js";
import { columnsOf, hasGpu, machineRow } from "./machine_row.js";
import { returningQuestion } from "./parking.js";
import { totalsView } from "./totals.js";
import { onScreen, windowedRows } from "./windowed.js";

/** @import {App, Screen} from "../app.js" */
/** @import {Arrangement} from "../order.js" */
/** @import {Row} from "../store.js" */
/** @import {Totals} from "../totals.js" */
/** @import {Now} from "./machine_row.js" */
/** @import {List} from "./windowed.js" */

// Columns that begin with the smallest; figures begin with the largest.
const RISING = ["attention", "name", "kind"];

/** @param {App} app @returns {Screen} */
export function machinesScreen(app) {
  let arrangement = DEFAULT_ARRANGEMENT;
  const survey = surveyor(app);
  const question = returningQuestion(app);

  /** @type {Change} */
  const set = (change) => {
    arrangement = { ...arrangement, ...change };
    app.redraw();
  };

  return {
    title: () => "Machines",
    looked: () => onScreen(listOf(survey(arrangement).shown)).map(({ machine }) => machine),
    view: () => html`<section class="machines" data-testid="machines">
      <div class="heading">
        <h1 tabindex="-1">Machines</h1>
        ${app.store.rows.size && app.may.changeAgents ? addButton(app) : nothing}
      </div>
      ${question(survey(arrangement).totals.returning)}
      ${content(app, survey(arrangement), arrangement, set)}
    </section>`,
  };
}

/** `gpus`: whether any machine has one. @typedef {{now: Now, totals: Totals, shown: Row[], gpus: boolean}} Survey */
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
    const [totals, shown] = [totalsWithSilent(rows, now.states), arrange(rows, arrangement, now.states)];
    survey = { now, totals, shown, gpus: rows.some(hasGpu) };
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
function content(app, { now, totals, shown, gpus }, arrangement, set) {
  const { listings, rows } = app.store;
  if (!listings && !rows.size) return html`<p class="muted">Reading the machines…</p>`;
  if (!rows.size) return emptyView(app);
  return html`${totalsView(totals, now.ages, arrangement.state, (state) => set({ state }))}
    ${toolbar(arrangement, set, gpus)}
    ${shown.length ? table(shown, arrangement, set, now, gpus) : nothingFound(set)}`;
}

/** @param {App} app */
function emptyView(app) {
  if (!app.may.changeAgents) {
    return html`<p class="card empty" data-testid="empty">No machines yet. They appear here by themselves.</p>`;
  }
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

/** @param {Arrangement} arrangement @param {Change} set @param {boolean} gpus */
function toolbar({ text, key }, set, gpus) {
  return html`<div class="toolbar">
    <input
      type="search"
      aria-label="Find a machine by its name, place, tag or client"
      placeholder="Find by name, place, tag, client"
      data-testid="find"
      autocomplete="off"
      .value=${text}
      @input=${(/** @type {InputEvent} */ event) => set({ text: valueOf(event) })}
    />
    <label class="sort">
      Sort by
      <select @change=${(/** @type {Event} */ event) => set(sortedBy(valueOf(event), null))}>
        ${columnsOf(gpus).map(
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
  return { key, descending: !RISING.includes(key) };
}

/** @param {Row[]} items @returns {List<Row>} */
function listOf(items) {
  return { body: ".grid.machine-list tbody", rowPx: [52, 118], items, key: ({ machine }) => machine };
}

/**
 * @param {Row[]} rows
 * @param {Arrangement} arrangement
 * @param {Change} set
 * @param {Now} now
 * @param {boolean} gpus
 */
function table(rows, arrangement, set, now, gpus) {
  // Roles are named because rows laid out as grids are no table rows to every browser.
  return html`<table
    class="grid machine-list ${gpus ? "with-gpus" : ""}"
    role="table"
    aria-label="Machines"
    aria-rowcount=${rows.length + 1}
  >
    <thead role="rowgroup">
      <tr role="row">
        ${columnsOf(gpus).map((column) => columnHead(column, arrangement, set))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${windowedRows(listOf(rows), (row, place) => machineRow(row, place, now, gpus))}
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
  return html`<th role="columnheader" class="${key}-head" aria-sort=${sorted}>
    <button type="button" @click=${() => set(sortedBy(key, arrangement))}>${label}</button>
  </th>`;
}
