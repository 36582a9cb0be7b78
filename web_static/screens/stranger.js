// The warning that two machines show one token, as a copied disk does.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { dateAndTime, isolated } from "../units.js";

/** @import {AgentView} from "../wire.js" */

// More of them are still marked in the list.
const WARNED = 5;

/** @param {AgentView} agent "" where all is well */
export function strangerWords({ stranger }) {
  if (!stranger) return "";
  const { hostname, at } = stranger;
  const who = hostname ? `Another machine, ${isolated(hostname)},` : "Another machine";
  return `${who} showed this token at ${dateAndTime(at)} and was refused. Give it a sentry of its own.`;
}

/** @param {AgentView[]} agents */
export function strangersView(agents) {
  const strange = agents.filter(({ stranger }) => stranger);
  if (!strange.length) return nothing;
  return html`<ul class="warnings" role="status">
    ${strange.slice(0, WARNED).map(
      (agent) => html`<li data-testid="stranger"><b><bdi>${agent.name}</bdi>:</b> ${strangerWords(agent)}</li>`,
    )}
    ${strange.length > WARNED ? html`<li>and ${strange.length - WARNED} more, marked in the list</li>` : nothing}
  </ul>`;
}
