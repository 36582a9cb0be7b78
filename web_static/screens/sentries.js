// The list of agents: whoever may report, also those that never did.

import { html } from "../vendor/lit-html/lit-html.js";
import { inWords } from "../api.js";
import { dateAndTime } from "../units.js";
import { openAddSentry } from "./add_sentry.js";
import { confirmDelete } from "./dialogs.js";
import { errorLine, KINDS, simulatedBadge } from "./marks.js";

/** @import {App, Screen} from "../app.js" */
/** @import {AgentView} from "../wire.js" */

/** @param {App} app @returns {Screen} */
export function sentriesScreen(app) {
  /** @type {AgentView[] | null} */
  let agents = null;
  let error = "";
  let { listings } = app.store;

  const load = async () => {
    try {
      [agents, error] = [(await app.api.agents()).agents, ""];
    } catch (reason) {
      error = inWords(reason);
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
  return { title: () => "Sentries", update, view: () => sentriesView(app, { agents, error, load }) };
}

/**
 * @param {App} app
 * @param {{agents: AgentView[] | null, error: string, load: () => void}} state
 */
function sentriesView(app, { agents, error, load }) {
  const add = () => openAddSentry(app, load);
  return html`<section class="sentries" data-testid="sentries">
    <div class="heading">
      <h1 tabindex="-1">Sentries</h1>
      <button type="button" class="primary" data-testid="add-sentry" @click=${add}>Add sentry</button>
    </div>
    <p class="muted">Everything that holds a token and may report to this farm.</p>
    ${errorLine(error)} ${agents ? agentTable(app, agents, load) : html`<p class="muted">Reading…</p>`}
  </section>`;
}

/** @param {App} app @param {AgentView[]} agents @param {() => void} load */
function agentTable(app, agents, load) {
  if (!agents.length) {
    return html`<div class="card empty" data-testid="empty"><p class="big">No sentries yet.</p></div>`;
  }
  return html`<table class="plain">
    <thead>
      <tr><th>Name</th><th>Type</th><th>Enrolled</th><th>Created</th><th>Version</th><th></th></tr>
    </thead>
    <tbody>${agents.map((agent) => agentRow(app, agent, load))}</tbody>
  </table>`;
}

/** @param {App} app @param {AgentView} agent @param {() => void} load */
function agentRow(app, agent, load) {
  const { name, kind, machine, simulated, enrolled_at, created_at, agent_version } = agent;
  const link = machine ? html`<a href=${`#/machines/${encodeURIComponent(machine)}`}>${name}</a>` : name;
  const gone = () => {
    app.store.requestList();
    load();
  };
  return html`<tr data-testid="agent-row" data-agent=${agent.agent}>
    <td class="name-cell">${link} ${simulatedBadge(simulated)}</td>
    <td data-label="Type">${KINDS[kind]?.label ?? kind}</td>
    <td data-label="Enrolled">
      ${enrolled_at ? dateAndTime(enrolled_at) : html`<span class="muted">never</span>`}
    </td>
    <td data-label="Created">${dateAndTime(created_at)}</td>
    <td data-label="Version">${agent_version ?? html`<span class="muted" title="not known yet">–</span>`}</td>
    <td class="end">
      <button
        type="button"
        class="quiet danger-text"
        data-testid="delete-agent"
        aria-label="Delete ${name}"
        @click=${() => confirmDelete(app, { ...agent, machine: machine ?? null }, gone)}
      >
        Delete
      </button>
    </td>
  </tr>`;
}
