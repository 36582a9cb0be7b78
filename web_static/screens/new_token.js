// The dialog that ends an agent's token and shows another one, once.

import { html } from "../vendor/lit-html/lit-html.js";
import { reportStatus } from "./add_sentry.js";
import { commandView, replacing } from "./command.js";
import { openDialog } from "./dialogs.js";
import { Task } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {AgentView, NewAgent} from "../wire.js" */

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
    renewed ? renewedView(app, dialog, renewed.made, renewed.at) : askView(dialog, agent.name, task, renew);
  openDialog(app, view, task);
}

/** @param {HTMLDialogElement} dialog @param {string} name @param {Task} task @param {() => void} renew */
function askView(dialog, name, task, renew) {
  return html`<h2 id="dialog-title">New token for <bdi>${name}</bdi>?</h2>
    <p>
      The old token ends at once: until the new one is there, nothing is reported. What runs on the rig goes on, its
      history stays, and what it measures meanwhile is kept there.
    </p>
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
    <p>Run this on the machine; it replaces the old token there:</p>
    ${commandView(made, replacing(made.command), "Then end the sentry there if it runs, and start it anew")} ${reportStatus(app, made, at)}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Close</button>
    </div>`;
}
