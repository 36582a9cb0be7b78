// Programs that playbooks can install: the catalogue, and the farm's own.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { addSoftware, deleteSoftware, readSoftware } from "../template_calls.js";
import { installable, obstacles, sha256Of, SYSTEMS } from "../templates.js";
import { openDialog } from "./dialogs.js";
import { filledIn, focusMistake, Task, textField } from "./fields.js";
import { errorLine, unreadLine } from "./marks.js";
import { playbookTabs } from "./playbook_tabs.js";
import { openQuestion } from "./question.js";

/** @import {App, Screen} from "../app.js" */
/** @import {Archive, Software, SoftwareList, System} from "../wire.js" */

/** @type {Archive["kind"][]} */
const KINDS = ["tar.gz", "tar.xz", "tar.bz2", "zip", "file"];
const FIELDS = ["program", "version", "archive.url", "archive.sha256", "archive.executable"];

/** @param {App} app @returns {Screen} */
export function softwareScreen(app) {
  const task = new Task(app);
  /** @type {SoftwareList | null} */
  let list = null;
  let wanted = "";
  const load = () =>
    task.run(async () => {
      list = await readSoftware(app.api);
    });
  const search = (/** @type {string} */ text) => {
    wanted = text;
    app.redraw();
  };
  load();
  return {
    title: () => "Software",
    view: () => html`${playbookTabs("software")}
      <div class="sections wide" data-testid="software">
        <div class="heading">
          <div><h1 tabindex="-1">Software</h1><p class="muted">Programs that a playbook can install, with the SHA-256 that each download must have.</p></div>
          <button type="button" class="primary" data-testid="new-software" @click=${() => openSoftwareForm(app, load)}>Add your own</button>
        </div>
        ${unreadLine(task.error, load)} ${list || task.error ? nothing : html`<p class="muted">Reading…</p>`}
        ${list ? listView(app, list, wanted, search, load) : nothing}
      </div>`,
  };
}

/** @param {App} app @param {SoftwareList} list @param {string} wanted @param {(text: string) => void} search @param {() => unknown} load */
function listView(app, { software }, wanted, search, load) {
  const found = software.filter(({ program, version }) => `${program} ${version}`.toLowerCase().includes(wanted.trim().toLowerCase()));
  return html`<section class="card">
    ${textField({ name: "search", label: "Search", typed: search })}
    <p class="muted" role="status" ?hidden=${found.length > 0}>Nothing is called that.</p>
    <ul class="rows">
      ${found.map((one) => rowView(app, one, load))}
    </ul>
  </section>`;
}

/** @param {App} app @param {Software} software @param {() => unknown} load */
function rowView(app, software, load) {
  const { program, version, own = false, readable = true } = software;
  const [systems, reasons] = [installable(software).map((one) => SYSTEMS[one]), obstacles(software)];
  return html`<li data-testid="program">
    <span>
      <b><bdi>${program}</bdi></b> <bdi>${version}</bdi>
      ${own ? html`<span class="badge">your own</span>` : nothing}
      <span class="muted">${systems.length ? `for ${systems.join(" and ")}` : "cannot be installed"}${readable ? nothing : "; its figures cannot be read, it runs all the same"}</span>
      ${reasons.map((reason) => html`<span class="muted" data-testid="obstacle">Not installable: <bdi>${reason}</bdi></span>`)}
    </span>
    ${own ? html`<button type="button" class="quiet danger-text" data-testid="delete-software" aria-label="Delete ${program} ${version}" @click=${() => askToDelete(app, software, load)}>Delete</button>` : nothing}
  </li>`;
}

/** @param {App} app @param {Software} software @param {() => unknown} load */
function askToDelete(app, { program, version }, load) {
  const act = async () => {
    await deleteSoftware(app.api, program, version);
    await load();
  };
  const title = html`Delete <bdi>${program}</bdi> <bdi>${version}</bdi>?`;
  openQuestion(app, { title, words: "Rigs that have it keep it. It is refused while a playbook names it.", no: "Keep it", yes: "Delete" }, act);
}

/** @param {App} app @param {() => unknown} saved */
function openSoftwareForm(app, saved) {
  const task = new Task(app);
  /** @param {SubmitEvent} event @param {HTMLDialogElement} dialog */
  const submit = async (event, dialog) => {
    const typed = filledIn(event);
    const archiveIn = () => ({ url: typed("archive.url"), sha256: sha256Of(typed("archive.sha256")), kind: /** @type {Archive["kind"]} */ (typed("kind")), executable: typed("archive.executable") });
    const added = { program: typed("program"), version: typed("version"), system: /** @type {System} */ (typed("system")) };
    if (!(await task.run(async () => addSoftware(app.api, { ...added, archive: archiveIn() })))) return focusMistake();
    dialog.close();
    saved();
  };
  openDialog(app, (dialog) => formView(dialog, task, submit), task);
}

/** @param {HTMLDialogElement} dialog @param {Task} task @param {(event: SubmitEvent, dialog: HTMLDialogElement) => void} submit */
function formView(dialog, task, submit) {
  const error = (/** @type {string} */ name) => task.errorAt(name);
  return html`<form @submit=${(/** @type {SubmitEvent} */ event) => submit(event, dialog)}>
    <h2 id="dialog-title">A program of your own</h2>
    ${textField({ name: "program", label: "Program", hint: "Small letters, digits, dots and dashes.", required: true, error: error("program") })}
    ${textField({ name: "version", label: "Version", required: true, error: error("version") })}
    <label>System<select name="system">${Object.entries(SYSTEMS).map(([system, label]) => html`<option value=${system}>${label}</option>`)}</select></label>
    ${textField({ name: "archive.url", label: "Address of the download", hint: "https://…; rigs load it themselves.", required: true, error: error("archive.url") })}
    ${textField({ name: "archive.sha256", label: "Its SHA-256", hint: "64 digits and letters, from its publisher. Another file is refused by every rig.", required: true, error: error("archive.sha256") })}
    <label>Kind<select name="kind">${KINDS.map((kind) => html`<option value=${kind}>${kind === "file" ? "the program itself" : kind}</option>`)}</select></label>
    ${textField({ name: "archive.executable", label: "The program’s path in it", hint: "Such as bin/miner.", required: true, error: error("archive.executable") })}
    ${errorLine(task.errorBeside(FIELDS))}
    <div class="actions">
      <button type="button" ?disabled=${task.busy} @click=${() => dialog.close()}>Cancel</button>
      <button class="primary" data-testid="save-software" ?disabled=${task.busy}>${task.busy ? "Saving…" : "Add it"}</button>
    </div>
  </form>`;
}
