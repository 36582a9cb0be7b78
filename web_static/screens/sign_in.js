// The sign-in screen: by a password, by a second factor's code where one is on, or by another provider.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError } from "../api.js";
import { keepForTrip } from "../trip.js";
import { codeField, focusOn, passwordField, Task, typedIn } from "./fields.js";
import { unreadLine } from "./marks.js";

/** @import {App, Screen} from "../app.js" */
/** @import {SignInOptions} from "../wire.js" */

const CODE_HINT = "From your authenticator app, or one of your recovery codes.";

/** Why a provider's sign-in failed, by the code that it came back with. @type {Record<string, string>} */
const PROVIDER_WORDS = {
  no_account: "Nobody has invited this address yet, or the provider has not verified it. Ask an owner of the farm.",
  account_unverified: "There is an account with your address that was never confirmed. Sign in with its password, or choose “Forgotten the password?” once.",
  other_identity: "The account with your address belongs to somebody else at this provider.",
  sign_in_expired: "That took too long, or was begun in another browser. Please try again.",
  provider_refused: "The provider was not asked to its end, or said no.",
  provider_unavailable: "The provider does not answer. Please try again later.",
  provider_untrusted: "The provider’s answer cannot be believed; the log of this commander says why.",
  no_provider: "No provider is set up here.",
  too_many_requests: "That was too often. Please try again later.",
};

/** @param {App} app @param {string} [failure] the code that a provider's sign-in came back with @returns {Screen} */
export function signInScreen(app, failure = "") {
  const task = new Task(app);
  /** Whose password takes a code as well. @type {{codeOf: string | null}} */
  const state = { codeOf: null };
  const ways = new SignInWays(app);

  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    const typed = typedIn(event);
    const [email, password, code] = [typed("email").trim(), typed("password"), typed("code").trim()];
    await task.run(async () => {
      try {
        await app.enter(await app.api.signIn({ email, password, code }));
      } catch (reason) {
        if (!(reason instanceof ApiError && reason.code === "code_wanted")) throw reason;
        state.codeOf = email;
      }
    });
    if (state.codeOf !== null) focusOn("#field-code");
  };
  /** @param {string} email */
  const typing = (email) => {
    app.typedEmail = email;
    if (email.trim() !== state.codeOf) state.codeOf = null;
    app.redraw();
  };

  return {
    title: () => "Sign in",
    view: () => html`<div class="sign-in card">
      ${formView(app, task, { wantsCode: state.codeOf !== null, failure, submit, typing })} ${providerWay(app, ways)}
      <a href="#/forgotten" data-testid="forgotten">Forgotten the password?</a>
    </div>`,
  };
}

/** How one can sign in here beside by a password, as the commander says. */
export class SignInWays {
  /** null: not known */
  options = /** @type {SignInOptions | null} */ (null);
  reading;
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.reading = new Task(app);
    this.load();
  }

  load() {
    return this.reading.run(async () => {
      this.options = await this.#app.api.signInOptions();
    });
  }
}

/**
 * @typedef {object} SignInForm
 * @property {boolean} wantsCode
 * @property {string} failure
 * @property {(event: SubmitEvent) => void} submit
 * @property {(email: string) => void} typing
 */

/** @param {App} app @param {Task} task @param {SignInForm} form */
function formView(app, task, { wantsCode, failure, submit, typing }) {
  const error = task.told || (failure && failureWords(failure));
  return html`<form data-testid="sign-in" @submit=${submit}>
    <img src="favicon.svg" alt="" width="44" height="44" />
    <h1 tabindex="-1">Rig Commander</h1>
    <p class="muted" role="status" data-testid="why">${whyWords(app)}</p>
    <label>
      E-mail
      ${emailInput(app.typedEmail, typing)}
    </label>
    ${passwordField({ name: "password", label: "Password", autocomplete: "current-password" })}
    ${wantsCode ? codeField(CODE_HINT) : nothing}
    <p class="error" role="alert" data-testid="sign-in-error" ?hidden=${!error}>${error}</p>
    <button class="primary" ?disabled=${task.busy || task.rest_s > 0}>${task.busy ? "Signing in…" : "Sign in"}</button>
  </form>`;
}

/** @param {App} app what signing in is for, and why it takes doing so again */
function whyWords({ notice, secrets }) {
  const why = secrets.invitation ? "Sign in, and your invitation comes next." : "Sign in to see your machines.";
  return notice ? `${notice.text} ${why}` : why;
}

/** @param {string} value at first @param {(email: string) => void} typing */
export function emailInput(value, typing) {
  return html`<input
    name="email"
    type="email"
    autocomplete="username"
    data-testid="email"
    maxlength="320"
    required
    autofocus
    .value=${value}
    @input=${(/** @type {InputEvent} */ event) => typing(/** @type {HTMLInputElement} */ (event.target).value)}
  />`;
}

/** @param {string} code that anybody may have typed */
function failureWords(code) {
  return PROVIDER_WORDS[code] ?? "Signing in by the provider failed. Please try again.";
}

/** @param {App} app @param {SignInWays} ways the way by the provider, where there is one */
export function providerWay(app, ways) {
  const { options, reading } = ways;
  if (reading.error) return unreadLine(`Whether there are other ways in is not known. ${reading.error}`, () => ways.load());
  if (!options?.provider) return nothing;
  return html`<p class="or">or</p>
    <a class="button" href="/v1/oidc/start" data-testid="provider" @click=${() => keepForTrip(app.secrets.invitation)}
      >Sign in with <bdi>${options.provider}</bdi></a
    >`;
}
