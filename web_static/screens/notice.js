// What just happened and should be said above the screen, perhaps with a way back.

import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @import {App} from "../app.js" */

/**
 * @typedef {object} Notice
 * @property {string} text
 * @property {string} [label] of its button
 * @property {() => unknown} [act] what the button does; the notice goes
 */

/** @param {App} app */
export function noticeView(app) {
  const { notice } = app;
  return html`<div class="notice" role="status" data-testid="notice" ?hidden=${!notice}>
    ${notice ? html`<p>${notice.text}</p>` : nothing} ${notice?.act ? actButton(app, notice) : nothing}
    ${notice ? html`<button type="button" class="quiet" @click=${() => app.say(null)}>Close</button>` : nothing}
  </div>`;
}

/** @param {App} app @param {Notice} notice */
function actButton(app, { label, act }) {
  const run = () => {
    app.say(null);
    act?.();
  };
  return html`<button type="button" data-testid="notice-act" @click=${run}>${label}</button>`;
}
