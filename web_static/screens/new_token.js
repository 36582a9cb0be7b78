// The dialog that ends an agent's token and shows another one, once.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { reportStatus } from "./add_sentry.js";
import { commandView, replacing } from "./command.js";
import { openDialog } from "./dialogs.js";
import { restartSteps } from "./edge_start.js";
import { Task } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {AgentKind, AgentView, NewAgent} from "../wire.js" */

/** @type {Record<AgentKind, string>} */
const GOES_ON = {
  cpu_gpu: "What runs on the rig goes on, its history stays, and what it measures meanwhile is kept there.",
  asic: "Its ASICs mine on, their history stays, and what the edge reads of them meanwhile is kept there.",
};
/** @type {Record<AgentKind, string>} */
const WHERE = {
  cpu_gpu: "Run this on the machine; it replaces the old token there:",
  asic: "Run this on the computer where this edge runs, with sudo where it is a service; it replaces the old token there:",
};

/** @param {App} app @param {AgentView} agent @param {() => void} made called when there is a new token */
export function openNewToken(app, agent, made) {
  const task = new Task(app);
  /** @type {{made: NewAgent, at: number} | null} */
  let renewed = null;
  const renew = () =>
    task.run(async () => {
      renewed = { made: await app.api.renewToken(agent.agent), at: app.clock.running() };
      made();
    });
  /** @param {HTMLDialogElement} dialog */
  const view = (dialog) =>
    renewed ? renewedView(app, dialog, renewed.made, renewed.at) : askView(dialog, agent, task, renew);
  openDialog(app, view, task);
}

/** @param {HTMLDialogElement} dialog @param {AgentView} agent @param {Task} task @param {() => void} renew */
function askView(dialog, { name, kind }, task, renew) {
  return html`<h2 id="dialog-title">New token for <bdi>${name}</bdi>?</h2>
    <p>The old token ends at once: until the new one is there, nothing is reported. ${GOES_ON[kind]}</p>
    ${errorLine(task.error)}
    <div class="actions">
      <button type="button" ?disabled=${task.busy} @click=${() => dialog.close()}>Cancel</button>
      <button type="button" class="primary" data-testid="confirm-token" ?disabled=${task.busy} @click=${renew}>
        ${task.busy ? "Making…" : "Make a new token"}
      </button>
    </div>`;
}

/** @param {App} app @param {HTMLDialogElement} dialog @param {NewAgent} made @param {number} at */
function renewedView(app, dialog, made, at) {
  return html`<h2 id="dialog-title"><bdi>${made.agent.name}</bdi> has a new token</h2>
    <p>${WHERE[made.agent.kind]}</p>
    ${commandView(made, replacing(made.command), "Then end the sentry there if it runs, and start it anew")}
    ${made.agent.kind === "asic" ? restartSteps() : nothing} ${reportStatus(app, made, at)}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Close</button>
    </div>`;
}
