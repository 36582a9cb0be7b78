// Modal dialogs: one that asks before something is deleted, and the frame that every dialog uses.

import { html, render } from "../vendor/lit-html/lit-html.js";
import { inWords } from "../api.js";
import { errorLine } from "./marks.js";

/** @import {TemplateResult} from "../vendor/lit-html/lit-html.js" */
/** @import {App} from "../app.js" */

/**
 * Show a dialog that is drawn with every frame until it closes.
 * @param {App} app
 * @param {(dialog: HTMLDialogElement) => TemplateResult} view its heading has the id "dialog-title"
 */
export function openDialog(app, view) {
  const dialog = document.createElement("dialog");
  const draw = () => render(view(dialog), dialog);
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.addEventListener("close", () => {
    app.views.delete(draw);
    dialog.remove();
  });
  app.views.add(draw);
  document.body.append(dialog);
  draw();
  dialog.showModal();
}

/**
 * Ask before an agent is deleted, delete it, and go where `gone` says.
 * @param {App} app
 * @param {object} agent
 * @param {string} agent.agent
 * @param {string} agent.name
 * @param {string | null} agent.machine
 * @param {() => void} gone
 */
export function confirmDelete(app, { agent, name, machine }, gone) {
  let [error, busy] = ["", false];
  /** @param {HTMLDialogElement} dialog */
  const remove = async (dialog) => {
    busy = true;
    app.redraw();
    try {
      await app.api.deleteAgent(agent);
      if (machine) app.store.remove(machine);
      dialog.close();
      gone();
    } catch (reason) {
      error = inWords(reason);
    }
    busy = false;
    app.redraw();
  };
  openDialog(app, (dialog) => deleteView(dialog, { name, error, busy, remove }));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {object} state
 * @param {string} state.name
 * @param {string} state.error
 * @param {boolean} state.busy
 * @param {(dialog: HTMLDialogElement) => void} state.remove
 */
function deleteView(dialog, { name, error, busy, remove }) {
  return html`<h2 id="dialog-title">Delete ${name}?</h2>
    <p>Its token stops working; the rig itself keeps mining. Its figures leave the dashboard.</p>
    ${errorLine(error)}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Keep it</button>
      <button
        type="button"
        class="danger"
        data-testid="confirm-delete"
        ?disabled=${busy}
        @click=${() => remove(dialog)}
      >
        Delete
      </button>
    </div>`;
}
