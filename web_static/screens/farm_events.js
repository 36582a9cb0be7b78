// What happened on the whole farm, newest first, with older pages on demand.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { machineAddress } from "../address.js";
import { subjectWords } from "../devices.js";
import { eventRow } from "./events.js";
import { Task } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App, Screen} from "../app.js" */
/** @import {MachineEvent} from "../wire.js" */

// The newest are read again after reports, no more often than this.
const AGAIN_S = 5;

class FarmEvents {
  /** @type {MachineEvent[] | null} */
  events = null;
  /** @type {string | null} */
  next = null;
  task;
  #app;
  #askedAt = 0;
  #version = 0;
  #listed = false;
  #older = false;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.task = new Task(app);
  }

  load() {
    [this.#askedAt, this.#version] = [this.#app.clock.running(), this.#app.store.version];
    return this.task.run(async () => {
      const { events, next } = await this.#app.api.events(null);
      [this.events, this.next] = [events, next ?? null];
    });
  }

  more() {
    this.#older = true;
    return this.task.run(async () => {
      const { events, next } = await this.#app.api.events(this.next);
      [this.events, this.next] = [[...(this.events ?? []), ...events], next ?? null];
    });
  }

  /** Whoever reads older ones is not taken back to the newest. */
  update() {
    const { listings, version } = this.#app.store;
    // The first list of machines tells of no event.
    if (!this.#listed && listings) [this.#listed, this.#version] = [true, version];
    const due = this.#app.clock.running() - this.#askedAt >= AGAIN_S && this.#version !== this.#app.store.version;
    if (due && !this.#older) this.load();
  }
}

/** @param {App} app @returns {Screen} */
export function farmEventsScreen(app) {
  const known = new FarmEvents(app);
  known.load();
  return { title: () => "Events", update: () => known.update(), view: () => screenView(app, known) };
}

/** @param {App} app @param {FarmEvents} known */
function screenView(app, known) {
  const { events, next, task } = known;
  return html`<section class="farm-events" data-testid="farm-events">
    <div class="heading"><h1 tabindex="-1">Events</h1></div>
    ${errorLine(task.error)} ${events || task.error ? nothing : html`<p class="muted">Reading…</p>`}
    ${events?.length === 0 ? html`<p class="muted">Nothing has happened yet.</p>` : nothing}
    ${events?.length ? listView(app, events) : nothing}
    ${next ? html`<p><button type="button" data-testid="older-events" ?disabled=${task.busy} @click=${() => known.more()}>Older</button></p>` : nothing}
  </section>`;
}

/** @param {App} app @param {MachineEvent[]} events */
function listView(app, events) {
  const now = app.clock.running();
  return html`<ul class="events card" data-testid="events">
    ${events.map((event) => eventRow(event, now, subjectWords([], event.subject ?? ""), machineLink(app, event.machine)))}
  </ul>`;
}

/** @param {App} app @param {string} machine */
function machineLink(app, machine) {
  const name = app.store.rows.get(machine)?.name ?? machine;
  return html`<a class="event-machine" href=${machineAddress(machine)}>${name}</a> `;
}
