// The dialog that creates a sentry, shows its token once, and waits for the first report.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { edgeAddress, machineAddress } from "../address.js";
import { EdgeReading } from "../edge_reading.js";
import { commandView } from "./command.js";
import { openDialog } from "./dialogs.js";
import { runSteps } from "./edge_start.js";
import { choice, filledIn, Task } from "./fields.js";
import { errorLine, KINDS } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {AgentKind, NewAgent} from "../wire.js" */

/** @type {Record<AgentKind, string>} */
const WHERE = {
  cpu_gpu: "Run this on the machine:",
  asic: "Run this on a computer in the ASICs’ network, where asic-edge is installed:",
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
  return html`<h2 id="dialog-title"><bdi>${agent.name}</bdi> is ready to connect</h2>
    <p>${WHERE[agent.kind]}</p>
    ${commandView(made, command, "Then start it there")} ${agent.kind === "asic" ? runSteps() : nothing}
    ${reportStatus(app, made, 0)}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Close</button>
    </div>`;
}

/**
 * The first report of a rig comes by the socket: this only looks at what the store knows. An edge is asked for.
 * @param {App} app
 * @param {NewAgent} made
 * @param {number} since epoch seconds; earlier reports do not count
 */
export function reportStatus(app, made, since) {
  const { agent } = made;
  if (agent.kind === "asic") return edgeStatus(app, made, since);
  const row = agent.machine ? app.store.rows.get(agent.machine) : undefined;
  const connected = row !== undefined && (row.live.received_at ?? -1) >= since;
  return html`<p class="dialog-status" role="status" data-testid="dialog-status" data-connected=${String(connected)}>
    <span class="dot" aria-hidden="true"></span>
    <span>${connected ? `Connected: ${row.name} reports` : "Waiting for a report…"}</span>
    ${connected ? html`<a href=${machineAddress(row.machine)}>Open the machine</a>` : nothing}
  </p>`;
}

/** What is known of edges whose dialogs are open. @type {WeakMap<NewAgent, EdgeReading>} */
const EDGES = new WeakMap();

/** @param {App} app @param {NewAgent} made @param {number} since */
function edgeStatus(app, made, since) {
  const { agent } = made;
  const known = EDGES.get(made) ?? new EdgeReading(app, agent.agent);
  EDGES.set(made, known);
  known.update();
  const connected = (known.view?.received_at ?? -1) >= since;
  const enrolled = (known.view?.agent.enrolled_at ?? -1) >= since;
  const waits = enrolled ? "Enrolled; waiting for its first report…" : "Waiting for it to enrol…";
  return html`<p class="dialog-status" role="status" data-testid="dialog-status" data-connected=${String(connected)}>
    <span class="dot" aria-hidden="true"></span>
    <span>${connected ? `Connected: ${agent.name} reports` : waits}</span>
    ${connected ? html`<a href=${edgeAddress(agent.agent, "search")}>Search for its ASICs</a>` : nothing}
  </p>`;
}
