// The head of a machine's page: what it is, how it stands, and what can be done with it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { forSoLong, silentSince } from "../asics.js";
import { ageOf, standingOf } from "../state.js";
import { ago, timeOfDay } from "../units.js";
import { confirmDelete } from "./deletion.js";
import { openEdit } from "./edit_machine.js";
import { cadence } from "./machine_row.js";
import { kindWords, simulatedBadge, stateMark } from "./marks.js";
import { openPark } from "./parking.js";

/** @import {App} from "../app.js" */
/** @import {Live, Row} from "../store.js" */
/** @import {Labels, MachineView} from "../wire.js" */
/** @import {Now} from "./machine_row.js" */

/** @param {App} app @param {Row} row @param {MachineView} view @param {Now} now */
export function machineHeading(app, row, view, now) {
  const { name, live } = row;
  const rhythm = cadence(live);
  return html`<div class="heading">
    <div>
      <h1 tabindex="-1">${name} ${simulatedBadge(row.simulated)}</h1>
      <p class="subline">
        ${stateMark(standingOf(row, now.states), "machine-state")}<span>${kindWords(row)}</span>
        ${live.silence
          ? html`<span>silent <span data-testid="age">${forSoLong(silentSince(live), now.ages)}</span></span>`
          : html`<span title=${times(live)}>last report: <span data-testid="age">${ago(ageOf(live, now.ages))}</span></span>`}
        ${rhythm ? html`<span data-testid="cadence">${rhythm}</span>` : nothing}
      </p>
      ${labelsLine(row.labels)}
    </div>
    ${actions(app, row, view)}
  </div>`;
}

/** @param {Labels} labels */
function labelsLine({ place, tags = [], client }) {
  if (!place && !client && !tags.length) return nothing;
  return html`<p class="subline" data-testid="labels">
    ${place ? html`<bdi>${place}</bdi>` : nothing} ${client ? html`<span>Client: <bdi>${client}</bdi></span>` : nothing}
    ${tags.length ? html`<span class="tags">${tags.map((tag) => html`<span class="tag">${tag}</span>`)}</span>` : nothing}
  </p>`;
}

/** @param {App} app @param {Row} row @param {MachineView} view */
function actions(app, row, { agent }) {
  const { machine, name, labels } = row;
  const remove = () => confirmDelete(app, { agent, name, machine }, (notice) => app.go("#/machines", notice));
  const park = html`<button type="button" data-testid="park-machine" @click=${() => openPark(app, row)}>Park</button>`;
  const { change, changeAgents } = app.may;
  if (!change) return nothing;
  return html`<div class="actions">
    <button type="button" data-testid="edit-machine" @click=${() => openEdit(app, row)}>Edit</button>
    ${labels.parked ? nothing : park}
    ${changeAgents && row.kind !== "asic"
      ? html`<button type="button" class="danger-text" data-testid="delete-machine" @click=${remove}>Delete</button>`
      : nothing}
  </div>`;
}

/** @param {Live} live */
function times({ received_at, sampled_at }) {
  if (received_at === null) return "No report yet";
  const sampled = sampled_at === null ? "" : `, sampled at ${timeOfDay(sampled_at)} by its own`;
  return `Received at ${timeOfDay(received_at)} by the commander's clock${sampled}`;
}
