// Taking a machine out of work and putting it back: the dialog, the note on its page, the question when it returns.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { machineAddress } from "../address.js";
import { asksToReturn } from "../state.js";
import { ago, dateAndTime } from "../units.js";
import { openDialog } from "./dialogs.js";
import { choice, filledIn, Task, textField } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Row} from "../store.js" */
/** @import {MachineChange, Parked, ParkedFor} from "../wire.js" */

/** @type {Record<ParkedFor, {label: string, meaning: string, words: string}>} */
const REASONS = {
  repair: { label: "Repair", meaning: "Something is broken; it comes back.", words: "for repair" },
  spare: { label: "Spare", meaning: "It is kept for when it is needed.", words: "as a spare" },
  sold: { label: "Sold", meaning: "It is not yours any more.", words: "because it was sold" },
};

/** @param {App} app @param {string} machine @param {MachineChange} change */
export async function changeMachine(app, machine, change) {
  app.store.applyView(machine, await app.api.changeMachine(machine, change));
}

/** @param {App} app @param {Row} row */
export function openPark(app, row) {
  const task = new Task(app);
  /** @param {SubmitEvent} event @param {HTMLDialogElement} dialog */
  const submit = async (event, dialog) => {
    const field = filledIn(event);
    const parked = { reason: /** @type {ParkedFor} */ (field("reason")), note: field("note") };
    if (await task.run(() => changeMachine(app, row.machine, { parked }))) dialog.close();
  };
  openDialog(app, (dialog) => parkView(dialog, row.name, task, submit));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string} name
 * @param {Task} task
 * @param {(event: SubmitEvent, dialog: HTMLDialogElement) => void} submit
 */
function parkView(dialog, name, task, submit) {
  const reasons = /** @type {[ParkedFor, {label: string, meaning: string}][]} */ (Object.entries(REASONS));
  return html`<form @submit=${(/** @type {SubmitEvent} */ event) => submit(event, dialog)}>
    <h2 id="dialog-title">Park <bdi>${name}</bdi></h2>
    <p>
      A parked machine is in no count and no total. On the machine itself nothing changes. When it reports again, the
      dashboard asks.
    </p>
    <fieldset>
      <legend>Reason</legend>
      ${reasons.map(([value, { label, meaning }]) =>
        choice({ name: "reason", value, label, meaning, chosen: value === "repair" }),
      )}
    </fieldset>
    ${textField({ name: "note", label: "Note", error: task.errorAt("parked.note") })}
    ${errorLine(task.errorBeside(["parked.note"]))}
    <div class="actions">
      <button type="button" @click=${() => dialog.close()}>Cancel</button>
      <button class="primary" data-testid="confirm-park" ?disabled=${task.busy}>Park</button>
    </div>
  </form>`;
}

/** @param {App} app @param {Row[]} rows */
async function putBack(app, rows) {
  for (const { machine } of rows) await changeMachine(app, machine, { parked: null });
}

/** @param {App} app @param {Row[]} rows parked anew at the present time, so that the question rests */
async function leaveParked(app, rows) {
  for (const { machine, labels } of rows) {
    const { reason = "spare", note = "" } = labels.parked ?? {};
    await changeMachine(app, machine, { parked: { reason, note } });
  }
}

/**
 * What a parked machine's page says at its top; nothing for the others.
 * @param {App} app
 * @returns {(row: Row, now: {states: number, ages: number}) => unknown}
 */
export function parkedNote(app) {
  const task = new Task(app);
  return (row, now) => {
    const { parked } = row.labels;
    if (!parked) return nothing;
    const asks = asksToReturn(row, now.states);
    return html`<div class="parked-note ${asks ? "asks" : ""}" data-testid="parked-note" role="status">
      <p>
        ${asks ? html`<b>This machine is parked, but it reports again.</b>` : nothing}
        <span title=${ago(now.ages - parked.at)}>${parkedWords(parked)}</span>
      </p>
      ${errorLine(task.error)}
      <div class="actions">${answers(app, task, [row], asks)}</div>
    </div>`;
  };
}

/** @param {Parked} parked */
function parkedWords({ reason, at, note }) {
  const why = `Parked ${REASONS[reason]?.words ?? reason} since ${dateAndTime(at)}.`;
  return note ? html`${why} “<bdi>${note}</bdi>”` : why;
}

/** @param {App} app @param {Task} task @param {Row[]} rows @param {boolean} asks whether staying parked is an answer */
function answers(app, task, rows, asks) {
  if (!app.may.change) return nothing;
  const back = () => task.run(() => putBack(app, rows));
  const stay = () => task.run(() => leaveParked(app, rows));
  return html`<button type="button" data-testid="put-back" ?disabled=${task.busy} @click=${back}>
      Put back to work
    </button>
    ${asks
      ? html`<button type="button" data-testid="leave-parked" ?disabled=${task.busy} @click=${stay}>
          Leave parked
        </button>`
      : nothing}`;
}

/**
 * The question above the list, for all parked machines that report again.
 * @param {App} app
 * @returns {(rows: Row[]) => unknown}
 */
export function returningQuestion(app) {
  const task = new Task(app);
  return (rows) => {
    if (!rows.length) return nothing;
    const many = rows.length > 1 ? `${rows.length} parked machines report again` : "A parked machine reports again";
    return html`<div class="parked-note asks" data-testid="returning" role="status">
      <p><b>${many}:</b> ${namesOf(rows)}.</p>
      ${errorLine(task.error)}
      <div class="actions">${answers(app, task, rows, true)}</div>
    </div>`;
  };
}

const NAMED = 5;

/** @param {Row[]} rows */
function namesOf(rows) {
  const links = rows
    .slice(0, NAMED)
    .map(({ machine, name }, i) => html`${i ? ", " : ""}<a href=${machineAddress(machine)}><bdi>${name}</bdi></a>`);
  return html`${links}${rows.length > NAMED ? html` and ${rows.length - NAMED} more` : nothing}`;
}
