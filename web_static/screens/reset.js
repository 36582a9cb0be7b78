// Chooses another password, by the secret of a link that came in a letter.

import { html } from "../vendor/lit-html/lit-html.js";
import { focusMistake, newPasswordFields, newPasswordIn, Task, typedIn } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App, Screen} from "../app.js" */

/** @param {App} app @returns {Screen} */
export function resetScreen(app) {
  const task = new Task(app);
  let done = false;

  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    const typed = typedIn(event);
    done = await task.run(() => app.api.resetPassword({ secret: app.secrets.reset, new: newPasswordIn(typed) }));
    if (done) app.secrets.reset = "";
    else focusMistake();
    app.redraw();
  };

  const content = () => {
    if (done) return doneView();
    return app.secrets.reset ? formView(task, submit) : spentView();
  };
  return {
    title: () => "New password",
    view: () => html`<div class="sign-in card" data-testid="reset-screen">
      <h1 tabindex="-1">New password</h1>
      ${content()}
    </div>`,
  };
}

/** @param {Task} task @param {(event: SubmitEvent) => void} submit */
function formView(task, submit) {
  return html`<form @submit=${submit}>
    <p class="muted">You are signed out everywhere else. A second factor stays as it is.</p>
    ${newPasswordFields(task.errorAt("new"))} ${errorLine(task.field === "new" ? "" : task.told)}
    <button class="primary" data-testid="save-password" ?disabled=${task.busy || task.rest_s > 0}>
      ${task.busy ? "Saving…" : "Save"}
    </button>
  </form>`;
}

function doneView() {
  return html`<p role="status" data-testid="password-saved">Your password was changed.</p>
    <a class="button primary" href="#/sign-in">Sign in</a>`;
}

function spentView() {
  return html`<p>Open the link in your letter once more: for safety it is not kept in this page’s address.</p>
    <a href="#/forgotten">Ask for another letter</a>`;
}
