// One machine's page: its state, every figure with its age, its programs and cards, its history as charts, and its specs.

import { html } from "../vendor/lit-html/lit-html.js";
import { ApiError, inWords } from "../api.js";
import { cardsOf, concerning, subjectWords } from "../devices.js";
import { stateOf } from "../state.js";
import { asicPage } from "./asic.js";
import { listAddress } from "./asics.js";
import { cardsSection } from "./cards.js";
import { Charts } from "./charts.js";
import { Events } from "./events.js";
import { machineHeading } from "./machine_heading.js";
import { errorLine } from "./marks.js";
import { miningTiles } from "./mining.js";
import { parkedNote } from "./parking.js";
import { Programs } from "./programs.js";
import { RigWork } from "./rig_work.js";
import { agentNotes, cardSpecs, specsView } from "./specs.js";
import { tiles, unreadView } from "./tiles.js";

/** @import {App, Screen} from "../app.js" */
/** @import {Span} from "../spans.js" */
/** @import {Row} from "../store.js" */
/** @import {MachineView} from "../wire.js" */

// The figures of cards and programs do not come by the socket: they are read again after a report,
// no more often than this; where there is neither, so that one that is new is seen at all.
const AGAIN_S = 5;
const SELDOM_S = 60;

/** The machine as it was last read. */
class Reading {
  /** @type {MachineView | null} */
  view = null;
  gone = false;
  error = "";
  /** When it was last asked for. */
  askedAt = 0;
  #app;
  #machine;
  /** How often it was asked for, so that an answer that was overtaken is known. */
  #asked = 0;

  /** @param {App} app @param {string} machine */
  constructor(app, machine) {
    this.#app = app;
    this.#machine = machine;
  }

  /** Never throws. */
  load = async () => {
    const mine = (this.#asked += 1);
    this.askedAt = this.#app.clock.running();
    try {
      const view = await this.#app.api.machine(this.#machine);
      if (mine === this.#asked) this.#take(view);
    } catch (reason) {
      if (mine === this.#asked) this.#fail(reason);
    }
    this.#app.redraw();
  };

  /** @param {MachineView} view */
  #take(view) {
    Object.assign(this, { view, gone: false, error: "" });
    this.#app.store.applyView(this.#machine, view);
  }

  /** @param {unknown} reason */
  #fail(reason) {
    this.gone = reason instanceof ApiError && reason.status === 404;
    this.error = this.gone ? "" : inWords(reason);
    if (this.gone) this.#app.store.remove(this.#machine);
  }
}

/**
 * What the page consists of beside the machine's figures.
 * @typedef {object} Parts
 * @property {Charts} charts
 * @property {Events} events
 * @property {Programs} programs
 * @property {RigWork} work
 * @property {ReturnType<typeof parkedNote>} parked
 */

/** @param {App} app @param {string} machine @param {Span} span of its charts @returns {Screen} */
export function machineScreen(app, machine, span) {
  const known = new Reading(app, machine);
  const charts = new Charts(app, machine, span);
  const events = new Events(app, machine);
  const programs = new Programs(app, machine, known.load);
  const work = new RigWork(app, machine);
  const parts = { charts, events, programs, work, parked: parkedNote(app) };
  const retry = retrier(app, [known, charts, events]);
  let { listings } = app.store;
  let reported = true;

  const update = () => {
    const row = app.store.rows.get(machine);
    // Read again when the list was (a lost connection, a deletion) and at the very first report,
    // which brings the specs. The first list comes beside this page's own first reading.
    const listed = listings !== app.store.listings && listings !== 0;
    const relisted = listed && row !== undefined;
    const first = !reported && row !== undefined && row.live.received_at !== null;
    listings = app.store.listings;
    // On no list any more: to ask for it would only bring refusals.
    known.gone ||= listed && !row;
    reported = row ? row.live.received_at !== null : reported;
    const now = app.clock.running();
    if (relisted || first || (row && isOutdated(row, known, now))) known.load();
    if (relisted) events.load();
    charts.update(row, known.view, relisted, first);
    programs.update(known.view, now);
    work.update(row);
    if (row) events.update(row.live, stateOf(row.live, app.clock.now()), now);
    retry(now);
  };

  for (const part of [known, charts, events]) part.load();
  return {
    title: () => app.store.rows.get(machine)?.name ?? "Machine",
    menu: () => (app.store.rows.get(machine)?.kind === "asic" ? "asics" : "machines"),
    update,
    looked: () => (app.store.rows.has(machine) ? [machine] : []),
    view: () => screenView(app, machine, known, parts),
  };
}

/** @param {Row} row @param {Reading} known @param {number} now @returns {boolean} whether a report came since it was read */
function isOutdated({ live }, { view, askedAt }, now) {
  if (!view || live.received_at === (view.live.received_at?.[0] ?? null)) return false;
  const { programs = [], watched = [], orders = [], values = {} } = view;
  const more = programs.length + watched.length + orders.length + live.mining.length + Object.keys(values).length;
  return now - askedAt >= (more ? AGAIN_S : SELDOM_S);
}

/**
 * What could not be read is read again while the commander is heard.
 * @param {App} app
 * @param {{error: string, load: () => unknown}[]} readings
 * @returns {(now: number) => void}
 */
function retrier(app, readings) {
  let triedAt = 0;
  return (now) => {
    if (app.socket.connection !== "live" || now - triedAt < AGAIN_S) return;
    triedAt = now;
    for (const reading of readings) if (reading.error) reading.load();
  };
}

/** @param {App} app @param {string} machine @param {Reading} known @param {Parts} parts */
function screenView(app, machine, known, parts) {
  const row = app.store.rows.get(machine);
  if (known.gone) return goneView(app);
  if (!known.view || !row) return known.error ? troubleView(app, known.error, known.load) : loadingView(app, row);
  return machineView(app, row, known.view, known.error, parts);
}

/** @param {App} app @param {Row | undefined} row */
function loadingView(app, row) {
  return html`${backLink(app, row)}
    <p class="muted">Reading the machine…</p>`;
}

/** @param {App} app */
function goneView(app) {
  return html`${backLink(app)}
    <div class="card empty" data-testid="machine-gone">
      <h1 tabindex="-1" class="big">There is no such machine.</h1>
      <p class="muted">It was deleted, the address is wrong, or it is not among those that you may see. <a href="#/machines">See all machines</a></p>
    </div>`;
}

/** @param {App} app @param {string} error @param {() => void} load */
function troubleView(app, error, load) {
  return html`${backLink(app)} ${errorLine(error)}
    <p><button type="button" @click=${load}>Try again</button></p>`;
}

/** @param {App} app @param {Row} [row] */
function backLink(app, row) {
  if (row?.kind === "asic") return html`<a class="back" href=${listAddress(app)}>‹ All ASICs</a>`;
  return html`<a class="back" href="#/machines">‹ All machines</a>`;
}

/** @param {App} app @param {Row} row @param {MachineView} view @param {string} error @param {Parts} parts */
function machineView(app, row, view, error, parts) {
  const stale = stateOf(row.live, app.clock.now()) === "online" ? "" : "stale";
  return html`<article class="machine ${stale}" data-testid="machine" data-machine=${row.machine}>
    ${backLink(app, row)} ${row.kind === "asic" ? asicPage(app, row, view, error, parts) : rigPage(app, row, view, error, parts)}
  </article>`;
}

/** @param {App} app @param {Row} row @param {MachineView} view @param {string} error @param {Parts} parts */
function rigPage(app, row, view, error, { charts, events, programs, work, parked }) {
  const now = { states: app.clock.now(), ages: app.clock.running() };
  const cards = cardsOf(app.metrics, view);
  return html`${machineHeading(app, row, view, now)} ${errorLine(error)} ${parked(row, now)}
    <section aria-label="Current figures" class="tiles">
      ${miningTiles(row.live, now.ages)} ${tiles(concerning(app.metrics, cards, row.kind), row, view, now.ages)}
    </section>
    ${work.view(row)} ${programs.view(row, view, now)} ${cardsSection(app, row, view, now.ages)} ${charts.view(view, now.ages)}
    <div class="columns">
      <section>
        <h2>Machine</h2>
        ${specsView(row.machine, view)} ${cardSpecs(cards)} ${agentNotes(view)}
      </section>
      <div>
        <section>
          <h2>Last events</h2>
          ${events.view(now.ages, (subject) => subjectWords(cards, subject))}
        </section>
        <section>
          <h2>Not read</h2>
          ${unreadView(app.metrics, view, row.live)}
        </section>
      </div>
    </div>`;
}
