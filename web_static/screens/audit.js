// Who did what in the farm, newest first, with what differs since; and all of it as a file.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { guard } from "../vendor/lit-html/directives/guard.js";
import { machineAddress } from "../address.js";
import { actionWords, changesIn, thingOf } from "../audit_words.js";
import { count, dateAndTime, NONE } from "../units.js";
import { openExport } from "./audit_export.js";
import { Task } from "./fields.js";
import { errorLine, unreadLine } from "./marks.js";

/** @import {App, Screen} from "../app.js" */
/** @import {Change, Thing} from "../audit_words.js" */
/** @import {AuditLine} from "../wire.js" */

const LINES = 50;

/** @typedef {{line: AuditLine, action: string, thing: Thing, changes: Change[], text: string}} Told */

/** @param {AuditLine} line @returns {Told} worked out once: the screen is drawn each second */
function told(line) {
  const [action, thing, changes] = [actionWords(line.action), thingOf(line), changesIn(line)];
  const words = changes.flatMap(({ field, before, after }) => [field, before, after]);
  const text = [line.by, line.address, action, line.thing, thing.name, ...words].join("\n").toLowerCase();
  return { line, action, thing, changes, text };
}

class Audit {
  /** @type {Told[] | null} */
  lines = null;
  /** @type {string | null} */
  next = null;
  sought = "";
  task;
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.task = new Task(app);
  }

  more() {
    return this.task.run(async () => {
      const page = await this.#app.api.audit(this.next, LINES);
      [this.lines, this.next] = [[...(this.lines ?? []), ...page.lines.map(told)], page.next];
    });
  }

  /** @param {string} text */
  seek(text) {
    this.sought = text;
    this.#app.redraw();
  }

  /** @returns {Told[]} those that hold every word, also in a machine's name */
  get found() {
    const words = this.sought.toLowerCase().split(/\s+/).filter(Boolean);
    const name = (/** @type {Told} */ { thing }) => machineName(this.#app, thing).toLowerCase();
    return (this.lines ?? []).filter((one) => words.every((word) => one.text.includes(word) || name(one).includes(word)));
  }
}

/** @param {App} app @param {Thing} thing */
function machineName(app, { name, machine }) {
  return app.store.rows.get(machine)?.name ?? name;
}

/** @param {App} app @returns {Screen} */
export function auditScreen(app) {
  const audit = new Audit(app);
  audit.more();
  return { title: () => "Audit", view: () => screenView(app, audit) };
}

/** @param {App} app @param {Audit} audit */
function screenView(app, audit) {
  const { lines, task } = audit;
  return html`<section class="audit" data-testid="audit">
    <div class="heading">
      <div>
        <h1 tabindex="-1">Audit</h1>
        <p class="muted">
          Who changed what in <bdi>${app.seat?.name}</bdi>. Each line is sealed with a digest of itself and of the line
          before it, so that one that was changed or taken away is found: whoever runs this commander checks with
          <code>commander admin verify-audit</code>.
        </p>
      </div>
      <button type="button" data-testid="export" ?disabled=${!lines?.length} @click=${() => openExport(app)}>Export</button>
    </div>
    ${lines ? html`${listView(app, audit, lines)} ${errorLine(task.told)}` : unreadLine(task.told, () => audit.more())} ${endView(audit)}
  </section>`;
}

/** @param {App} app @param {Audit} audit @param {Told[]} lines */
function listView(app, audit, lines) {
  if (!lines.length) return html`<p class="muted">Nothing was changed yet.</p>`;
  // Thousands of lines are not drawn anew each second: machines' names change with the list of machines alone.
  const shown = guard([lines, audit.sought, app.store.listings], () => foundView(app, audit.found, lines.length));
  return html`<div class="toolbar">
      <input
        type="search"
        aria-label="Filter"
        placeholder="Filter by person, deed, thing, address"
        data-testid="filter"
        @input=${(/** @type {InputEvent} */ event) => audit.seek(/** @type {HTMLInputElement} */ (event.target).value)}
      />
    </div>
    ${shown}`;
}

/** @param {App} app @param {Told[]} found @param {number} of so many lines */
function foundView(app, found, of) {
  if (!found.length) return html`<p class="muted" data-testid="none-found">None of the ${count(of)} lines that are shown holds that.</p>`;
  return html`<ol class="card audit-lines">${found.map((one) => lineView(app, one))}</ol>`;
}

/** @param {App} app @param {Told} one */
function lineView(app, { line, action, thing, changes }) {
  const { number, at, by, address } = line;
  return html`<li data-testid="audit-line">
    <div class="audit-words">
      <b><bdi>${by}</bdi></b> ${action} ${thingView(app, thing)}
      ${changes.length ? html`<dl class="facts changes">${changes.map(changeView)}</dl>` : nothing}
    </div>
    <span class="muted audit-origin" title="Line ${number}, SHA-256 ${line.sha256}">
      <time datetime=${new Date(at * 1000).toISOString()}>${dateAndTime(at)}</time>
      ${address ? html`<bdi title="The address that it came from">${address}</bdi>` : nothing}
    </span>
  </li>`;
}

/** @param {App} app @param {Thing} thing */
function thingView(app, thing) {
  const name = machineName(app, { ...thing, name: thing.name || thing.machine });
  if (!thing.name) return nothing;
  if (!app.store.rows.has(thing.machine)) return html`<bdi>${name}</bdi>`;
  return html`<a class="event-machine" href=${machineAddress(thing.machine)}>${name}</a>`;
}

/** @param {Change} change */
function changeView({ field, before, after }) {
  const both = before !== NONE && after !== NONE;
  return html`<dt>${field || "all of it"}</dt>
    <dd>
      ${before === NONE ? nothing : html`<del>${before}</del>`} ${both ? html`<span aria-hidden="true">→</span>` : nothing}
      ${after === NONE ? nothing : html`<ins>${after}</ins>`}
    </dd>`;
}

/** @param {Audit} audit */
function endView(audit) {
  const { lines, next, task } = audit;
  if (!lines) return task.error ? nothing : html`<p class="muted">Reading…</p>`;
  if (next === null) return nothing;
  const shown = audit.sought ? html`<span class="muted">The filter looks at the ${count(lines.length)} lines read so far.</span>` : nothing;
  return html`<p class="audit-more">
    <button type="button" data-testid="older-lines" ?disabled=${task.busy} @click=${() => audit.more()}>
      ${task.busy ? "Reading…" : "Older"}
    </button>
    ${shown}
  </p>`;
}
