// What is asked before a mining program is paused, or started beside one that somebody else runs.

import { html } from "../vendor/lit-html/lit-html.js";
import { PAUSES } from "../programs.js";
import { openDialog } from "./dialogs.js";
import { choice, filledIn } from "./fields.js";

/** @import {App} from "../app.js" */
/** @import {Program} from "../wire.js" */

/** @param {App} app @param {Program} program @param {(for_s: number | null) => unknown} pause */
export function askPause(app, { program }, pause) {
  /** @param {SubmitEvent} event @param {HTMLDialogElement} dialog */
  const submit = (event, dialog) => {
    const chosen = filledIn(event)("pause");
    dialog.close();
    pause(PAUSES.find(({ value }) => value === chosen)?.for_s ?? null);
  };
  openDialog(app, (dialog) => pauseView(dialog, program, submit));
}

/** @param {HTMLDialogElement} dialog @param {string} program @param {(event: SubmitEvent, dialog: HTMLDialogElement) => void} submit */
function pauseView(dialog, program, submit) {
  return html`<form @submit=${(/** @type {SubmitEvent} */ event) => submit(event, dialog)}>
    <h2 id="dialog-title">Pause <bdi>${program}</bdi></h2>
    <fieldset>
      <legend>For how long</legend>
      ${PAUSES.map(({ value, label }, i) => choice({ name: "pause", value, label, meaning: "", chosen: i === 0 }))}
    </fieldset>
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Cancel</button>
      <button class="primary" data-testid="confirm-pause">Pause</button>
    </div>
  </form>`;
}

/** @param {App} app @param {Program} program @param {() => unknown} start */
export function askTakeOver(app, program, start) {
  openDialog(app, (dialog) => takeOverView(dialog, program, start));
}

/** @param {HTMLDialogElement} dialog @param {Program} program @param {() => unknown} start */
function takeOverView(dialog, { program, reason }, start) {
  const confirm = () => {
    dialog.close();
    start();
  };
  return html`<h2 id="dialog-title">Start <bdi>${program}</bdi> all the same?</h2>
    <p>It was not started because another program is in the way: <b><bdi>${reason || "no reason was told"}</bdi></b>.</p>
    <p>
      Taking over starts it beside the other program, which is not stopped: end that one on the rig, or both share the
      cards. A port that is in use stays in the way.
    </p>
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Leave it</button>
      <button type="button" class="danger" data-testid="confirm-take-over" @click=${confirm}>Take over and start</button>
    </div>`;
}
