// The last lines of a program's log: asked of the rig, waited for, and shown as plain text.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError, inWords } from "../api.js";
import { askedAt, isDue, standOf, withLog } from "../program_log.js";
import { ago, timeOfDay } from "../units.js";
import { copyButton } from "./command.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Asked} from "../program_log.js" */
/** @import {Order, ProgramLog} from "../wire.js" */

const LINES = 200;

export class Logs {
  #app;
  #machine;
  #load;
  /** By program, those that are open. @type {Map<string, Asked>} */
  #open = new Map();

  /** @param {App} app @param {string} machine @param {() => Promise<void>} load reads the machine anew */
  constructor(app, machine, load) {
    this.#app = app;
    this.#machine = machine;
    this.#load = load;
  }

  /** @param {string} program */
  isOpen(program) {
    return this.#open.has(program);
  }

  /** @param {string} program @param {number} now */
  toggle(program, now) {
    if (this.#open.delete(program)) this.#app.redraw();
    else this.#ask(program, now);
  }

  /** @param {string} program @param {number} now */
  async #ask(program, now) {
    const asked = askedAt(now, this.#open.get(program)?.log);
    this.#open.set(program, asked);
    try {
      const { number } = await this.#app.api.order(this.#machine, { action: "log", program, lines: LINES });
      // Only once the order is seen among those that wait does its absence mean something.
      await this.#load();
      asked.order = number;
    } catch (reason) {
      asked.error = inWords(reason);
    }
    this.#app.redraw();
  }

  /** @param {Order[]} waiting @param {number} now */
  update(waiting, now) {
    for (const [program, asked] of this.#open) if (isDue(asked, waiting, now)) this.#look(program, asked, now);
  }

  /** @param {string} program @param {Asked} asked @param {number} now */
  async #look(program, asked, now) {
    asked.triedAt = now;
    try {
      withLog(asked, await this.#app.api.log(this.#machine, program));
    } catch (reason) {
      const none = reason instanceof ApiError && reason.status === 404;
      asked.error = none ? "" : inWords(reason);
    }
    this.#app.redraw();
    if (asked.answered) requestAnimationFrame(() => requestAnimationFrame(() => showNewest(program)));
  }

  /** @param {string} program @param {number} now */
  view(program, now) {
    const asked = this.#open.get(program);
    if (!asked) return nothing;
    return html`<div class="log" data-testid="log">
      <p class="log-heading" role="status" data-testid="log-status">
        ${asked.error ? nothing : statusWords(asked, now)}
        ${standOf(asked, now) === "waiting" && !asked.error
          ? nothing
          : html`<button type="button" class="quiet" data-testid="log-again" @click=${() => this.#ask(program, now)}>Ask again</button>`}
      </p>
      ${errorLine(asked.error)} ${asked.log ? linesView(program, asked.log) : nothing}
    </div>`;
  }
}

/** @param {Asked} asked @param {number} now */
function statusWords(asked, now) {
  const stand = standOf(asked, now);
  if (stand === "waiting") return html`<span class="spinner" aria-hidden="true"></span><span>Asking the rig for its last lines…</span>`;
  if (stand === "silent") return html`<span>The rig did not answer.</span>`;
  const at = asked.log?.received_at ?? now;
  return html`<span title=${timeOfDay(at)}>Its last lines, as of ${ago(Math.max(0, now - at))}</span>`;
}

/** @param {string} program @param {ProgramLog} log */
function linesView(program, { lines }) {
  if (!lines.length) return html`<p class="muted">The log is empty.</p>`;
  const text = lines.join("\n");
  return html`<div class="log-lines">
    <pre id="log-${program}" tabindex="0" aria-label="Log of ${program}" data-testid="log-lines">${text}</pre>
    ${copyButton(text)}
  </div>`;
}

/** @param {string} program the newest line stands at the bottom */
function showNewest(program) {
  const lines = document.getElementById(`log-${program}`);
  if (lines) lines.scrollTop = lines.scrollHeight;
}
