// The sign-in screen.

import { html } from "../vendor/lit-html/lit-html.js";
import { inWords } from "../api.js";

/** @import {App, Screen} from "../app.js" */

/** @param {App} app @returns {Screen} */
export function signInScreen(app) {
  let [error, busy] = ["", false];

  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    [error, busy] = ["", true];
    app.redraw();
    try {
      await app.enter(await app.api.signIn(String(fields.get("email")), String(fields.get("password"))));
    } catch (reason) {
      error = inWords(reason);
    }
    busy = false;
    app.redraw();
  };

  return { title: () => "Sign in", view: () => signInView({ error, busy, submit }) };
}

/** @param {{error: string, busy: boolean, submit: (event: SubmitEvent) => void}} state */
function signInView({ error, busy, submit }) {
  return html`<form class="sign-in card" data-testid="sign-in" @submit=${submit}>
    <img src="favicon.svg" alt="" width="44" height="44" />
    <h1 tabindex="-1">Rig Commander</h1>
    <p class="muted">Sign in to see your machines.</p>
    <label>
      E-mail
      <input name="email" type="email" autocomplete="username" data-testid="email" required autofocus />
    </label>
    <label>
      Password
      <input
        name="password"
        type="password"
        autocomplete="current-password"
        data-testid="password"
        required
      />
    </label>
    <p class="error" role="alert" data-testid="sign-in-error" ?hidden=${!error}>${error}</p>
    <button class="primary" ?disabled=${busy}>${busy ? "Signing in…" : "Sign in"}</button>
  </form>`;
}
