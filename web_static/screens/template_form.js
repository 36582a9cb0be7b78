// The dialog that adds or changes a pool or a wallet: first its fields, then, where it is in use, what that changes.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { addTemplate, changeTemplate, previewTemplate } from "../template_calls.js";
import { openDialog } from "./dialogs.js";
import { filledIn, focusMistake, focusOn, Task } from "./fields.js";
import { errorLine } from "./marks.js";
import { impactView } from "./template_impact.js";
import { paceFields } from "./template_pace.js";

/** @import {App} from "../app.js" */
/** @import {RolloutPace, Shelf} from "../template_calls.js" */
/** @import {TemplateImpact} from "../wire.js" */

/**
 * @typedef {object} Form
 * @property {Shelf} shelf
 * @property {string} one "pool" or "wallet"
 * @property {string} id "" for a new one
 * @property {string[]} names of its fields
 * @property {(task: Task) => unknown} fields
 * @property {(typed: (name: string) => string) => object} entry
 */

/** @param {App} app @param {Form} form @param {() => unknown} saved */
export function openTemplateForm(app, form, saved) {
  const task = new Task(app);
  /** @type {{entry: object, impact: TemplateImpact} | null} */
  let asked = null;
  /** @type {RolloutPace} */
  let pace = "careful";
  /** @param {HTMLDialogElement} dialog @param {() => Promise<unknown>} save */
  const finish = async (dialog, save) => {
    if (!(await task.run(save))) return focusMistake();
    dialog.close();
    saved();
  };
  /** @param {SubmitEvent} event @param {HTMLDialogElement} dialog */
  const submit = async (event, dialog) => {
    const typed = filledIn(event);
    if (!form.id) return finish(dialog, async () => addTemplate(app.api, form.shelf, form.entry(typed)));
    const look = async () => {
      const entry = form.entry(typed);
      asked = { entry, impact: await previewTemplate(app.api, form.shelf, form.id, entry) };
    };
    if (await task.run(look)) focusOn("#dialog-title");
    else focusMistake();
  };
  /** @param {HTMLDialogElement} dialog */
  const save = (dialog) => finish(dialog, () => changeTemplate(app.api, form.shelf, form.id, asked?.entry ?? {}, pace));
  const back = () => {
    asked = null;
    app.redraw();
  };
  const choosePace = (/** @type {RolloutPace} */ value) => {
    pace = value;
    app.redraw();
  };
  // The form stays in the page behind the question, so that what was typed is there on the way back.
  openDialog(
    app,
    (dialog) => html`<h2 id="dialog-title" tabindex="-1">${asked ? "Is this what you want?" : `${form.id ? "Edit" : "New"} ${form.one}`}</h2>
      <form ?hidden=${asked !== null} @submit=${(/** @type {SubmitEvent} */ event) => submit(event, dialog)}>
        ${form.fields(task)} ${errorLine(task.errorBeside(form.names))}
        <div class="actions">
          <button type="button" ?disabled=${task.busy} @click=${() => dialog.close()}>Cancel</button>
          <button class="primary" data-testid="submit-template" ?disabled=${task.busy}>${wordsOf(form.id, task.busy)}</button>
        </div>
      </form>
      ${asked ? html`${impactView(asked.impact)} ${paceFields(asked.impact.rigs, pace, choosePace)} ${errorLine(task.error)} ${answerButtons(task, back, () => save(dialog))}` : nothing}`,
    task,
  );
}

/** @param {string} id @param {boolean} busy */
function wordsOf(id, busy) {
  if (busy) return id ? "Looking…" : "Saving…";
  return id ? "See what changes" : "Save";
}

/** @param {Task} task @param {() => void} back @param {() => void} save */
function answerButtons(task, back, save) {
  return html`<div class="actions">
    <button type="button" ?disabled=${task.busy} @click=${back}>Back</button>
    <button type="button" class="primary" data-testid="save-template" ?disabled=${task.busy} @click=${save}>${task.busy ? "Saving…" : "Save"}</button>
  </div>`;
}
