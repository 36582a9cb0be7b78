// One playbook: its versions, what changed from each to the next, and the way back.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { readPlaybooks } from "../rollout_calls.js";
import { deletePlaybook, readHistory, restoreVersion } from "../template_calls.js";
import { counted, SYSTEMS } from "../templates.js";
import { dateAndTime } from "../units.js";
import { differenceView } from "./difference_view.js";
import { openDialog } from "./dialogs.js";
import { Task, whenLiveAgain } from "./fields.js";
import { errorLine, unreadLine } from "./marks.js";
import { openQuestion } from "./question.js";
import { paceFields } from "./template_pace.js";

/** @import {App, Screen} from "../app.js" */
/** @import {RolloutPace} from "../template_calls.js" */
/** @import {PlaybookVersion, PlaybookView, System} from "../wire.js" */

/** @typedef {{versions: PlaybookVersion[], view: PlaybookView | null}} Known */

/** @param {App} app @param {string} playbook @returns {Screen} */
export function playbookVersionsScreen(app, playbook) {
  const task = new Task(app);
  /** @type {Known | null} */
  let known = null;
  const load = () =>
    task.run(async () => {
      const [{ versions }, { playbooks }] = await Promise.all([readHistory(app.api, playbook), readPlaybooks(app.api)]);
      known = { versions, view: playbooks.find((one) => one.playbook === playbook) ?? null };
    });
  load();
  return {
    title: () => known?.versions[0]?.draft.name ?? "Playbook",
    update: whenLiveAgain(app, load),
    view: () => html`<a class="back" href="#/playbooks">← Playbooks</a>
      <div class="sections wide" data-testid="playbook-versions">
        ${known?.versions[0] ? headingView(app, playbook, known, known.versions[0]) : html`<h1 tabindex="-1">Playbook</h1>`}
        ${unreadLine(task.error, load)} ${known || task.error ? nothing : html`<p class="muted">Reading…</p>`}
        ${known ? html`${newestView(known)} ${versionsView(app, playbook, known, load)}` : nothing}
      </div>`,
  };
}

/** @param {App} app @param {string} playbook @param {Known} known @param {PlaybookVersion} newest */
function headingView(app, playbook, { view }, { draft, version }) {
  const id = encodeURIComponent(playbook);
  const rigs = view?.rigs ? `on ${counted(view.rigs, "rig")}${view.changed ? `, ${view.changed} of them not yet on version ${version}` : ""}` : "on no rig";
  const act = async () => {
    await deletePlaybook(app.api, playbook);
    location.hash = "#/playbooks";
  };
  const words = "Its versions are kept for the audit log. It is refused while a rig is to run it.";
  const ask = () => openQuestion(app, { title: html`Delete <bdi>${draft.name}</bdi>?`, words, no: "Keep it", yes: "Delete" }, act);
  return html`<div class="heading wraps">
    <div><h1 tabindex="-1"><bdi>${draft.name}</bdi></h1><p class="muted">Version ${version}, ${rigs}. ${draft.note ? html`<bdi>${draft.note}</bdi>` : nothing}</p></div>
    <span class="actions">
      <button type="button" class="quiet danger-text" data-testid="delete-playbook" @click=${ask}>Delete</button>
      <a class="button" href="#/playbooks/${id}?show=edit" data-testid="edit-playbook">Edit</a>
      <a class="button primary" href="#/assign/${id}" data-testid="assign-playbook">Assign to rigs</a>
    </span>
  </div>`;
}

/** @param {Known} known */
function newestView({ versions: [newest] }) {
  if (!newest) return nothing;
  const { draft, pools, wallets } = newest;
  return html`<section class="card">
    <h2>What rigs run</h2>
    <dl class="facts">
      <dt>Program</dt><dd>${draft.program} ${draft.program_version}</dd>
      <dt>Pools</dt><dd><ol class="plain">${pools.map((pool, at) => html`<li>${pool} <span class="muted">pays to ${wallets[at] ?? "?"}</span></li>`)}</ol></dd>
      <dt>Devices</dt><dd>${draft.devices?.length ? draft.devices.join(", ") : "all"}</dd>
    </dl>
    ${Object.entries(draft.scripts).map(
      ([system, script]) => html`<details data-testid="script"><summary>Script for ${SYSTEMS[/** @type {System} */ (system)]}</summary>
        <pre class="filled" tabindex="0" dir="ltr">${script}</pre></details>`,
    )}
    <p class="muted small">A script is the owner’s own code, and runs on the rigs as it stands here.</p>
  </section>`;
}

/** @param {App} app @param {string} playbook @param {Known} known @param {() => unknown} load */
function versionsView(app, playbook, known, load) {
  const { versions } = known;
  return html`<section class="card">
    <h2>Versions</h2>
    <ol class="rows" reversed>
      ${versions.map((one, at) => {
        const before = versions[at + 1];
        const back = () => openWayBack(app, playbook, known, one, load);
        return html`<li data-testid="version">
          <div class="version">
            <div class="heading wraps">
              <span><b>Version ${one.version}</b> <bdi>${one.why}</bdi><span class="muted">${dateAndTime(one.at)} by <bdi>${one.by}</bdi></span></span>
              ${at ? html`<button type="button" class="quiet" data-testid="go-back" @click=${back}>Back to this version</button>` : html`<span class="badge good">newest</span>`}
            </div>
            ${before ? html`<details ?open=${at === 0} data-testid="difference"><summary>What changed from version ${before.version}</summary>${differenceView(before, one)}</details>` : nothing}
          </div>
        </li>`;
      })}
    </ol>
  </section>`;
}

/** @param {App} app @param {string} playbook @param {Known} known @param {PlaybookVersion} wanted @param {() => unknown} done */
function openWayBack(app, playbook, { versions: [newest], view }, wanted, done) {
  const task = new Task(app);
  /** @type {RolloutPace} */
  let pace = "careful";
  const choose = (/** @type {RolloutPace} */ value) => {
    pace = value;
    app.redraw();
  };
  /** @param {HTMLDialogElement} dialog */
  const run = async (dialog) => {
    if (!(await task.run(() => restoreVersion(app.api, playbook, { version: wanted.version, pace })))) return;
    dialog.close();
    done();
  };
  openDialog(
    app,
    (dialog) => html`<h2 id="dialog-title" tabindex="-1">Back to version ${wanted.version}?</h2>
      <p>It becomes the newest version, with the addresses of then${view?.rigs ? `, and goes to ${counted(view.rigs, "rig")}` : ""}.</p>
      ${newest ? differenceView(newest, wanted) : nothing} ${paceFields(view?.rigs ?? 0, pace, choose)} ${errorLine(task.error)}
      <div class="actions">
        <button type="button" ?disabled=${task.busy} @click=${() => dialog.close()}>Stay here</button>
        <button type="button" class="primary" data-testid="confirm" ?disabled=${task.busy} @click=${() => run(dialog)}>Go back</button>
      </div>`,
    task,
  );
}
