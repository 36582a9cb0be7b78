// The list of agents: whoever may report, also those that never did; and the bin below it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { inWords } from "../api.js";
import { openAddSentry } from "./add_sentry.js";
import { agentTable } from "./agent_list.js";
import { binLink, binView } from "./bin.js";
import { Task } from "./fields.js";
import { errorLine } from "./marks.js";
import { strangersView } from "./stranger.js";

/** @import {App, Screen} from "../app.js" */
/** @import {AgentView, BinnedAgent} from "../wire.js" */

/**
 * @typedef {object} Known
 * @property {AgentView[] | null} agents
 * @property {BinnedAgent[] | null} binned
 * @property {string} error
 */

/** @param {App} app @returns {Screen} */
export function sentriesScreen(app) {
  /** @type {Known} */
  const known = { agents: null, binned: null, error: "" };
  const task = new Task(app);
  let { listings } = app.store;

  const load = async () => {
    try {
      const bin = app.may.changeAgents ? app.api.bin() : null;
      const [{ agents }, binned] = await Promise.all([app.api.agents(), bin]);
      Object.assign(known, { agents, binned: binned?.binned ?? null, error: "" });
    } catch (reason) {
      known.error = inWords(reason);
    }
    app.redraw();
  };

  // Agents and machines come and go together: a new reading of one list calls for the other.
  const update = () => {
    if (app.store.listings === listings) return;
    const first = listings === 0;
    ({ listings } = app.store);
    if (!first) load();
  };

  load();
  return { title: () => "Sentries", update, view: () => sentriesView(app, known, task, load) };
}

/** @param {App} app @param {Known} known @param {Task} task @param {() => void} load */
function sentriesView(app, { agents, binned, error }, task, load) {
  const add = () => openAddSentry(app, load);
  return html`<section class="sentries" data-testid="sentries">
    <div class="heading">
      <div>
        <h1 tabindex="-1">Sentries</h1>
        <p class="muted">Everything that holds a token and may report to this farm.</p>
      </div>
      <div class="actions">
        ${binLink(binned)}
        ${app.may.changeAgents
          ? html`<button type="button" class="primary" data-testid="add-sentry" @click=${add}>Add sentry</button>`
          : nothing}
      </div>
    </div>
    ${errorLine(error || task.error)} ${strangersView(agents ?? [])}
    ${agents ? agentTable(app, agents, load) : html`<p class="muted">Reading…</p>`}
    ${binned ? binView(app, binned, task) : nothing}
  </section>`;
}
