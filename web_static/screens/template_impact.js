// What changing a pool or a wallet will change, old beside new, before it is saved.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { counted, useWords } from "../templates.js";

/** @import {TemplateImpact} from "../wire.js" */

/** @param {TemplateImpact} impact */
export function impactView(impact) {
  const { before, after, playbooks, coin } = impact;
  return html`<div class="impact" data-testid="impact">
    <div class="beside">
      <div><span class="muted">Now</span><code class="old" data-testid="impact-before">${before}</code></div>
      <div><span class="muted">From now on</span><code class="new" data-testid="impact-after">${after}</code></div>
    </div>
    <p><b>${rigWords(impact)}</b>${coin ? html` Coin: <b><bdi>${coin}</bdi></b>.` : nothing}</p>
    ${playbooks.length
      ? html`<p class="muted">A new version is made of each of these:</p>
          <ul class="uses">
            ${playbooks.map((use) => html`<li><bdi>${useWords(use)}</bdi></li>`)}
          </ul>`
      : nothing}
  </div>`;
}

/** @param {TemplateImpact} impact */
function rigWords({ playbooks, rigs }) {
  if (!playbooks.length) return "No playbook becomes another by this: nothing changes on any rig.";
  return rigs ? `${counted(rigs, "rig")} will mine with the new one.` : "No rig is to run them yet.";
}
