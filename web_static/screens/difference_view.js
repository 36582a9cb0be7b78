// What changed between two versions of a playbook, for the eye.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { changes, scriptChanges } from "../difference.js";
import { SYSTEMS } from "../templates.js";

/** @import {Line} from "../difference.js" */
/** @import {PlaybookVersion} from "../wire.js" */

/** @type {Record<Line["kind"], {sign: string, words: string}>} */
const SIGNS = {
  same: { sign: " ", words: "" },
  left_out: { sign: " ", words: "" },
  gone: { sign: "−", words: "gone: " },
  new: { sign: "+", words: "new: " },
};

/** @param {PlaybookVersion} before @param {PlaybookVersion} after */
export function differenceView(before, after) {
  const [facts, scripts] = [changes(before, after), scriptChanges(before, after)];
  if (!facts.length && !scripts.length) return html`<p class="muted">Nothing that a script is filled with is another; a password may be.</p>`;
  return html`${facts.length
    ? html`<dl class="fact-changes">
        ${facts.map(
          ({ what, before, after }) => html`<dt>${what}</dt>
            <dd><code class="old"><span class="unseen">before: </span>${before || "—"}</code><code class="new"><span class="unseen">after: </span>${after || "—"}</code></dd>`,
        )}
      </dl>`
    : nothing}
  ${scripts.map(
    ([system, lines]) => html`<p class="muted">Script for ${SYSTEMS[system]}</p>
      <div class="difference" dir="ltr" role="group" aria-label="Changes of the script for ${SYSTEMS[system]}">
        ${lines.map(({ kind, text }) => html`<code class=${kind}><span aria-hidden="true">${SIGNS[kind].sign} </span><span class="unseen">${SIGNS[kind].words}</span>${text}</code>`)}
      </div>`,
  )}`;
}
