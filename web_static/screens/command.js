// The one command that connects a rig: shown once with its token, with a button to copy it; logs share the button.

import { html, nothing } from "../vendor/lit-html/lit-html.js";

/** @import {NewAgent} from "../wire.js" */

const COPIED_MS = 2000;

/**
 * @param {NewAgent} made
 * @param {string} command as it is to be run
 * @param {string} after what is to be done with `edge-sentry run`, such as "Then start it there"
 */
export function commandView({ agent, url, token }, command, after) {
  return html`<div class="command">
      <code tabindex="0" data-once data-testid="enrol-command">${command}</code>${copyButton(command)}
    </div>
    ${agent.machine ? html`<p>${after}: <code>edge-sentry run</code></p>` : nothing}
    <dl class="facts">
      <dt>Commander</dt>
      <dd><code data-testid="url">${url}</code></dd>
      <dt>Token</dt>
      <dd><code data-testid="token">${token}</code></dd>
    </dl>
    <p class="hint">
      <b>The token is shown only now.</b> Keep it safe, or make a new one for this sentry later.
    </p>`;
}

/** @param {string} command @returns {string} the same where the rig holds another token already */
export function replacing(command) {
  return command.split(" ").includes("--force") ? command : `${command} --force`;
}

/** @param {string} text as in the element before it, where a browser lets it be copied from there alone */
export function copyButton(text) {
  return html`<button type="button" @click=${(/** @type {Event} */ event) => copy(text, event)}>Copy</button>`;
}

/** @param {string} text @param {Event} event */
async function copy(text, event) {
  const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
  const done = (await toClipboard(text)) || selectBeside(button);
  button.classList.add(done ? "done" : "failed");
  setTimeout(() => button.classList.remove("done", "failed"), COPIED_MS);
}

/**
 * The clipboard is closed to pages that came by plain HTTP from another machine.
 * @param {string} text
 */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Then select the command and let the browser copy it, as older pages did.
 * @param {HTMLButtonElement} button
 */
function selectBeside(button) {
  const code = button.previousElementSibling;
  if (code) getSelection()?.selectAllChildren(code);
  return document.execCommand("copy");
}
