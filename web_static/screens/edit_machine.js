// The dialog that changes what its owner says of a machine: name, place, tags and client.

import { html } from "../vendor/lit-html/lit-html.js";
import { changeIn } from "../labels.js";
import { openDialog } from "./dialogs.js";
import { filledIn, focusMistake, Task, textField } from "./fields.js";
import { errorLine } from "./marks.js";
import { changeMachine } from "./parking.js";

/** @import {App} from "../app.js" */
/** @import {Row} from "../store.js" */

/** @type {{name: string, label: string, hint?: string, required?: boolean}[]} */
const FIELDS = [
  { name: "name", label: "Name", required: true },
  { name: "place", label: "Place", hint: "Where it stands, such as “hall 2, rack 3”." },
  { name: "tags", label: "Tags", hint: "Words to find it by, with commas between them." },
  { name: "client", label: "Client", hint: "Whose machine it is. Leave it empty for your own." },
];
const NAMES = FIELDS.map(({ name }) => name);

/** @param {App} app @param {Row} row */
export function openEdit(app, row) {
  const task = new Task(app);
  const { place = "", tags = [], client } = row.labels;
  // As it was when the dialog opened: what is being typed is not to be overtaken.
  /** @type {Record<string, string>} */
  const before = { name: row.name, place, tags: tags.join(", "), client: client ?? "" };

  /** @param {SubmitEvent} event @param {HTMLDialogElement} dialog */
  const submit = async (event, dialog) => {
    const field = filledIn(event);
    const change = changeIn(before, Object.fromEntries(NAMES.map((name) => [name, field(name)])));
    if (await task.run(() => changeMachine(app, row.machine, change))) dialog.close();
    else focusMistake();
  };
  openDialog(app, (dialog) => editView(dialog, before, task, submit));
}

/** @param {string} path of a refused value, such as "tags[2]" */
function nameOf(path) {
  return path.replace(/\[.*/, "");
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Record<string, string>} values
 * @param {Task} task
 * @param {(event: SubmitEvent, dialog: HTMLDialogElement) => void} submit
 */
function editView(dialog, values, task, submit) {
  const at = nameOf(task.field);
  return html`<form @submit=${(/** @type {SubmitEvent} */ event) => submit(event, dialog)}>
    <h2 id="dialog-title">Edit machine</h2>
    ${FIELDS.map((field) =>
      textField({ ...field, value: values[field.name] ?? "", error: at === field.name ? task.error : "" }),
    )}
    ${errorLine(NAMES.includes(at) ? "" : task.error)}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Cancel</button>
      <button class="primary" data-testid="save-machine" ?disabled=${task.busy}>
        ${task.busy ? "Saving…" : "Save"}
      </button>
    </div>
  </form>`;
}
