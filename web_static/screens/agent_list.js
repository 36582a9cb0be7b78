// The table of agents, of which only those near the screen are drawn.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { edgeAddress, machineAddress } from "../address.js";
import { dateAndTime } from "../units.js";
import { confirmDelete } from "./deletion.js";
import { KINDS, simulatedBadge } from "./marks.js";
import { openNewToken } from "./new_token.js";
import { strangerWords } from "./stranger.js";
import { windowedRows } from "./windowed.js";

/** @import {App} from "../app.js" */
/** @import {AgentView} from "../wire.js" */
/** @import {List} from "./windowed.js" */

const COLUMNS = ["Name", "Type", "Enrolled", "Created", "Version"];

/** @param {App} app @param {AgentView[]} items @param {() => void} load */
export function agentTable(app, items, load) {
  if (!items.length) {
    return html`<div class="card empty" data-testid="empty"><p class="big">No sentries yet.</p></div>`;
  }
  /** @type {List<AgentView>} */
  const list = { body: ".agent-list tbody", rowPx: [52, 148], items, key: ({ agent }) => agent };
  return html`<table class="grid agent-list" role="table" aria-label="Sentries" aria-rowcount=${items.length + 1}>
    <thead role="rowgroup">
      <tr role="row">
        ${COLUMNS.map((label) => html`<th role="columnheader">${label}</th>`)}
        ${app.may.changeAgents ? html`<th role="columnheader">Actions</th>` : nothing}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${windowedRows(list, (agent, place) => agentRow(app, agent, place, load))}
    </tbody>
  </table>`;
}

/** @param {App} app @param {AgentView} agent @param {number} place @param {() => void} load */
function agentRow(app, agent, place, load) {
  const { kind, enrolled_at, created_at, agent_version } = agent;
  return html`<tr role="row" data-testid="agent-row" data-agent=${agent.agent} aria-rowindex=${place + 2}>
    ${nameCell(agent)}
    <td role="cell" data-label="Type">${KINDS[kind]?.label ?? kind}</td>
    <td role="cell" data-label="Enrolled">
      ${enrolled_at ? dateAndTime(enrolled_at) : html`<span class="muted">never</span>`}
    </td>
    <td role="cell" data-label="Created">${dateAndTime(created_at)}</td>
    <td role="cell" data-label="Version">
      ${agent_version ? html`<bdi>${agent_version}</bdi>` : html`<span class="muted" title="not known yet">–</span>`}
    </td>
    ${app.may.changeAgents ? actionsCell(app, agent, load) : nothing}
  </tr>`;
}

/** @param {AgentView} agent */
function nameCell(agent) {
  const { name, simulated } = agent;
  const strange = strangerWords(agent);
  const address = pageOf(agent);
  return html`<td role="cell" class="name-cell">
    <span class="name"
      >${address
        ? html`<a href=${address} title=${name}>${name}</a>`
        : html`<span title=${name}>${name}</span>`}
      ${simulatedBadge(simulated)}</span
    >
    ${strange ? html`<span class="labels warn" title=${strange}>its token was shown by another machine</span>` : nothing}
  </td>`;
}

/** @param {AgentView} agent @returns {string} "" where there is none */
function pageOf({ agent, kind, machine }) {
  if (kind === "asic") return edgeAddress(agent);
  return machine ? machineAddress(machine) : "";
}

/** @param {App} app @param {AgentView} agent @param {() => void} load */
function actionsCell(app, agent, load) {
  const { name, machine } = agent;
  const remove = () =>
    confirmDelete(app, { ...agent, machine: machine ?? null }, (notice) => {
      app.say(notice);
      load();
    });
  return html`<td role="cell" class="end">
    <button
      type="button"
      class="quiet"
      data-testid="new-token"
      aria-label="New token for ${name}"
      @click=${() => openNewToken(app, agent, load)}
    >
      New token
    </button>
    <button
      type="button"
      class="quiet danger-text"
      data-testid="delete-agent"
      aria-label="Delete ${name}"
      @click=${remove}
    >
      Delete
    </button>
  </td>`;
}
