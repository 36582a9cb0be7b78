// Deleting an agent with its machine: the question before it, and the way back after it.

import { html } from "../vendor/lit-html/lit-html.js";
import { inWords } from "../api.js";
import { deletionWords } from "../edges.js";
import { openDialog } from "./dialogs.js";
import { Task } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Notice} from "./notice.js" */
/** @import {AgentKind} from "../wire.js" */

const OF_RIG =
  "Its token stops working; the rig itself keeps mining. Its figures leave the dashboard. For 7 days it stays in the bin below the sentries, " +
  "and can be restored with nothing changed on the rig; then its history is erased.";

/** @typedef {{agent: string, name: string, machine: string | null, kind?: AgentKind}} Deletable */

/**
 * Ask before an agent is deleted, and delete it.
 * @param {App} app
 * @param {Deletable} one
 * @param {(notice: Notice) => void} gone is given what to say of it
 */
export function confirmDelete(app, one, gone) {
  const task = new Task(app);
  /** @param {HTMLDialogElement} dialog */
  const remove = async (dialog) => {
    if (!(await task.run(() => app.api.deleteAgent(one.agent)))) return;
    if (one.machine) app.store.remove(one.machine);
    app.store.requestList();
    dialog.close();
    const undo = () => restore(app, one).catch((reason) => app.say({ text: inWords(reason) }));
    gone({ text: `${one.name} was deleted.`, label: "Undo", act: undo });
  };
  const words = one.kind === "asic" ? deletionWords(app.store.rows.values(), one.agent) : OF_RIG;
  openDialog(app, (dialog) => deleteView(dialog, one.name, words, task, remove));
}

/** @param {App} app @param {{agent: string, name: string}} one in the bin */
export async function restore(app, { agent, name }) {
  await app.api.restore(agent);
  app.store.requestList();
  app.say({ text: `${name} is back.` });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} name
 * @param {string} words what comes of it
 * @param {Task} task
 * @param {(dialog: HTMLDialogElement) => void} remove
 */
function deleteView(dialog, name, words, task, remove) {
  return html`<h2 id="dialog-title">Delete <bdi>${name}</bdi>?</h2>
    <p>${words}</p>
    ${errorLine(task.error)}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Keep it</button>
      <button
        type="button"
        class="danger"
        data-testid="confirm-delete"
        ?disabled=${task.busy}
        @click=${() => remove(dialog)}
      >
        Delete
      </button>
    </div>`;
}
