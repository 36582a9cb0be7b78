// A question before something that ends what others rely on.

import { html } from "../vendor/lit-html/lit-html.js";
import { openDialog } from "./dialogs.js";
import { Task } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */

/**
 * @param {App} app
 * @param {{title: unknown, words: unknown, no: string, yes: string}} question
 * @param {() => Promise<unknown>} act what is done after a yes; while it fails, the question stays
 */
export function openQuestion(app, { title, words, no, yes }, act) {
  const task = new Task(app);
  /** @param {HTMLDialogElement} dialog */
  const run = async (dialog) => {
    if (await task.run(act)) dialog.close();
  };
  openDialog(
    app,
    (dialog) => html`<h2 id="dialog-title">${title}</h2>
      <p>${words}</p>
      ${errorLine(task.told)}
      <div class="actions">
        <button type="button" ?disabled=${task.busy} @click=${() => dialog.close()}>${no}</button>
        <button type="button" class="danger" data-testid="confirm" ?disabled=${task.busy} @click=${() => run(dialog)}>
          ${yes}
        </button>
      </div>`,
    task,
  );
}
