// What is to be done at an edge's own computer, as commands to paste.

import { html } from "../vendor/lit-html/lit-html.js";
import { copyButton } from "./command.js";

/** @param {string} command */
export function pasteLine(command) {
  return html`<div class="command"><code tabindex="0">${command}</code>${copyButton(command)}</div>`;
}

/** How it goes on after `asic-edge enrol`. */
export function runSteps() {
  return html`<p>Then let it run, also after a restart of that computer:</p>
    ${pasteLine("sudo asic-edge install-service")}
    <p class="muted small">
      Only to try it, <code>asic-edge run</code> does the same until you end it. Once it reports, its ASICs are searched for
      and added on its page here.
    </p>`;
}

/** What follows another token: a running edge goes on with the one that it began with. */
export function restartSteps() {
  return html`<p>Then restart its service, for it knows the old token only:</p>
    ${pasteLine("sudo systemctl restart asic-edge")}
    <p class="muted small">Where <code>asic-edge run</code> was started by hand, end that and start it anew.</p>`;
}
