// What became of a machine by itself, lately: a short list on its page.

import { html } from "../vendor/lit-html/lit-html.js";
import { ApiError, inWords } from "../api.js";
import { ago, dateAndTime } from "../units.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Reporting} from "../state.js" */
/** @import {MachineEvent, Transition} from "../wire.js" */

/** @type {Record<Transition, string>} */
const WORDS = {
  online: "came online",
  offline: "went offline",
  stopped: "stopped: its sentry said goodbye",
};

// The page sees by itself that a report is overdue; the commander writes it down within a minute.
const AGAIN_S = [2, 15, 75];

export class Events {
  #app;
  #machine;
  /** @type {MachineEvent[] | null} */
  #events = null;
  #error = "";
  /** @type {Reporting | null} */
  #state = null;
  #changedAt = 0;
  /** When to read again, epoch seconds. @type {number[]} */
  #due = [];

  /** @param {App} app @param {string} machine */
  constructor(app, machine) {
    this.#app = app;
    this.#machine = machine;
  }

  async load() {
    try {
      [this.#events, this.#error] = [(await this.#app.api.machineEvents(this.#machine)).events, ""];
    } catch (reason) {
      const gone = reason instanceof ApiError && reason.status === 404;
      this.#error = gone ? "" : inWords(reason);
    }
    this.#app.redraw();
  }

  /**
   * A changed state is an event; it is read as soon as it is written down.
   * @param {Reporting} state
   * @param {number} now
   */
  update(state, now) {
    if (state !== this.#state) this.#follow(state, now);
    if (this.#due[0] === undefined || now < this.#due[0]) return;
    this.#due.shift();
    if (this.#isTold()) this.#due = [];
    else this.load();
  }

  /** @param {Reporting} state @param {number} now */
  #follow(state, now) {
    const first = this.#state === null;
    [this.#state, this.#changedAt] = [state, now];
    this.#due = first || state === "late" ? [] : AGAIN_S.map((seconds) => now + seconds);
  }

  /** Whether the newest event is the one of the present state. */
  #isTold() {
    const newest = this.#events?.[0];
    return newest !== undefined && newest.state === this.#state && newest.at > this.#changedAt - AGAIN_S[2];
  }

  /** @param {number} now */
  view(now) {
    if (this.#error) return errorLine(this.#error);
    if (!this.#events) return html`<p class="muted">Reading…</p>`;
    if (!this.#events.length) return html`<p class="muted">Nothing has happened to it yet.</p>`;
    return html`<ul class="events" data-testid="events">
      ${this.#events.map((event) => eventRow(event, now))}
    </ul>`;
  }
}

/** @param {MachineEvent} event @param {number} now */
function eventRow({ at, state }, now) {
  return html`<li data-state=${state} data-testid="event">
    <span class="dot" aria-hidden="true"></span><span>${WORDS[state] ?? state}</span>
    <time class="muted" datetime=${new Date(at * 1000).toISOString()} title=${ago(Math.max(0, now - at))}
      >${dateAndTime(at)}</time
    >
  </li>`;
}
