// Searching for devices by an ASIC edge: the ranges, how far it is, what was found, and adding it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { isSearching, newestOf, searchWords } from "../errands.js";
import { mayBeAdded } from "../found.js";
import { rangesIn, rangesOf } from "../ranges.js";
import { count } from "../units.js";
import { elsewhereNote } from "./edge_result.js";
import { Adding } from "./edge_adding.js";
import { fieldError, focusMistake, Task } from "./fields.js";
import { FoundTable } from "./found_table.js";

/** @import {App} from "../app.js" */
/** @import {EdgeView, ErrandView, SearchState} from "../wire.js" */
/** @import {EdgeReading} from "../edge_reading.js" */
/** @import {Results} from "./edge_result.js" */

export class EdgeSearch {
  #app;
  #known;
  #results;
  #task;
  #table;
  #adding;
  /** What is typed; null until then: the last search's ranges, or the edge's own networks. @type {string | null} */
  #typed = null;
  #public = false;
  #mistake = "";
  /** The search that the ticks are of. */
  #number = 0;

  /** @param {App} app @param {EdgeReading} known @param {Results} results */
  constructor(app, known, results) {
    this.#app = app;
    this.#known = known;
    this.#results = results;
    this.#task = new Task(app);
    this.#table = new FoundTable(app);
    this.#adding = new Adding(app, known, this.#table);
  }

  /** @param {EdgeView} view */
  view(view) {
    const { state, found } = view;
    const search = state?.search ?? null;
    if (search && search.number !== this.#number) {
      if (this.#number) this.#table.forget();
      this.#number = search.number;
    }
    const { changeAgents } = this.#app.may;
    const told = worthTelling(view);
    const open = this.#known.open(["add_found"]).length > 0;
    return html`<section class="edge-search" data-testid="edge-search">
      ${changeAgents ? this.#form(view, search) : nothing} ${search ? this.#progress(search) : this.#none()}
      ${this.#results.view(told, this.#known, told?.kind === "add_found" ? elsewhereNote(state) : nothing)} ${found.length ? this.#table.view(found) : nothing}
      ${changeAgents && found.some(mayBeAdded) ? this.#adding.view(found, open || isSearching(search, this.#known.reporting)) : nothing}
    </section>`;
  }

  #none() {
    if (this.#known.open(["search"]).length) return nothing;
    return html`<p class="muted" data-testid="never-searched">This edge has not searched yet.</p>`;
  }

  /** @param {EdgeView} view @param {SearchState | null} search */
  #form({ state }, search) {
    const searched = search?.ranges ?? [];
    const text = this.#typed ?? (searched.length ? searched : rangesOf(state?.networks ?? [])).join("\n");
    const { addresses, error, isPublic } = rangesIn(text, this.#public);
    const foreign = isPublic && !rangesIn(text, true).error;
    const runs = isSearching(search, this.#known.reporting);
    // One that was under way when the edge was last heard keeps nobody from another.
    const under = runs || this.#known.open(["search"]).some(({ number }) => number !== search?.number);
    const shown = this.#mistake || this.#task.error;
    /** @param {SubmitEvent} event */
    const submit = (event) => {
      event.preventDefault();
      return this.#start(text);
    };
    return html`<form class="card edge-form" @submit=${submit} novalidate>
      <div class="field">
        <label for="field-ranges">Where to search</label>
        <textarea
          id="field-ranges"
          data-testid="ranges"
          rows=${Math.min(6, Math.max(2, text.split("\n").length))}
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          .value=${text}
          aria-invalid=${shown ? "true" : nothing}
          aria-describedby="hint-ranges error-ranges"
          @input=${(/** @type {InputEvent} */ event) => this.#type(/** @type {HTMLTextAreaElement} */ (event.target).value)}
        ></textarea>
        <span class="hint" id="hint-ranges">
          Such as 192.168.1.0/24, 10.0.0.5-10.0.0.99 or 10.0.0.7, one a line.
          ${error && !foreign ? nothing : html`${count(addresses)} ${addresses === 1 ? "address" : "addresses"}.`} Nothing is added by a search.
        </span>
        ${fieldError("ranges", shown)}
      </div>
      ${isPublic || this.#public ? this.#publicChoice(foreign) : nothing}
      <div class="actions">
        ${this.#mayEnd(search) ? html`<button type="button" data-testid="end-search" ?disabled=${this.#task.busy} @click=${() => this.#end()}>End the search</button>` : nothing}
        <button class="primary" data-testid="start-search" ?disabled=${this.#task.busy || under}>
          ${runs ? "Searching…" : under ? "Waiting for the edge…" : "Start the search"}
        </button>
      </div>
    </form>`;
  }

  /** @param {boolean} foreign some of what is typed is no private network's */
  #publicChoice(foreign) {
    const toggle = () => {
      this.#public = !this.#public;
      this.#mistake = "";
      this.#app.redraw();
    };
    return html`<label class="edge-check">
      <input type="checkbox" data-testid="public" .checked=${this.#public} @change=${toggle} />
      <span>${foreign ? "Some of these addresses are outside private networks: they are mine" : "Also addresses outside private networks: they are mine"}</span>
    </label>`;
  }

  /** @param {SearchState | null} search */
  #mayEnd(search) {
    return search?.state === "running" && !this.#known.open(["end_search"]).length;
  }

  /** @param {string} text */
  #type(text) {
    [this.#typed, this.#mistake] = [text, ""];
    this.#app.redraw();
  }

  /** @param {string} text */
  async #start(text) {
    const { ranges, error } = rangesIn(text, this.#public);
    this.#mistake = error;
    if (error) {
      this.#app.redraw();
      return focusMistake();
    }
    await this.#task.run(() => this.#known.give({ type: "search", ranges, public: this.#public }));
  }

  #end() {
    return this.#task.run(() => this.#known.give({ type: "end_search" }));
  }

  /** @param {SearchState} search */
  #progress(search) {
    const { state, tried, total } = search;
    const { reporting } = this.#known;
    const now = this.#app.clock.running();
    return html`<div class="edge-progress" data-testid="search-state" data-state=${state}>
      ${isSearching(search, reporting) ? html`<progress max=${Math.max(1, total)} value=${tried} aria-label="Addresses tried"></progress>` : nothing}
      <p class=${state === "failed" ? "error" : ""}><bdi>${searchWords(search, now, reporting)}</bdi></p>
    </div>`;
  }
}

/** @param {EdgeView} view @returns {ErrandView | null} the last addition of this search's devices, or why there was no search */
function worthTelling(view) {
  const number = view.state?.search?.number ?? 0;
  const [asked, added] = [newestOf(view, ["search"]), newestOf(view, ["add_found"])];
  const failed = asked && asked.number > number && (asked.expired || asked.result?.ok === false);
  if (failed && asked.number > (added?.number ?? 0)) return asked;
  return added && added.number > number ? added : null;
}
