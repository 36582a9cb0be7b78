// What to do without a password: ask for a letter, or where no letters are sent, ask the operator.

import { html } from "../vendor/lit-html/lit-html.js";
import { filledIn, Task } from "./fields.js";
import { errorLine, unreadLine } from "./marks.js";
import { emailInput, SignInWays } from "./sign_in.js";

/** @import {App, Screen} from "../app.js" */

/** @param {App} app @returns {Screen} */
export function forgottenScreen(app) {
  const task = new Task(app);
  const ways = new SignInWays(app);
  let asked = "";

  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    const email = filledIn(event)("email");
    if (await task.run(() => app.api.forgotPassword(email))) asked = email;
    app.redraw();
  };

  const content = () => {
    const { options, reading } = ways;
    if (asked) return sentView(asked);
    if (reading.error) return unreadLine(reading.error, () => ways.load());
    if (!options) return html`<p class="muted">Reading…</p>`;
    return options.mail ? askView(app, task, submit) : operatorView();
  };
  return {
    title: () => "Forgotten password",
    view: () => html`<div class="sign-in card" data-testid="forgotten-screen">
      <h1 tabindex="-1">Forgotten password</h1>
      ${content()} <a href="#/sign-in">Back to sign in</a>
    </div>`,
  };
}

/** @param {App} app @param {Task} task @param {(event: SubmitEvent) => void} submit */
function askView(app, task, submit) {
  return html`<form @submit=${submit}>
    <p>You get a letter with a link, by which you choose another password.</p>
    <label>
      E-mail
      ${emailInput(app.typedEmail, (email) => (app.typedEmail = email))}
    </label>
    ${errorLine(task.told)}
    <button class="primary" data-testid="ask-letter" ?disabled=${task.busy || task.rest_s > 0}>
      ${task.busy ? "Asking…" : "Send the letter"}
    </button>
  </form>`;
}

/** @param {string} email nobody is told whether there is such an account */
function sentView(email) {
  return html`<p role="status" data-testid="letter-sent">
    If somebody signs in here as <b><bdi>${email}</bdi></b>, a letter is on its way to that address. Its link works once,
    within an hour.
  </p>`;
}

function operatorView() {
  return html`<p data-testid="ask-operator">
      This commander sends no letters. Whoever runs it can give you another password, on the computer where it is
      installed and while it does not run:
    </p>
    <p><code>commander new-password --email YOUR-ADDRESS</code></p>
    <p class="muted">Where a folder was chosen for the data, also <code>--data</code> and that folder.</p>`;
}
