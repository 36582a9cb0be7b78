// Who is signed in: password, second factor, the browsers that are signed in, and the farms one belongs to.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { farmAddress } from "../address.js";
import { seatWords } from "../may.js";
import { openDialog } from "./dialogs.js";
import { newFarmButton } from "./farm_choice.js";
import { focusMistake, newPasswordFields, newPasswordIn, passwordField, Task, typedIn, whenLiveAgain } from "./fields.js";
import { errorLine } from "./marks.js";
import { SecondFactor } from "./second_factor.js";
import { Sessions } from "./sessions.js";

/** @import {App, Screen} from "../app.js" */
/** @import {FarmSeat, SessionView} from "../wire.js" */

/** @param {App} app @returns {Screen} */
export function accountScreen(app) {
  const sessions = new Sessions(app);
  const password = new Password(app, () => sessions.load());
  const factor = new SecondFactor(app);
  sessions.load();
  return {
    title: () => "Account",
    update: whenLiveAgain(app, () => sessions.load()),
    view: () => (app.session ? accountView(app, app.session, [password, factor, sessions]) : html``),
  };
}

/** @param {App} app @param {SessionView} session @param {{view: (session: SessionView) => unknown}[]} parts */
function accountView(app, session, parts) {
  const { email, provider, farms } = session;
  return html`<div class="account" data-testid="account">
    <div class="heading">
      <div>
        <h1 tabindex="-1">Account</h1>
        <p class="muted">
          Signed in as <bdi>${email}</bdi>.
          ${provider ? html`<span>You can also sign in by <bdi>${provider}</bdi>.</span>` : nothing}
        </p>
      </div>
      <button type="button" data-testid="sign-out-here" @click=${() => app.signOut()}>Sign out</button>
    </div>
    ${parts.map((part) => part.view(session))}
    <section class="card">
      <div class="heading">
        <h2>Farms</h2>
        ${newFarmButton(app)}
      </div>
      ${farms.length ? html`<ul class="rows">${farms.map((seat) => farmRow(app, seat))}</ul>` : html`<p class="muted">You belong to none.</p>`}
    </section>
  </div>`;
}

/** @param {App} app @param {FarmSeat} seat */
function farmRow(app, seat) {
  return html`<li data-testid="my-farm">
    <span>
      <a href=${farmAddress(seat.farm)}><b>${seat.name}</b></a>
      <span class="muted"><bdi>${seatWords(seat)}</bdi></span>
    </span>
    <button type="button" class="quiet danger-text" data-testid="leave-farm" aria-label="Leave ${seat.name}" @click=${() => askToLeave(app, seat)}>
      Leave
    </button>
  </li>`;
}

/** @param {App} app @param {FarmSeat} seat */
function askToLeave(app, { farm, name }) {
  const task = new Task(app);
  /** @param {HTMLDialogElement} dialog */
  const leave = async (dialog) => {
    if (!(await task.run(() => app.api.of(farm).leaveFarm()))) return;
    dialog.close();
    if (app.seat?.farm !== farm) app.say({ text: `You do not belong to ${name} any more.` });
    app.reread().catch(() => {});
  };
  openDialog(
    app,
    (dialog) => html`<h2 id="dialog-title">Leave <bdi>${name}</bdi>?</h2>
      <p>You see nothing of it any more, and your API tokens for it end. Only an owner can invite you again.</p>
      ${errorLine(task.error)}
      <div class="actions">
        <button type="button" @click=${() => dialog.close()}>Stay</button>
        <button type="button" class="danger" data-testid="confirm-leave" ?disabled=${task.busy} @click=${() => leave(dialog)}>
          Leave
        </button>
      </div>`,
  );
}

/** The section that changes the password. */
class Password {
  #app;
  #task;
  #changed;
  #done = false;

  /** @param {App} app @param {() => void} changed called when other sessions have ended by it */
  constructor(app, changed) {
    this.#app = app;
    this.#task = new Task(app);
    this.#changed = changed;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const typed = typedIn(event);
    this.#done = await this.#task.run(async () => {
      this.#app.session = await this.#app.api.changePassword({ old: typed("old"), new: newPasswordIn(typed) });
      if (this.#app.seat) this.#app.socket.restart();
    });
    if (!this.#done) return focusMistake();
    form.reset();
    this.#changed();
  }

  /** @param {SessionView} session */
  view({ email, has_password = true }) {
    const task = this.#task;
    if (!has_password) return html`<section class="card"><h2>Password</h2><p class="muted">You have none here.</p></section>`;
    return html`<section class="card">
      <h2>Password</h2>
      <form data-testid="password-form" @submit=${(/** @type {SubmitEvent} */ event) => this.#submit(event)}>
        <input class="hidden" type="text" autocomplete="username" aria-hidden="true" tabindex="-1" .value=${email} readonly />
        ${passwordField({ name: "old", label: "Present password", autocomplete: "current-password", error: task.errorAt("old") })}
        ${newPasswordFields(task.errorAt("new"))} ${errorLine(["old", "new"].includes(task.field) ? "" : task.told)}
        <div class="actions">
          <p class="answer ${this.#done ? "done" : "muted"}" role="status">
            ${this.#done ? "Changed. Every other browser was signed out." : "Every other browser is signed out by it."}
          </p>
          <button class="primary" data-testid="change-password" ?disabled=${task.busy || task.rest_s > 0}>
            ${task.busy ? "Changing…" : "Change"}
          </button>
        </div>
      </form>
    </section>`;
  }
}
