// What became of a machine, lately: a short list on its page, whose rows the list of the whole farm shares.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError, inWords } from "../api.js";
import { eventWords, LEVELS, levelOf } from "../event_words.js";
import { ago, dateAndTime } from "../units.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Reporting} from "../state.js" */
/** @import {Live} from "../store.js" */
/** @import {MachineEvent} from "../wire.js" */

// What a sentry tells comes with a report: read again after one, no more often than this.
const AGAIN_S = 5;
// Where reports wait in a queue, an event is written down a moment after its report is seen.
const STORED_S = 1;
// The page sees by itself that a report is overdue; the commander writes it down within a minute.
const OVERDUE_S = [2, 15, 75];

export class Events {
  error = "";
  #app;
  #machine;
  /** @type {MachineEvent[] | null} */
  #events = null;
  #askedAt = 0;
  /** How often they were asked for, so that an answer that was overtaken is known. */
  #asked = 0;
  /** What was last seen of the machine; "": nothing yet. */
  #seen = "";
  /** When to read again, epoch seconds. @type {number[]} */
  #due = [];

  /** @param {App} app @param {string} machine */
  constructor(app, machine) {
    this.#app = app;
    this.#machine = machine;
  }

  async load() {
    const mine = (this.#asked += 1);
    this.#askedAt = this.#app.clock.running();
    try {
      const { events } = await this.#app.api.machineEvents(this.#machine);
      if (mine === this.#asked) [this.#events, this.error] = [events, ""];
    } catch (reason) {
      const gone = reason instanceof ApiError && reason.status === 404;
      if (mine === this.#asked) this.error = gone ? "" : inWords(reason);
    }
    this.#app.redraw();
  }

  /**
   * A report may bring events, and a change of state is one.
   * @param {Live} live
   * @param {Reporting} state
   * @param {number} now
   */
  update({ received_at }, state, now) {
    const seen = `${received_at} ${state}`;
    if (this.#seen && seen !== this.#seen) {
      const overdue = state === "offline" ? OVERDUE_S.map((seconds) => now + seconds) : [];
      // An earlier reading that is still due comes first.
      this.#due = [Math.min(this.#due[0] ?? Infinity, Math.max(now + STORED_S, this.#askedAt + AGAIN_S)), ...overdue];
    }
    this.#seen = seen;
    if (this.#due[0] === undefined || now < this.#due[0]) return;
    this.#due = this.#due.filter((at) => at > now);
    this.load();
  }

  /** @param {number} now @param {(subject: string) => string} subjectWords */
  view(now, subjectWords) {
    if (this.error) return errorLine(this.error);
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
      ${machine}${program ? html`<b><bdi>${program}</bdi></b> ` : nothing}<bdi>${eventWords(event)}</bdi>${subject ? html` (<bdi>${subject}</bdi>)` : nothing}
      ${reason ? html`<bdi class="muted">${reason}</bdi>` : nothing}
    </span>
    <time class="muted" datetime=${new Date(at * 1000).toISOString()} title=${ago(Math.max(0, now - at))}
      >${dateAndTime(at)}</time
    >
  </li>`;
}
