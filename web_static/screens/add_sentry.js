// The dialog that creates a sentry, shows its token once, and waits for the first report.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { machineAddress } from "../address.js";
import { commandView } from "./command.js";
import { openDialog } from "./dialogs.js";
import { choice, filledIn, Task } from "./fields.js";
import { errorLine, KINDS } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {AgentKind, NewAgent} from "../wire.js" */

// An agent without a machine of its own is an ASIC edge, which does not report here yet.
const WORDS = {
  now: { heading: "is ready to connect", command: "Run this on the machine:" },
  later: { heading: "was created", command: "Run this on a computer of the LAN:" },
};

/** @param {App} app @param {() => void} [created] called when a sentry was made */
export function openAddSentry(app, created = () => {}) {
  const task = new Task(app);
  /** @type {NewAgent | null} */
  let made = null;

  /** @param {SubmitEvent} event */
  const submit = (event) => {
    const field = filledIn(event);
    return task.run(async () => {
      made = await app.api.createAgent(field("name"), /** @type {AgentKind} */ (field("kind")));
      app.store.requestList();
      created();
    });
  };

  openDialog(app, (dialog) => (made ? madeView(app, dialog, made) : formView(dialog, task, submit)), task);
}

/** @param {HTMLDialogElement} dialog @param {Task} task @param {(event: SubmitEvent) => void} submit */
function formView(dialog, task, submit) {
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
    ${errorLine(task.error)}
    <div class="actions">
      <button type="button" ?disabled=${task.busy} @click=${() => dialog.close()}>Cancel</button>
      <button class="primary" data-testid="create-sentry" ?disabled=${task.busy}>
        ${task.busy ? "Creating…" : "Create"}
      </button>
    </div>
  </form>`;
}

/** @param {AgentKind} value @param {boolean} chosen */
function kindChoice(value, chosen) {
  return choice({ name: "kind", value, ...KINDS[value], chosen });
}

/** @param {App} app @param {HTMLDialogElement} dialog @param {NewAgent} made */
function madeView(app, dialog, made) {
  const { agent, command } = made;
  const words = agent.machine ? WORDS.now : WORDS.later;
  return html`<h2 id="dialog-title"><bdi>${agent.name}</bdi> ${words.heading}</h2>
    <p>${words.command}</p>
    ${commandView(made, command, "Then start it there")} ${reportStatus(app, made, 0)}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Close</button>
    </div>`;
}

/**
 * The first report comes by the socket; this only looks at what the store knows.
 * @param {App} app
 * @param {NewAgent} made
 * @param {number} since epoch seconds; earlier reports do not count
 */
export function reportStatus(app, { agent }, since) {
  const row = agent.machine ? app.store.rows.get(agent.machine) : undefined;
  const connected = row !== undefined && (row.live.received_at ?? -1) >= since;
  return html`<p class="dialog-status" role="status" data-testid="dialog-status" data-connected=${String(connected)}>
    <span class="dot" aria-hidden="true"></span>
    <span>${statusWords(agent.machine, row?.name ?? agent.name, connected)}</span>
    ${connected ? html`<a href=${machineAddress(row.machine)}>Open the machine</a>` : nothing}
  </p>`;
}

/** @param {string | null} machine @param {string} name @param {boolean} connected */
function statusWords(machine, name, connected) {
  if (!machine) return "It finds and reads ASICs at its terminal; that their figures come here is not in this version yet.";
  return connected ? `Connected: ${name} reports` : "Waiting for a report…";
}
