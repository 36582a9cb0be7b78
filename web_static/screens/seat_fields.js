// The fields that say what somebody may do in a farm: a role, and whose machines alone they see.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError } from "../api.js";
import { ROLES } from "../may.js";
import { choice, fieldError } from "./fields.js";

/** @import {App} from "../app.js" */
/** @import {Role} from "../wire.js" */
/** @import {Task} from "./fields.js" */

/** @typedef {{role: Role, whole: boolean, clients: Set<string>}} SeatDraft */

// As many as the commander takes.
const CLIENTS_MAX = 50;

/** @param {Role} role @param {string[] | null} [clients] @returns {SeatDraft} */
export function seatDraft(role, clients = null) {
  return { role, whole: clients === null, clients: new Set(clients) };
}

/** @param {SeatDraft} draft @returns {{role: Role, clients: string[] | null}} */
export function seatIn({ role, whole, clients }) {
  if (role === "owner" || whole) return { role, clients: null };
  if (!clients.size) throw new ApiError(0, "bad_clients", "Choose one client at least.", "clients");
  if (clients.size > CLIENTS_MAX) throw new ApiError(0, "bad_clients", `Choose at most ${CLIENTS_MAX}.`, "clients");
  return { role, clients: [...clients] };
}

/** @param {App} app @param {SeatDraft} draft @param {Task} task */
export function seatFields(app, draft, task) {
  return html`<fieldset>
      <legend>Role</legend>
      ${rolesOf(app).map((role) => roleChoice(app, draft, role))} ${fieldError("role", task.errorAt("role"))}
    </fieldset>
    ${draft.role === "owner" ? nothing : clientFields(app, draft, task)}`;
}

/** @param {App} app @returns {Role[]} nobody gives more than they have */
function rolesOf({ seat }) {
  const roles = /** @type {Role[]} */ (Object.keys(ROLES));
  return roles.slice(roles.indexOf(seat?.role ?? "viewer"));
}

/** @param {App} app @param {SeatDraft} draft @param {Role} role */
function roleChoice(app, draft, role) {
  const choose = () => set(app, draft, { role });
  const label = role.replace(/^./, (letter) => letter.toUpperCase());
  return choice({ name: "role", value: role, label, meaning: ROLES[role], chosen: draft.role === role, choose });
}

/** @param {App} app @param {SeatDraft} draft @param {Partial<SeatDraft>} change */
function set(app, draft, change) {
  Object.assign(draft, change);
  app.redraw();
}

/** @param {App} app @param {SeatDraft} draft @param {Task} task */
function clientFields(app, draft, task) {
  const known = clientsOf(app, draft);
  const all = app.seat?.clients ? "All machines that you see" : "The whole farm";
  /** @param {boolean} whole @param {string} label @param {string} meaning */
  const one = (whole, label, meaning) => {
    const choose = () => set(app, draft, { whole });
    return choice({ name: "sees", value: whole ? "all" : "some", label, meaning, chosen: draft.whole === whole, choose });
  };
  return html`<fieldset>
    <legend>Sees</legend>
    ${one(true, all, "with every machine that is added later")}
    ${one(false, "Machines of some clients alone", "no others, no sentries, nobody else’s figures")}
    ${draft.whole ? nothing : clientChoices(app, draft, known, task.field === "clients")} ${fieldError("clients", task.errorAt("clients"))}
  </fieldset>`;
}

/** @param {App} app @param {SeatDraft} draft @returns {string[]} those of the farm's machines, and those chosen before */
function clientsOf({ seat, store }, { clients }) {
  const found = [...store.rows.values()].flatMap(({ labels }) => (labels.client ? [labels.client] : []));
  return [...new Set([...(seat?.clients ?? found), ...clients])].sort((a, b) => a.localeCompare(b));
}

/** @param {App} app @param {SeatDraft} draft @param {string[]} known @param {boolean} refused the first of them then takes the focus */
function clientChoices(app, { clients }, known, refused) {
  const invalid = refused ? "true" : nothing;
  if (!known.length) return html`<p class="muted" tabindex="-1" aria-invalid=${invalid}>No machine has a client yet: write one down under “Edit” on its page.</p>`;
  /** @param {string} client */
  const toggle = (client) => {
    if (!clients.delete(client)) clients.add(client);
    app.redraw();
  };
  return html`<div class="client-choices" data-testid="clients">
    ${known.map(
      (client) => html`<label>
        <input type="checkbox" aria-invalid=${invalid} aria-describedby="error-clients" .checked=${clients.has(client)} @change=${() => toggle(client)} /><bdi>${client}</bdi>
      </label>`,
    )}
  </div>`;
}
