// The list of ASICs, with the totals of those that the filter leaves.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { edgeAddress } from "../address.js";
import { addressOf, arrangeAsics, choicesOf, EVERY_ASIC, filterIn, isAsic, sortedBy, totalsWithSilent, withinAll } from "../asics.js";
import { edgesOf } from "../edges.js";
import { openAddSentry } from "./add_sentry.js";
import { asicRow, COLUMNS } from "./asic_row.js";
import { returningQuestion } from "./parking.js";
import { totalsView } from "./totals.js";
import { onScreen, windowedRows } from "./windowed.js";

/** @import {App, Screen} from "../app.js" */
/** @import {Choices, Filter} from "../asics.js" */
/** @import {Row} from "../store.js" */
/** @import {Totals} from "../totals.js" */
/** @import {AgentView} from "../wire.js" */
/** @import {Now} from "./machine_row.js" */
/** @import {List} from "./windowed.js" */

/** @typedef {{now: Now, all: number, totals: Totals, shown: Row[], choices: Choices}} Survey */
/** @typedef {(change: Partial<Filter>) => void} Change */

/** How the list was last looked at, for the way back to it; of one farm. @type {WeakMap<object, string>} */
const lastLook = new WeakMap();

/** @param {App} app @returns {string} the address of the list as it was left */
export function listAddress(app) {
  return lastLook.get(app.store) ?? addressOf(EVERY_ASIC);
}

/** @param {App} app @param {URLSearchParams} query @returns {Screen} */
export function asicsScreen(app, query) {
  let filter = filterIn(query);
  const survey = surveyor(app);
  const question = returningQuestion(app);
  lastLook.set(app.store, addressOf(filter));

  /** @type {Change} */
  const set = (change) => {
    filter = { ...filter, ...change };
    const address = addressOf(filter);
    lastLook.set(app.store, address);
    // The address is kept without a move: the page stays where it is scrolled to.
    history.replaceState(null, "", address);
    app.redraw();
  };

  return {
    title: () => "ASICs",
    update: () => edgesOf(app).want(),
    looked: () => onScreen(listOf(survey(filter).shown)).map(({ machine }) => machine),
    view: () => html`<section class="machines" data-testid="asics">
      <div class="heading">
        <h1 tabindex="-1">ASICs</h1>
        ${survey(filter).all && app.may.changeAgents ? edgeLink(edgesOf(app).list ?? []) : nothing}
      </div>
      ${question(survey(filter).totals.returning)} ${content(app, survey(filter), filter, set)}
    </section>`,
  };
}

/**
 * Counts and sorts, but not again for each frame of scrolling: only when a second has passed or
 * something changed.
 * @param {App} app
 * @returns {(filter: Filter) => Survey}
 */
function surveyor({ store, clock }) {
  /** @type {Survey} */
  let survey;
  /** @type {unknown[]} */
  let basis = [];
  let choices = choicesOf([]);
  // Names and labels come with the list, not with each report.
  let chosenFrom = "";
  return (filter) => {
    const now = { states: clock.now(), ages: clock.running() };
    const present = [store.version, Math.floor(now.states), Math.floor(now.ages), filter];
    if (present.every((part, i) => part === basis[i])) return survey;
    basis = present;
    const rows = [...store.rows.values()].filter(isAsic);
    const [totals, shown] = [totalsWithSilent(withinAll(rows, filter), now.states), arrangeAsics(rows, filter, now.states)];
    const listed = `${store.listings} ${rows.length}`;
    if (listed !== chosenFrom) [choices, chosenFrom] = [choicesOf(rows), listed];
    survey = { now, all: rows.length, totals, shown, choices };
    return survey;
  };
}

/**
 * @param {App} app
 * @param {Survey} survey
 * @param {Filter} filter
 * @param {Change} set
 */
function content(app, { now, all, totals, shown, choices }, filter, set) {
  if (!all && !app.store.listings) return html`<p class="muted">Reading the machines…</p>`;
  if (!all) return emptyView(app);
  const words = { joules: true, load: false };
  return html`${totalsView(totals, now.ages, filter.state, (state) => set({ state }), words)}
    ${toolbar(filter, choices, set)} ${shown.length ? table(shown, filter, set, now) : nothingFound(set)}`;
}

/** @param {AgentView[]} edges where ASICs are searched for and added */
function edgeLink(edges) {
  const [first] = edges;
  if (!first) return nothing;
  const address = edges.length === 1 ? edgeAddress(first.agent, "search") : "#/sentries";
  return html`<a class="button" data-testid="to-edge" href=${address}>Search and add</a>`;
}

/** @param {App} app */
function emptyView(app) {
  const edges = edgesOf(app).list ?? [];
  const words = html`<p class="big">No ASICs yet.</p>`;
  if (!app.may.changeAgents) {
    return html`<div class="card empty" data-testid="empty">${words}<p class="muted">They appear here by themselves.</p></div>`;
  }
  if (!edges.length) {
    return html`<div class="card empty" data-testid="empty">
      ${words}
      <p class="muted">
        ASICs run no sentry themselves. Add a sentry of type ASIC, run its command on a small computer in their network,
        and let it search there: what it finds and you tick appears here.
      </p>
      <button type="button" class="primary" data-testid="add-sentry" @click=${() => openAddSentry(app)}>Add sentry</button>
    </div>`;
  }
  return html`<div class="card empty" data-testid="empty">
    ${words}
    <p class="muted">Let an edge search its network, and tick what it finds; or give it a spreadsheet.</p>
    <p>${edges.map(({ agent, name }, i) => html`${i ? ", " : ""}<a href=${edgeAddress(agent, "search")}>Search with <bdi>${name}</bdi></a>`)}</p>
  </div>`;
}

/** @param {Change} set */
function nothingFound(set) {
  const all = () => set({ text: "", state: null, model: "", place: "", tag: "" });
  return html`<p class="card empty" data-testid="nothing-found">
    No ASIC matches. <button type="button" @click=${all}>Show all</button>
  </p>`;
}

/** @param {Event} event */
function valueOf(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}

/** @param {Filter} filter @param {Choices} choices @param {Change} set */
function toolbar(filter, choices, set) {
  return html`<div class="toolbar asic-toolbar">
    <input
      type="search"
      aria-label="Find an ASIC by its name, model, place, tag or client"
      placeholder="Find by name, model, place, tag, client"
      data-testid="find"
      autocomplete="off"
      .value=${filter.text}
      @input=${(/** @type {InputEvent} */ event) => set({ text: valueOf(event) })}
    />
    ${select("model", "All models", filter.model, choices.model, (model) => set({ model }))}
    ${select("place", "All places", filter.place, choices.place, (place) => set({ place }))}
    ${select("tag", "All tags", filter.tag, choices.tag, (tag) => set({ tag }))}
    <label class="sort">
      Sort by
      <select data-testid="sort" @change=${(/** @type {Event} */ event) => set(sortedBy(valueOf(event), { ...filter, key: "" }))}>
        ${COLUMNS.map(({ key, label }) => html`<option value=${key} ?selected=${key === filter.key}>${label}</option>`)}
      </select>
    </label>
  </div>`;
}

/**
 * Nothing where there is no choice.
 * @param {string} name
 * @param {string} any
 * @param {string} chosen what is gone meanwhile stays chosen, and is there to be left
 * @param {string[]} values
 * @param {(value: string) => void} choose
 */
function select(name, any, chosen, values, choose) {
  const all = chosen && !values.includes(chosen) ? [...values, chosen] : values;
  if (!all.length) return nothing;
  return html`<select aria-label="Only one ${name}" data-testid="filter-${name}" @change=${(/** @type {Event} */ event) => choose(valueOf(event))}>
    <option value="" ?selected=${!chosen}>${any}</option>
    ${all.map((one) => html`<option value=${one} ?selected=${one === chosen}>${one}</option>`)}
  </select>`;
}

/** @param {Row[]} items @returns {List<Row>} */
function listOf(items) {
  return { body: ".grid.asic-list tbody", rowPx: [52, 122], items, key: ({ machine }) => machine };
}

/** @param {Row[]} rows @param {Filter} filter @param {Change} set @param {Now} now */
function table(rows, filter, set, now) {
  // Roles are named because rows laid out as grids are no table rows to every browser.
  return html`<table class="grid asic-list" role="table" aria-label="ASICs" aria-rowcount=${rows.length + 1}>
    <thead role="rowgroup">
      <tr role="row">
        ${COLUMNS.map((column) => columnHead(column, filter, set))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${windowedRows(listOf(rows), (row, place) => asicRow(row, place, now))}
    </tbody>
  </table>`;
}

/** @param {{key: string, label: string}} column @param {Filter} filter @param {Change} set */
function columnHead({ key, label }, filter, set) {
  const direction = filter.descending ? "descending" : "ascending";
  return html`<th role="columnheader" class="${key}-head" aria-sort=${filter.key === key ? direction : "none"}>
    <button type="button" @click=${() => set(sortedBy(key, filter))}>${label}</button>
  </th>`;
}
