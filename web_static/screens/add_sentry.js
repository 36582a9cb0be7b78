// The dialog that creates a sentry, shows its token once, and waits for the first report.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { inWords } from "../api.js";
import { openDialog } from "./dialogs.js";
import { errorLine, KINDS } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {AgentKind, NewAgent} from "../wire.js" */

const COPIED_MS = 2000;
// An agent without a machine of its own is an ASIC edge, whose program is yet to come.
const WORDS = {
  now: { heading: "is ready to connect", command: "Run this on the machine:" },
  later: { heading: "was created", command: "The command that will connect it:" },
};

/** @param {App} app @param {() => void} [created] called when a sentry was made */
export function openAddSentry(app, created = () => {}) {
  /** @type {NewAgent | null} */
  let made = null;
  let [error, busy] = ["", false];

  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    [error, busy] = ["", true];
    app.redraw();
    try {
      const kind = /** @type {AgentKind} */ (fields.get("kind"));
      made = await app.api.createAgent(String(fields.get("name")).trim(), kind);
      app.store.requestList();
      created();
    } catch (reason) {
      error = inWords(reason);
    }
    busy = false;
    app.redraw();
  };

  openDialog(app, (dialog) =>
    made ? madeView(app, dialog, made) : formView(dialog, { error, busy, submit }),
  );
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {{error: string, busy: boolean, submit: (event: SubmitEvent) => void}} state
 */
function formView(dialog, { error, busy, submit }) {
  return html`<form @submit=${submit}>
    <h2 id="dialog-title">Add sentry</h2>
    <label>
      Name
      <input name="name" data-testid="sentry-name" maxlength="80" autocomplete="off" required autofocus />
    </label>
    <fieldset>
      <legend>Type</legend>
      ${kindChoice("cpu_gpu", true)} ${kindChoice("asic", false)}
    </fieldset>
    ${errorLine(error)}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Cancel</button>
      <button class="primary" data-testid="create-sentry" ?disabled=${busy}>
        ${busy ? "Creating…" : "Create"}
      </button>
    </div>
  </form>`;
}

/** @param {AgentKind} kind @param {boolean} chosen */
function kindChoice(kind, chosen) {
  return html`<label class="choice">
    <input type="radio" name="kind" value=${kind} ?checked=${chosen} data-testid="kind-${kind}" />
    <span><b>${KINDS[kind].label}</b><span class="muted">${KINDS[kind].meaning}</span></span>
  </label>`;
}

/** @param {App} app @param {HTMLDialogElement} dialog @param {NewAgent} made */
function madeView(app, dialog, made) {
  const { agent, url, token, command } = made;
  const words = agent.machine ? WORDS.now : WORDS.later;
  return html`<h2 id="dialog-title">${agent.name} ${words.heading}</h2>
    <p>${words.command}</p>
    <div class="command">
      <code tabindex="0" data-testid="enrol-command">${command}</code>${copyButton(command)}
    </div>
    ${agent.machine ? html`<p>Then start it there with <code>edge-sentry run</code></p>` : nothing}
    <dl class="facts">
      <dt>Commander</dt>
      <dd><code data-testid="url">${url}</code></dd>
      <dt>Token</dt>
      <dd><code data-testid="token">${token}</code></dd>
    </dl>
    <p class="hint"><b>The token is shown only now.</b> Keep it safe, or delete the sentry and add it again.</p>
    ${statusView(app, made)}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Close</button>
    </div>`;
}

/**
 * The first report comes by the socket; this only looks at what the store knows.
 * @param {App} app
 * @param {NewAgent} made
 */
function statusView(app, { agent }) {
  const row = agent.machine ? app.store.rows.get(agent.machine) : undefined;
  const connected = row !== undefined && row.live.received_at !== null;
  return html`<p class="dialog-status" role="status" data-testid="dialog-status" data-connected=${String(connected)}>
    <span class="dot" aria-hidden="true"></span>
    <span>${statusWords(agent.machine, row?.name ?? agent.name, connected)}</span>
    ${connected ? html`<a href=${`#/machines/${encodeURIComponent(row.machine)}`}>Open the machine</a>` : nothing}
  </p>`;
}

/** @param {string | null} machine @param {string} name @param {boolean} connected */
function statusWords(machine, name, connected) {
  if (!machine) return "The ASIC edge program comes in a later version. Keep the token: it will work then.";
  return connected ? `Connected: ${name} reports` : "Waiting for the first report…";
}

/** @param {string} text */
function copyButton(text) {
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
