// Taking devices out of an ASIC edge's roster: ticked in a list, with a question before.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { readBy } from "../edges.js";
import { newestOf } from "../errands.js";
import { count } from "../units.js";
import { openQuestion } from "./question.js";
import { windowedRows } from "./windowed.js";

/** @import {App} from "../app.js" */
/** @import {Row} from "../store.js" */
/** @import {EdgeView} from "../wire.js" */
/** @import {EdgeReading} from "../edge_reading.js" */
/** @import {Results} from "./edge_result.js" */
/** @import {List} from "./windowed.js" */

// As many go in one errand.
const MOST = 5000;

export class EdgeRemoval {
  #app;
  #known;
  #results;
  #text = "";
  /** By machine. @type {Set<string>} */
  #ticked = new Set();
  /** What is drawn, made anew only when something of it is another. */
  #basis = /** @type {unknown[]} */ ([]);
  #survey = { all: /** @type {Row[]} */ ([]), shown: /** @type {Row[]} */ ([]) };

  /** @param {App} app @param {EdgeReading} known @param {Results} results */
  constructor(app, known, results) {
    this.#app = app;
    this.#known = known;
    this.#results = results;
  }

  /** @param {string} edge */
  #surveyed(edge) {
    const { version, rows } = this.#app.store;
    if (this.#basis[0] === version && this.#basis[1] === this.#text) return this.#survey;
    this.#basis = [version, this.#text];
    const all = readBy(rows.values(), edge);
    this.#survey = { all, shown: shownOf(all, this.#text) };
    return this.#survey;
  }

  /** @param {EdgeView} view */
  view(view) {
    const { all, shown } = this.#surveyed(view.agent.agent);
    const elsewhere = view.state?.elsewhere ?? 0;
    return html`<section class="edge-removal" data-testid="edge-removal">
      <p class="muted">
        A device that is taken out is not read any more; nothing is done to the device itself. Its figures and history stay in the
        bin for 7 days, and come back when it is added again.
        ${elsewhere
          ? html`${count(elsewhere)} more of its roster ${elsewhere === 1 ? "is" : "are"} read by another edge, and listed there;
              <code>asic-edge remove</code> takes ${elsewhere === 1 ? "it" : "them"} out here.`
          : nothing}
      </p>
      ${this.#results.view(newestOf(view, ["remove_devices"]), this.#known)}
      ${all.length ? html`${this.#toolbar(all, shown)} ${this.#table(shown)} ${this.#bar(view, all)}` : html`<p class="card empty">It reads no ASICs yet.</p>`}
    </section>`;
  }

  /** @param {EdgeView} view @param {Row[]} all */
  #bar(view, all) {
    const ticked = all.filter(({ machine }) => this.#ticked.has(machine));
    const many = ticked.length;
    const busy = this.#known.open(["remove_devices"]).length > 0;
    const words = many > MOST ? `At most ${count(MOST)} at once.` : many ? `${count(many)} ticked` : "Tick what is to be removed.";
    return html`<div class="edge-bar card" ?data-ticked=${many > 0}>
      <span class="muted" role="status">${busy ? "What is under way has to end first." : words}</span>
      <button
        type="button"
        class="danger"
        data-testid="remove-devices"
        ?disabled=${!many || busy || many > MOST}
        @click=${() => this.#ask(view, ticked)}
      >
        Remove ${count(many)} ${many === 1 ? "device" : "devices"}…
      </button>
    </div>`;
  }

  /** @param {Row[]} all @param {Row[]} shown */
  #toolbar(all, shown) {
    const full = shown.length > 0 && shown.every(({ machine }) => this.#ticked.has(machine));
    return html`<div class="edge-toolbar">
      <input
        type="search"
        aria-label="Find by name, model, place, tag or client"
        placeholder="Find by name, model, place, tag, client"
        data-testid="find-device"
        autocomplete="off"
        .value=${this.#text}
        @input=${(/** @type {InputEvent} */ event) => this.#find(/** @type {HTMLInputElement} */ (event.target).value)}
      />
      <button type="button" data-testid="tick-all" ?disabled=${!shown.length} @click=${() => this.#tickAll(shown, full)}>
        ${full ? "Untick" : "Tick"} all ${shown.length ? count(shown.length) : nothing}
      </button>
      <span class="muted" role="status">${count(shown.length)} of ${count(all.length)}</span>
    </div>`;
  }

  /** @param {string} text */
  #find(text) {
    this.#text = text;
    this.#app.redraw();
  }

  /** @param {Row[]} shown @param {boolean} full all of them are ticked already */
  #tickAll(shown, full) {
    for (const { machine } of shown) full ? this.#ticked.delete(machine) : this.#ticked.add(machine);
    this.#app.redraw();
  }

  /** @param {EdgeView} view @param {Row[]} ticked */
  #ask({ agent }, ticked) {
    const machines = ticked.map(({ machine }) => machine);
    const [first, second] = ticked;
    const which = !second && first ? html`<bdi>${first.name}</bdi>` : `${count(ticked.length)} devices`;
    const question = {
      title: html`Take ${which} out of the roster of <bdi>${agent.name}</bdi>?`,
      words: "They are not read any more, unless another edge reads them. Their history stays in the bin for 7 days.",
      no: "Keep them",
      yes: "Remove",
    };
    openQuestion(this.#app, question, async () => {
      await this.#known.give({ type: "remove_devices", machines });
      this.#ticked = new Set();
      scrollTo(0, 0); // to what waits, and then to how it ended
    });
  }

  /** @param {Row[]} shown */
  #table(shown) {
    if (!shown.length) return html`<p class="card empty">No device matches.</p>`;
    /** @type {List<Row>} */
    const list = { body: ".removal-list tbody", rowPx: [44, 64], items: shown, key: ({ machine }) => machine };
    return html`<table class="grid removal-list" role="table" aria-label="Devices" aria-rowcount=${shown.length + 1}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader"><span class="unseen">Remove</span></th>
          ${["Name", "Model", "Place"].map((label) => html`<th role="columnheader">${label}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${windowedRows(list, (row, place) => this.#row(row, place))}
      </tbody>
    </table>`;
  }

  /** @param {Row} row @param {number} place */
  #row({ machine, name, model, labels }, place) {
    const toggle = () => {
      this.#ticked.has(machine) ? this.#ticked.delete(machine) : this.#ticked.add(machine);
      this.#app.redraw();
    };
    return html`<tr role="row" data-testid="removable" data-machine=${machine} aria-rowindex=${place + 2}>
      <td role="cell" class="tick-cell">
        <label class="tick"><input type="checkbox" aria-label="Remove ${name}" .checked=${this.#ticked.has(machine)} @change=${toggle} /></label>
      </td>
      <td role="cell" class="name-cell"><span class="name"><span title=${name}>${name}</span></span></td>
      <td role="cell" class="model-cell"><bdi>${model ?? "–"}</bdi></td>
      <td role="cell" class="place-cell"><bdi>${labels.place || "–"}</bdi></td>
    </tr>`;
  }
}

/** @param {Row[]} rows @param {string} text */
function shownOf(rows, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.filter((row) => words.every((word) => `${row.words}\n${(row.model ?? "").toLowerCase()}`.includes(word)));
  return shown.sort((a, b) => a.nameOrder - b.nameOrder);
}
