// The dialog that reads the whole audit log and saves it as a file.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { csvLines, everyLine, jsonLines } from "../audit_file.js";
import { count } from "../units.js";
import { openDialog } from "./dialogs.js";
import { choice, Task } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */

// As many as the commander gives at once.
const PAGE_LINES = 200;

const FORMATS = {
  csv: { label: "CSV", meaning: "for spreadsheets; text that looks like a formula stays text", type: "text/csv", of: csvLines },
  jsonl: { label: "JSON lines", meaning: "for programs, one line each", type: "application/x-ndjson", of: jsonLines },
};

/** @typedef {keyof typeof FORMATS} Format */
/** @typedef {{format: Format, lines: number, of: number, done: boolean}} Progress */

/** @param {App} app */
export function openExport(app) {
  const task = new Task(app);
  /** @type {Progress} */
  const progress = { format: "csv", lines: 0, of: 0, done: false };
  const { api } = app;

  /** @param {HTMLDialogElement} dialog closed, it ends the reading */
  const run = (dialog) =>
    task.run(async () => {
      Object.assign(progress, { lines: 0, of: 0, done: false });
      const open = () => dialog.open || Promise.reject(new Error("closed"));
      const lines = await everyLine(
        async (after) => (await open()) && api.audit(after, PAGE_LINES),
        (read, of) => {
          Object.assign(progress, { lines: read, of });
          app.redraw();
        },
      );
      await open();
      const { type, of } = FORMATS[progress.format];
      save(new Blob(of(lines), { type }), `audit-${new Date().toISOString().slice(0, 10)}.${progress.format}`);
      progress.done = true;
    });
  openDialog(app, (dialog) => dialogView(app, dialog, task, progress, run));
}

/** @param {Blob} content @param {string} name */
function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * @param {App} app
 * @param {HTMLDialogElement} dialog
 * @param {Task} task
 * @param {Progress} progress
 * @param {(dialog: HTMLDialogElement) => void} run
 */
function dialogView(app, dialog, task, progress, run) {
  const { lines, of, done } = progress;
  /** @param {Format} value */
  const one = (value) => {
    const choose = () => {
      progress.format = value;
      app.redraw();
    };
    const { label, meaning } = FORMATS[value];
    return choice({ name: "format", value, label, meaning, chosen: progress.format === value, choose });
  };
  return html`<h2 id="dialog-title">Export the audit log</h2>
    <p>All lines, the oldest first, with times in UTC.</p>
    <fieldset ?disabled=${task.busy}>${one("csv")} ${one("jsonl")}</fieldset>
    ${errorLine(task.told)}
    ${task.busy ? html`<progress max=${of || 1} value=${lines} aria-label="Lines read"></progress>` : nothing}
    <p class="answer ${done ? "done" : "muted"}" role="status" data-testid="export-answer">
      ${done ? `Saved: ${count(lines)} lines.` : task.busy ? `${count(lines)} of ${count(of)} lines…` : ""}
    </p>
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>${done ? "Close" : "Cancel"}</button>
      <button type="button" class="primary" data-testid="start-export" ?disabled=${task.busy} @click=${() => run(dialog)}>
        ${task.busy ? "Reading…" : "Export"}
      </button>
    </div>`;
}
