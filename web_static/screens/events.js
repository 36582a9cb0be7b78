// What became of a machine, lately: a short list on its page, whose rows the list of the whole farm shares.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError, inWords } from "../api.js";
import { eventWords, LEVELS, levelOf } from "../event_words.js";
import { ago, dateAndTime } from "../units.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Reporting} from "../state.js" */
/** @import {MachineEvent} from "../wire.js" */

// The page sees by itself that a report is overdue; the commander writes it down within a minute.
const AGAIN_S = [2, 15, 75];
// What a sentry tells is stored with the report in which the page sees a change.
const TOLD_S = 1;

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
  #stand = "";
  #toldAt = Infinity;

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
   * @param {string} stand of its programs and cards; "" while not known
   * @param {number} now
   */
  update(state, stand, now) {
    if (state !== this.#state) this.#follow(state, now);
    if (this.#stand && stand !== this.#stand) this.#toldAt = now + TOLD_S;
    this.#stand = stand;
    if (now >= this.#toldAt) {
      this.#toldAt = Infinity;
      this.load();
    }
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

  /** Whether the newest change of state is the one to the present state. */
  #isTold() {
    const newest = this.#events?.find(({ state }) => state);
    return newest !== undefined && newest.state === this.#state && newest.at > this.#changedAt - AGAIN_S[2];
  }

  /** @param {number} now @param {(subject: string) => string} subjectWords */
  view(now, subjectWords) {
    if (this.#error) return errorLine(this.#error);
    if (!this.#events) return html`<p class="muted">Reading…</p>`;
    if (!this.#events.length) return html`<p class="muted">Nothing has happened to it yet.</p>`;
    return html`<ul class="events" data-testid="events">
      ${this.#events.map((event) => eventRow(event, now, subjectWords(event.subject ?? "")))}
    </ul>`;
  }
}

/**
 * @param {MachineEvent} event
 * @param {number} now
 * @param {string} subject of what, in words; "" for all
 * @param {unknown} [machine] whose it is, where several are listed
 */
export function eventRow(event, now, subject, machine = nothing) {
  const { at, state, kind, program, reason } = event;
  const level = levelOf(event);
  return html`<li data-state=${state ?? nothing} data-level=${level} data-kind=${kind ?? nothing} data-testid="event">
    <span class="dot" role=${level === "note" ? nothing : "img"} aria-label=${level === "note" ? nothing : LEVELS[level]} title=${LEVELS[level]}></span>
    <span class="event-words">
      ${machine}${program ? html`<b>${program}</b> ` : nothing}${eventWords(event)}${subject ? ` (${subject})` : nothing}
      ${reason ? html`<span class="muted">${reason}</span>` : nothing}
    </span>
    <time class="muted" datetime=${new Date(at * 1000).toISOString()} title=${ago(Math.max(0, now - at))}
      >${dateAndTime(at)}</time
    >
  </li>`;
}
