// The devices that a search found: filtered, ticked one by one or all that are shown.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ALL_FOUND, kindsOf, mayBeAdded, shownOf } from "../found.js";
import { count, isolated } from "../units.js";
import { windowedRows } from "./windowed.js";

/** @import {App} from "../app.js" */
/** @import {Filter} from "../found.js" */
/** @import {FoundDevice} from "../wire.js" */
/** @import {List} from "./windowed.js" */

export class FoundTable {
  #app;
  /** @type {Filter} */
  #filter = ALL_FOUND;
  /** By address. @type {Set<string>} */
  #ticked = new Set();
  /** What is drawn, made anew only when something of it is another. */
  #basis = /** @type {unknown[]} */ ([]);
  #survey = { shown: /** @type {FoundDevice[]} */ ([]), kinds: /** @type {ReturnType<typeof kindsOf>} */ ([]) };

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
  }

  /** Another search: its devices are others. */
  forget() {
    [this.#filter, this.#ticked] = [ALL_FOUND, new Set()];
  }

  untick() {
    this.#ticked = new Set();
  }

  /** @param {FoundDevice[]} found @returns {FoundDevice[]} those that are ticked, also where the filter hides them */
  ticked(found) {
    return found.filter((device) => mayBeAdded(device) && this.#ticked.has(device.address));
  }

  /** @param {FoundDevice[]} found */
  view(found) {
    if (this.#basis[0] !== found || this.#basis[1] !== this.#filter) {
      this.#basis = [found, this.#filter];
      this.#survey = { shown: shownOf(found, this.#filter), kinds: kindsOf(found) };
    }
    const { shown } = this.#survey;
    return html`<div class="edge-found">
      <h2>Found</h2>
      ${this.#toolbar(found, shown)}
      ${shown.length ? this.#table(shown) : html`<p class="card empty">None of them matches.</p>`}
    </div>`;
  }

  /** @param {Partial<Filter>} change */
  #set(change) {
    this.#filter = { ...this.#filter, ...change };
    this.#app.redraw();
  }

  /** @param {FoundDevice[]} found @param {FoundDevice[]} shown */
  #toolbar(found, shown) {
    const { text, kind, fresh } = this.#filter;
    return html`<div class="edge-toolbar">
      <input
        type="search"
        aria-label="Find by address, make, model or name"
        placeholder="Find by address, make, model, name"
        data-testid="find-found"
        autocomplete="off"
        .value=${text}
        @input=${(/** @type {InputEvent} */ event) => this.#set({ text: /** @type {HTMLInputElement} */ (event.target).value })}
      />
      <select aria-label="Make and model" data-testid="found-kind" @change=${(/** @type {Event} */ event) => this.#set({ kind: /** @type {HTMLSelectElement} */ (event.target).value })}>
        <option value="" ?selected=${kind === ""}>All makes</option>
        ${this.#survey.kinds.map((one) => html`<option value=${one.kind} ?selected=${one.kind === kind}>${isolated(one.label)} · ${count(one.count)}</option>`)}
      </select>
      <label class="edge-check">
        <input type="checkbox" data-testid="only-new" .checked=${fresh} @change=${() => this.#set({ fresh: !fresh })} />
        <span>Only new ones</span>
      </label>
      ${this.#app.may.changeAgents ? this.#tickAll(shown) : nothing}
      <span class="muted" role="status" data-testid="found-count">${count(shown.length)} of ${count(found.length)}</span>
    </div>`;
  }

  /** @param {FoundDevice[]} shown */
  #tickAll(shown) {
    const fit = shown.filter(mayBeAdded).map(({ address }) => address);
    const all = fit.length > 0 && fit.every((address) => this.#ticked.has(address));
    const toggle = () => {
      for (const address of fit) all ? this.#ticked.delete(address) : this.#ticked.add(address);
      this.#app.redraw();
    };
    return html`<button type="button" data-testid="tick-all" ?disabled=${!fit.length} @click=${toggle}>
      ${all ? "Untick" : "Tick"} all ${count(fit.length)}
    </button>`;
  }

  /** @param {FoundDevice[]} shown */
  #table(shown) {
    /** @type {List<FoundDevice>} */
    const list = { body: ".found-list tbody", rowPx: [44, 84], items: shown, key: ({ address }) => address };
    const ticks = this.#app.may.changeAgents;
    return html`<table class="grid found-list ${ticks ? "with-ticks" : ""}" role="table" aria-label="Found devices" aria-rowcount=${shown.length + 1}>
      <thead role="rowgroup">
        <tr role="row">
          ${ticks ? html`<th role="columnheader"><span class="unseen">Add</span></th>` : nothing}
          ${["Address", "Make", "Model", "In the roster"].map((label) => html`<th role="columnheader">${label}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${windowedRows(list, (device, place) => this.#row(device, place, ticks))}
      </tbody>
    </table>`;
  }

  /** @param {FoundDevice} device @param {number} place @param {boolean} ticks */
  #row(device, place, ticks) {
    const { address, make, model, name, reason } = device;
    return html`<tr role="row" data-testid="found" data-address=${address} aria-rowindex=${place + 2}>
      ${ticks ? html`<td role="cell" class="tick-cell">${this.#tick(device)}</td>` : nothing}
      <td role="cell" class="address-cell">${address}</td>
      ${reason
        ? html`<td role="cell" class="reason-cell tone-warn" title=${reason}>not identified: <bdi>${reason}</bdi></td>`
        : html`<td role="cell" data-label="Make"><bdi>${make ?? "–"}</bdi></td>
            <td role="cell" data-label="Model" title=${model ?? ""}><bdi>${model ?? "–"}</bdi></td>`}
      <td role="cell" data-label="In the roster" title=${name ?? ""}>${name ? html`<bdi>${name}</bdi>` : html`<span class="muted">no</span>`}</td>
    </tr>`;
  }

  /** @param {FoundDevice} device */
  #tick(device) {
    const { address } = device;
    if (!mayBeAdded(device)) return nothing;
    const toggle = () => {
      this.#ticked.has(address) ? this.#ticked.delete(address) : this.#ticked.add(address);
      this.#app.redraw();
    };
    return html`<label class="tick"
      ><input type="checkbox" aria-label="Add ${address}" .checked=${this.#ticked.has(address)} @change=${toggle}
    /></label>`;
  }
}
