// Keys for programs: one's own, and to an owner everybody's; a new one is shown once.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError } from "../api.js";
import { seatWords } from "../may.js";
import { dateAndTime, until } from "../units.js";
import { copyButton } from "./command.js";
import { openDialog } from "./dialogs.js";
import { filledIn, focusMistake, focusOn, Task, textField, whenLiveAgain } from "./fields.js";
import { errorLine, unreadLine } from "./marks.js";
import { openQuestion } from "./question.js";
import { seatDraft, seatFields, seatIn } from "./seat_fields.js";

/** @import {App, Screen} from "../app.js" */
/** @import {ApiTokenView, NewApiToken} from "../wire.js" */
/** @import {SeatDraft} from "./seat_fields.js" */

const DAYS = 90;
const DAYS_MAX = 366;
const FIELDS = ["name", "role", "clients", "days"];

/** @param {App} app @returns {Screen} */
export function apiTokensScreen(app) {
  const task = new Task(app);
  /** @type {ApiTokenView[] | null} */
  let tokens = null;
  const load = () =>
    task.run(async () => {
      ({ tokens } = await app.api.apiTokens());
    });
  load();
  return { title: () => "API tokens", update: whenLiveAgain(app, load), view: () => screenView(app, tokens, task, load) };
}

/** @param {App} app @param {ApiTokenView[] | null} tokens @param {Task} task @param {() => Promise<unknown>} load */
function screenView(app, tokens, task, load) {
  const whose = app.may.own ? "Everybody’s; as an owner you can revoke any." : "Yours.";
  return html`<div class="sections" data-testid="api-tokens">
    <div class="heading">
      <div>
        <h1 tabindex="-1">API tokens</h1>
        <p class="muted">Keys by which programs read <bdi>${app.seat?.name}</bdi>, or change it. ${whose}</p>
      </div>
      <button type="button" class="primary" data-testid="new-api-token" @click=${() => openNewToken(app, load)}>New token</button>
    </div>
    ${unreadLine(task.told, load)} ${tokens || task.error ? nothing : html`<p class="muted">Reading…</p>`}
    ${tokens ? listView(app, tokens, load) : nothing}
  </div>`;
}

/** @param {App} app @param {ApiTokenView[]} tokens @param {() => Promise<unknown>} load */
function listView(app, tokens, load) {
  if (!tokens.length) {
    return html`<section class="card empty" data-testid="empty">
      <p class="big">No API tokens.</p>
      <p class="muted">A script, a dashboard of your own or an alerting system needs one to read the farm’s figures.</p>
    </section>`;
  }
  return html`<section class="card">
    <ul class="rows">
      ${tokens.map((token) => tokenRow(app, token, load))}
    </ul>
  </section>`;
}

/** @param {App} app @param {ApiTokenView} token @param {() => Promise<unknown>} load */
function tokenRow(app, token, load) {
  const { name, email, created_at, expires_at } = token;
  return html`<li data-testid="api-token">
    <span>
      <b><bdi>${name}</bdi></b>
      <span class="muted"
        ><bdi>${seatWords(token)}</bdi>${email === app.session?.email ? nothing : html` · of <bdi>${email}</bdi>`} ·
        <span title=${dateAndTime(expires_at)}>expires ${until(expires_at - app.clock.running())}</span> ·
        made ${dateAndTime(created_at)}</span
      >
    </span>
    <button type="button" class="quiet danger-text" data-testid="revoke" aria-label="Revoke ${name}" @click=${() => askToRevoke(app, token, load)}>
      Revoke
    </button>
  </li>`;
}

/** @param {App} app @param {ApiTokenView} token @param {() => Promise<unknown>} load */
function askToRevoke(app, { token, name }, load) {
  const words = "Whatever uses it is refused from now on. There is no way back but another token.";
  const revoke = async () => {
    await app.api.revokeApiToken(token);
    await load();
  };
  openQuestion(app, { title: html`Revoke <bdi>${name}</bdi>?`, words, no: "Keep it", yes: "Revoke" }, revoke);
}

/** @param {App} app @param {() => void} made */
function openNewToken(app, made) {
  const [task, draft] = [new Task(app), seatDraft("viewer")];
  /** @type {NewApiToken | null} */
  let done = null;
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    const field = filledIn(event);
    const run = async () => {
      done = await app.api.createApiToken({ ...seatIn(draft), name: field("name"), days: daysIn(field("days")) });
      made();
    };
    if (await task.run(run)) focusOn("#dialog-title");
    else focusMistake();
  };
  openDialog(app, (dialog) => (done ? madeView(dialog, done) : formView(app, dialog, task, draft, submit)), task);
}

/** @param {string} text */
function daysIn(text) {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= DAYS_MAX) return days;
  throw new ApiError(0, "bad_days", `A whole number from 1 to ${DAYS_MAX}.`, "days");
}

/**
 * @param {App} app
 * @param {HTMLDialogElement} dialog
 * @param {Task} task
 * @param {SeatDraft} draft
 * @param {(event: SubmitEvent) => void} submit
 */
function formView(app, dialog, task, draft, submit) {
  return html`<form @submit=${submit}>
    <h2 id="dialog-title">New API token</h2>
    ${textField({ name: "name", label: "Name", hint: "What uses it, such as “Grafana”.", required: true, error: task.errorAt("name") })}
    ${seatFields(app, draft, task)}
    ${textField({ name: "days", label: "Days until it expires", value: String(DAYS), numeric: true, required: true, hint: `1 to ${DAYS_MAX}.`, error: task.errorAt("days") })}
    ${errorLine(task.errorBeside(FIELDS) && task.told)}
    <div class="actions">
      <button type="button" ?disabled=${task.busy} @click=${() => dialog.close()}>Cancel</button>
      <button class="primary" data-testid="make-api-token" ?disabled=${task.busy || task.rest_s > 0}>${task.busy ? "Making…" : "Make it"}</button>
    </div>
  </form>`;
}

/** @param {HTMLDialogElement} dialog @param {NewApiToken} made */
function madeView(dialog, { token, secret }) {
  const command = `curl -H 'Authorization: Bearer ${secret}' ${location.origin}/v1/machines`;
  return html`<h2 id="dialog-title" tabindex="-1">The token <bdi>${token.name}</bdi></h2>
    <div class="command"><code tabindex="0" data-once data-testid="api-secret">${secret}</code>${copyButton(secret)}</div>
    <p>To try it:</p>
    <div class="command"><code tabindex="0" data-testid="api-curl">${command}</code>${copyButton(command)}</div>
    <p class="hint"><b>The token is shown only now.</b> It can do no more than you can, and ends when you leave the farm.</p>
    <div class="actions">
      <button type="button" class="primary" @click=${() => dialog.close()}>Done</button>
    </div>`;
}
