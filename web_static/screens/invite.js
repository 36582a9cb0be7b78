// The dialog that invites somebody to the farm and shows the invitation's link, once.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { seatWords } from "../may.js";
import { until } from "../units.js";
import { copyButton } from "./command.js";
import { openDialog } from "./dialogs.js";
import { filledIn, focusMistake, focusOn, Task, textField } from "./fields.js";
import { errorLine } from "./marks.js";
import { seatDraft, seatFields, seatIn } from "./seat_fields.js";

/** @import {App} from "../app.js" */
/** @import {NewInvitation, Role} from "../wire.js" */
/** @import {SeatDraft} from "./seat_fields.js" */

/** @typedef {{email: string, role: Role, clients: string[] | null}} Wish */

const FIELDS = ["email", "role", "clients"];
/** @type {Wish} */
const USUAL = { email: "", role: "viewer", clients: null };

/** @param {App} app @param {() => void} made called when there is an invitation more @param {Wish} [wish] what is filled in */
export function openInvite(app, made, { email, role, clients } = USUAL) {
  const [task, draft] = [new Task(app), seatDraft(role, clients)];
  /** @type {NewInvitation | null} */
  let done = null;
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    const typed = filledIn(event)("email");
    const run = async () => {
      done = await app.api.invite({ ...seatIn(draft), email: typed || null });
      made();
    };
    if (await task.run(run)) focusOn("#dialog-title");
    else focusMistake();
  };
  openDialog(app, (dialog) => (done ? madeView(app, dialog, done) : formView(app, dialog, task, draft, email, submit)), task);
}

/**
 * @param {App} app
 * @param {HTMLDialogElement} dialog
 * @param {Task} task
 * @param {SeatDraft} draft
 * @param {string} email
 * @param {(event: SubmitEvent) => void} submit
 */
function formView(app, dialog, task, draft, email, submit) {
  return html`<form @submit=${submit}>
    <h2 id="dialog-title">Invite to <bdi>${app.seat?.name}</bdi></h2>
    ${textField({
      name: "email",
      label: "E-mail (optional)",
      hint: "Then only this address can accept. Left empty, whoever uses the link first can.",
      value: email,
      error: task.errorAt("email"),
    })}
    ${seatFields(app, draft, task)} ${errorLine(task.errorBeside(FIELDS) && task.told)}
    <div class="actions">
      <button type="button" ?disabled=${task.busy} @click=${() => dialog.close()}>Cancel</button>
      <button class="primary" data-testid="make-invitation" ?disabled=${task.busy || task.rest_s > 0}>
        ${task.busy ? "Inviting…" : "Invite"}
      </button>
    </div>
  </form>`;
}

/** @param {App} app @param {HTMLDialogElement} dialog @param {NewInvitation} made */
function madeView(app, dialog, { invitation, link, mailed }) {
  const { email, expires_at } = invitation;
  return html`<h2 id="dialog-title" tabindex="-1">${email ? html`<bdi>${email}</bdi> is invited` : "The invitation is open"}</h2>
    <p>
      As <bdi>${seatWords(invitation)}</bdi>. ${mailed ? html`A letter is on its way there.` : nothing}
      ${mailed ? "If it does not arrive, give them this link:" : email ? "Give them this link:" : "Whoever uses this link first can accept:"}
    </p>
    <div class="command"><code tabindex="0" data-once data-testid="invitation-link">${link}</code>${copyButton(link)}</div>
    <p class="hint">
      <b>The link is shown only now.</b> It works once, and expires ${until(expires_at - app.clock.running())}; until then
      it can be withdrawn.
    </p>
    <div class="actions">
      <button type="button" class="primary" @click=${() => dialog.close()}>Done</button>
    </div>`;
}
