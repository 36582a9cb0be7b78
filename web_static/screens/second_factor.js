// The section of the account that turns a second factor on and off.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { copyButton } from "./command.js";
import { codeField, filledIn, focusMistake, focusOn, passwordField, Task, typedIn } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {SecondFactorOffer, SessionView} from "../wire.js" */

const SECTION = '[data-testid="second-factor"]';
// What a scanner needs around a code, in its modules.
const QUIET = 4;

export class SecondFactor {
  #app;
  #task;
  /** @type {SecondFactorOffer | null} */
  #offer = null;
  /** Whether the password is being asked for, to begin. */
  #asking = false;
  #ending = false;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.#task = new Task(app);
  }

  /** @param {SessionView} session */
  view({ email, second_factor, has_password = true }) {
    if (!has_password) return nothing;
    return html`<section class="card" data-testid="second-factor">
      <h2 tabindex="-1">Second factor</h2>
      ${this.#content(email, second_factor ?? false)}
    </section>`;
  }

  /** @param {string} email @param {boolean} on */
  #content(email, on) {
    const { recovery } = this.#app;
    if (recovery?.email === email) return this.#codesView(recovery.codes);
    if (on) return this.#ending ? this.#endView() : this.#onView();
    if (this.#offer) return this.#proofView(email, this.#offer);
    return this.#asking ? this.#askView() : this.#offView();
  }

  #offView() {
    const ask = () => this.#show({ asking: true }, "input");
    return html`<p class="muted">
        Off. With it, signing in also takes a code from an app on your phone, so that a stolen password is not enough.
      </p>
      <div class="actions">
        <button type="button" class="primary" data-testid="offer-factor" @click=${ask}>Turn on</button>
      </div>`;
  }

  #askView() {
    const task = this.#task;
    /** @param {SubmitEvent} event */
    const offer = async (event) => {
      const password = typedIn(event)("password");
      const made = await task.run(async () => {
        this.#offer = await this.#app.api.offerSecondFactor(password);
        this.#asking = false;
      });
      if (made) focusOn(`${SECTION} input`);
      else focusMistake();
    };
    return html`<form @submit=${offer}>
      ${passwordField({
        name: "password",
        label: "Password",
        autocomplete: "current-password",
        hint: "So that nobody turns it on who merely found this window open.",
        error: task.errorAt("password"),
      })}
      ${errorLine(task.field === "password" ? "" : task.told)}
      <div class="actions">
        <button type="button" ?disabled=${task.busy} @click=${() => this.#forget()}>Cancel</button>
        <button class="primary" data-testid="confirm-password" ?disabled=${task.busy || task.rest_s > 0}>Go on</button>
      </div>
    </form>`;
  }

  /** @param {string} email @param {SecondFactorOffer} offer */
  #proofView(email, { secret, rows }) {
    /** @param {SubmitEvent} event */
    const prove = async (event) => {
      const code = filledIn(event)("code");
      const proved = await this.#task.run(async () => {
        const { codes } = await this.#app.api.proveSecondFactor(code);
        this.#app.recovery = { email, codes };
        this.#offer = null;
        await this.#app.reread().catch(() => {});
      });
      if (proved) focusOn(`${SECTION} p`);
      else focusMistake();
    };
    return html`<form class="offer" @submit=${prove}>
      ${qrCode(rows)}
      <div>
        <p>Scan this with an authenticator app, or type its secret there:</p>
        <div class="command"><code tabindex="0" data-testid="factor-secret">${grouped(secret)}</code>${copyButton(secret)}</div>
        ${codeField("The app shows it, and another one each 30 s.", this.#task.told)}
        <div class="actions">
          <button type="button" ?disabled=${this.#task.busy} @click=${() => this.#forget()}>Cancel</button>
          <button class="primary" data-testid="prove-factor" ?disabled=${this.#task.busy || this.#task.rest_s > 0}>Turn on</button>
        </div>
      </div>
    </form>`;
  }

  /** @param {string[]} codes */
  #codesView(codes) {
    const text = codes.join("\n");
    const kept = () => {
      this.#app.recovery = null;
      this.#forget();
    };
    return html`<p tabindex="-1">
        <b>It is on.</b> Each of these codes replaces the app once, if you lose your phone.
        <b>They are shown only now.</b>
      </p>
      <div class="command"><code class="codes" tabindex="0" data-once data-testid="recovery-codes">${text}</code>${copyButton(text)}</div>
      <div class="actions">
        <button type="button" class="primary" data-testid="codes-kept" @click=${kept}>I have kept them</button>
      </div>`;
  }

  #onView() {
    const end = () => this.#show({ ending: true }, "input");
    return html`<p class="muted">On: signing in takes a code from your app, or a recovery code.</p>
      <div class="actions"><button type="button" data-testid="end-factor" @click=${end}>Turn off</button></div>`;
  }

  #endView() {
    /** @param {SubmitEvent} event */
    const end = async (event) => {
      const typed = typedIn(event);
      const ended = await this.#task.run(async () => {
        await this.#app.api.endSecondFactor({ password: typed("password"), code: typed("code").trim() });
        this.#ending = false;
        await this.#app.reread().catch(() => {});
      });
      if (ended) focusOn(`${SECTION} h2`);
      else focusMistake();
    };
    return html`<form @submit=${end}>
      ${passwordField({ name: "password", label: "Password", autocomplete: "current-password", error: this.#task.errorAt("password") })}
      ${codeField("From your app, or a recovery code.", this.#task.errorAt("code"))}
      ${errorLine(["password", "code"].includes(this.#task.field) ? "" : this.#task.told)}
      <div class="actions">
        <button type="button" ?disabled=${this.#task.busy} @click=${() => this.#forget()}>Cancel</button>
        <button class="danger" data-testid="confirm-end-factor" ?disabled=${this.#task.busy || this.#task.rest_s > 0}>Turn off</button>
      </div>
    </form>`;
  }

  #forget() {
    this.#show({}, "h2");
  }

  /** @param {{asking?: boolean, ending?: boolean}} step @param {string} focused in this section */
  #show({ asking = false, ending = false }, focused) {
    [this.#offer, this.#asking, this.#ending] = [null, asking, ending];
    this.#task = new Task(this.#app);
    this.#app.redraw();
    focusOn(`${SECTION} ${focused}`);
  }
}

/** @param {string} secret in groups of four, as it is typed more easily */
function grouped(secret) {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}

/** @param {string[]} rows of "0" and "1", 1 is dark */
function qrCode(rows) {
  const size = rows.length + 2 * QUIET;
  const dark = rows.flatMap((row, y) =>
    [...row].flatMap((module, x) => (module === "1" ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])),
  );
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="QR code" shape-rendering="crispEdges">
    <rect width=${size} height=${size} fill="#fff"></rect>
    <path d=${dark.join("")} fill="#000"></path>
  </svg>`;
}
