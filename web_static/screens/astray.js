// The rigs that do not run what they should, the longest first, with the reason.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { machineAddress } from "../address.js";
import { dateAndTime, duration } from "../units.js";
import { unreadLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {AstrayList, AstrayRig} from "../wire.js" */
/** @import {Polled} from "./polled.js" */

// As many as the commander lists.
const SHOWN_MAX = 500;

/** @param {App} app @param {Polled<AstrayList>} astray */
export function astrayView(app, { value, error, load }) {
  return html`<div class="heading">
      <div>
        <h1 tabindex="-1">Astray</h1>
        <p class="muted">Rigs that do not run what they should; the longest first.</p>
      </div>
    </div>
    ${unreadLine(error, load)} ${value || error ? nothing : html`<p class="muted">Reading…</p>`}
    ${value && !value.rigs.length ? html`<p class="card empty" data-testid="none-astray">Every rig is where it should be.</p>` : nothing}
    ${value?.rigs.length ? html`<ul class="rollout-list">${value.rigs.map((rig) => rowView(app, rig))}</ul>` : nothing}
    ${value && value.rigs.length >= SHOWN_MAX ? html`<p class="muted">There may be more: ${SHOWN_MAX} are listed.</p>` : nothing}`;
}

/** @param {App} app @param {AstrayRig} rig */
function rowView(app, { machine, name, wanted, actual, since, reason }) {
  return html`<li class="card astray-row" data-testid="astray" data-machine=${machine}>
    <a href=${machineAddress(machine)}><bdi>${name}</bdi></a>
    <span class="muted small" title=${dateAndTime(since)}>for ${duration(Math.max(0, app.clock.running() - since))}</span>
    <bdi class="astray-reason" data-testid="astray-reason">${reason}</bdi>
    <span class="muted small">should be at revision ${wanted}, is at ${actual || "none"}</span>
  </li>`;
}
