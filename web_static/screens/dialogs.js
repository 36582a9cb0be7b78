// The frame that every modal dialog uses.

import { render } from "../vendor/lit-html/lit-html.js";

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
