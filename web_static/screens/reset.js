// Chooses another password, by the secret of a link that came in a letter.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError } from "../api.js";
import { focusMistake, focusOn, newPasswordFields, newPasswordIn, Task, typedIn } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App, Screen} from "../app.js" */

const NOT_KEPT = "Open the link in your letter once more: for safety it is not kept in this page’s address.";

/** @param {App} app @returns {Screen} */
export function resetScreen(app) {
  const task = new Task(app);
  let done = false;
  /** Why the link leads nowhere, in words. */
  let refused = "";

  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    const typed = typedIn(event);
    done = await task.run(() => reset(newPasswordIn(typed)));
    if (done) app.secrets.reset = "";
    else focusMistake();
    if (done || refused) focusOn("h1");
    app.redraw();
  };

  /** @param {string} password */
  const reset = async (password) => {
    try {
      await app.api.resetPassword({ secret: app.secrets.reset, new: password });
    } catch (reason) {
      if (reason instanceof ApiError && reason.code === "link_refused") {
        [refused, app.secrets.reset] = [reason.message, ""];
      }
      throw reason;
    }
  };

  const content = () => {
    if (done) return doneView();
    return app.secrets.reset ? formView(app, task, submit) : spentView(refused || NOT_KEPT);
  };
  return {
    title: () => "New password",
    view: () => html`<div class="sign-in card" data-testid="reset-screen">
      <h1 tabindex="-1">New password</h1>
      ${content()}
    </div>`,
  };
}

/** @param {App} app @param {Task} task @param {(event: SubmitEvent) => void} submit */
function formView({ session }, task, submit) {
  return html`<form @submit=${submit}>
    <p class="muted">
      For the account that the letter was sent to. It will be signed out everywhere; a second factor stays as it is.
      ${session ? html`In this browser you are signed in as <b><bdi>${session.email}</bdi></b>.` : nothing}
    </p>
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

/** @param {string} words */
function spentView(words) {
  return html`<p role="alert" data-testid="link-spent">${words}</p>
    <a href="#/forgotten">Ask for another letter</a> <a href="#/sign-in">Back to sign in</a>`;
}
