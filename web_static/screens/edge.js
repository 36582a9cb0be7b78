// One ASIC edge's page: how it is doing, searching for devices, adding, changing and removing them.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { edgeAddress } from "../address.js";
import { EdgeReading } from "../edge_reading.js";
import { ago, dateAndTime } from "../units.js";
import { EdgeImport } from "./edge_import.js";
import { overview } from "./edge_overview.js";
import { Questions } from "./edge_questions.js";
import { EdgeRemoval } from "./edge_removal.js";
import { pastView, Results, waitingView } from "./edge_result.js";
import { EdgeSearch } from "./edge_search.js";
import { pasteLine, runSteps } from "./edge_start.js";
import { focusOn } from "./fields.js";
import { errorLine, simulatedBadge, stateMark, unreadLine } from "./marks.js";

/** @import {App, Screen} from "../app.js" */
/** @import {EdgeView} from "../wire.js" */

/** @typedef {"overview" | "search" | "spreadsheet" | "remove"} Part */
/** @type {Record<Part, string>} */
const PARTS = { overview: "Overview", search: "Search", spreadsheet: "Spreadsheet", remove: "Remove" };

class EdgePage {
  known;
  #app;
  #agent;
  /** @type {Part} */
  #part;
  #questions;
  #search;
  #sheet;
  #removal;

  /** @param {App} app @param {string} agent @param {string} part */
  constructor(app, agent, part) {
    this.#app = app;
    this.#agent = agent;
    this.known = new EdgeReading(app, agent);
    this.#part = part in PARTS ? /** @type {Part} */ (part) : "overview";
    const results = new Results(app);
    this.#questions = new Questions(app, this.known);
    this.#search = new EdgeSearch(app, this.known, results);
    this.#sheet = new EdgeImport(app, this.known, results);
    this.#removal = new EdgeRemoval(app, this.known, results);
  }

  /** @param {Part} part the address says so too, for a page that is read anew */
  #open(part) {
    this.#part = part;
    history.replaceState(null, "", edgeAddress(this.#agent, part === "overview" ? "" : part));
    this.#app.redraw();
    focusOn(`[data-testid="part-${part}"]`);
  }

  view() {
    const { view, gone, error, load } = this.known;
    if (gone) return goneView();
    if (!view) return html`${backLink()} ${error ? unreadLine(error, load) : html`<p class="muted">Reading the edge…</p>`}`;
    return html`<article class="edge" data-testid="edge" data-agent=${this.#agent}>
      ${backLink()} ${this.#heading(view)} ${errorLine(error)}
      ${view.state ? html`${this.#parts()} ${this.#oldNote(view)} ${waitingView(this.known)} ${this.#content(view)}` : html`${waitingView(this.known)} ${neverView(view)}`}
    </article>`;
  }

  /** @param {EdgeView} view */
  #heading({ agent, received_at }) {
    const now = this.#app.clock.running();
    return html`<div class="heading">
      <div>
        <h1 tabindex="-1"><bdi>${agent.name}</bdi> ${simulatedBadge(agent.simulated)}</h1>
        <p class="subline">
          ${stateMark(this.known.reporting, "edge-state")}<span>ASIC edge</span>
          ${received_at === null
            ? nothing
            : html`<span title=${dateAndTime(received_at)}>last report: <span data-testid="age">${ago(Math.max(0, now - received_at))}</span></span>`}
          ${agent.agent_version ? html`<span>version <bdi>${agent.agent_version}</bdi></span>` : nothing}
        </p>
      </div>
    </div>`;
  }

  #parts() {
    // Who only looks is shown no way to what they may not do.
    const parts = this.#app.may.changeAgents ? Object.keys(PARTS) : ["overview", "search"];
    return html`<div class="segments edge-parts" role="group" aria-label="Parts of this page">
      ${/** @type {Part[]} */ (parts).map(
        (part) => html`<button type="button" data-testid="part-${part}" aria-pressed=${String(part === this.#shown())} @click=${() => this.#open(part)}>
          ${PARTS[part]}
        </button>`,
      )}
    </div>`;
  }

  /** @returns {Part} */
  #shown() {
    return this.#app.may.changeAgents || this.#part === "search" ? this.#part : "overview";
  }

  /** @param {EdgeView} view */
  #content(view) {
    const part = this.#shown();
    if (part === "search") return this.#search.view(view);
    if (part === "spreadsheet") return this.#sheet.view(view);
    if (part === "remove") return this.#removal.view(view);
    const search = () => this.#open("search");
    return html`${overview(this.#app, view, search, this.#questions.view(view))} ${pastView(this.known)}`;
  }

  /** @param {EdgeView} view */
  #oldNote({ received_at }) {
    if (received_at === null || this.known.reporting === "online" || this.known.reporting === "late") return nothing;
    const why = this.known.reporting === "stopped" ? "The edge was stopped" : "The edge does not report now";
    return html`<p class="note" data-testid="edge-old">
      ${why}: what is shown here was so on ${dateAndTime(received_at)}. See what is wrong at its
      computer with <code>asic-edge doctor</code>.
    </p>`;
  }
}

/** @param {App} app @param {string} agent @param {string} part of the page @returns {Screen} */
export function edgeScreen(app, agent, part) {
  const page = new EdgePage(app, agent, part);
  page.known.load();
  return {
    title: () => page.known.view?.agent.name ?? "ASIC edge",
    update: () => page.known.update(),
    // An edge that is looked at reports more often.
    looked: () => (page.known.view ? [agent] : []),
    view: () => page.view(),
  };
}

function backLink() {
  return html`<a class="back" href="#/sentries">‹ All sentries</a>`;
}

function goneView() {
  return html`${backLink()}
    <div class="card empty" data-testid="edge-gone">
      <h1 tabindex="-1" class="big">There is no such edge.</h1>
      <p class="muted">It was deleted, or the address is wrong. <a href="#/sentries">See all sentries</a></p>
    </div>`;
}

/** @param {EdgeView} view of one that never reported */
function neverView({ agent }) {
  return html`<div class="card edge-start" data-testid="edge-never">
    <p class="big">This edge has not reported yet.</p>
    ${agent.enrolled_at === null
      ? html`<p>
          Run the command that was shown when it was created on a computer in the ASICs’ network. If it is lost, make a new token
          for it <a href="#/sentries">among the sentries</a>. The command looks like this:
        </p>
        <p><code>asic-edge enrol --url https://… --token …</code></p>`
      : html`<p>It is enrolled; it only has to run.</p>`}
    ${runSteps()}
    <p class="muted small">If it does not come, this says why:</p>
    ${pasteLine("asic-edge doctor")}
  </div>`;
}
