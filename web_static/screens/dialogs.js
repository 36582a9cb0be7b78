// The frame that every modal dialog uses.

import { render } from "../vendor/lit-html/lit-html.js";

/** @import {TemplateResult} from "../vendor/lit-html/lit-html.js" */
/** @import {App} from "../app.js" */
/** @import {Task} from "./fields.js" */

/**
 * Show a dialog that is drawn with every frame until it closes.
 * @param {App} app
 * @param {(dialog: HTMLDialogElement) => TemplateResult} view its heading has the id "dialog-title"
 * @param {Task} [task] while it runs the dialog stays: what it makes may be shown once
 */
export function openDialog(app, view, task) {
  const dialog = document.createElement("dialog");
  const draw = () => {
    render(view(dialog), dialog);
    const busy = Boolean(task?.busy);
    dialog.setAttribute("closedby", busy ? "none" : "closerequest");
    dialog.toggleAttribute("data-stays", busy || dialog.querySelector("[data-once]") !== null);
  };
  // Browsers that do not know "closedby".
  dialog.addEventListener("cancel", (event) => task?.busy && event.preventDefault());
  dialog.setAttribute("aria-labelledby", "dialog-title");
  // Whoever follows a link out of it has done with it.
  dialog.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest('a[href^="#"]')) dialog.close();
  });
  dialog.addEventListener("close", () => {
    app.views.delete(draw);
    dialog.remove();
  });
  app.views.add(draw);
  document.body.append(dialog);
  draw();
  dialog.showModal();
}
