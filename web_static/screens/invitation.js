// What a link invites to, and the ways in: with the account one is signed in to, another one, or a new one.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError } from "../api.js";
import { farmAddress } from "../address.js";
import { ROLES } from "../may.js";
import { until } from "../units.js";
import { fieldError, focusMistake, newPasswordFields, newPasswordIn, Task, typedIn } from "./fields.js";
import { errorLine } from "./marks.js";
import { providerWay, signInOptions } from "./sign_in.js";

/** @import {App, Screen} from "../app.js" */
/** @import {InvitationOffer, SessionView} from "../wire.js" */

class Invitation {
  /** @type {InvitationOffer | null} */
  offer = null;
  /** It is used, withdrawn, expired, or never was: there is nothing to try again. */
  gone = false;
  reading;
  joining;
  options;
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.reading = new Task(app);
    this.joining = new Task(app);
    this.options = signInOptions(app);
  }

  load() {
    return this.reading.run(() => this.#heeding(async () => (this.offer = await this.#app.api.lookAtInvitation(this.#secret))));
  }

  accept() {
    return this.joining.run(() => this.#heeding(async () => this.#in(await this.#app.api.acceptInvitation(this.#secret))));
  }

  /** @param {(name: string) => string} typed */
  async join(typed) {
    const [secret, email] = [this.#secret, this.offer?.email ?? typed("email").trim()];
    const join = async () => this.#in(await this.#app.api.join({ secret, email, password: newPasswordIn(typed) }));
    if (!(await this.joining.run(() => this.#heeding(join)))) focusMistake();
  }

  get #secret() {
    return this.#app.secrets.invitation;
  }

  /** @param {() => Promise<unknown>} action after which a secret that leads nowhere is forgotten */
  async #heeding(action) {
    try {
      await action();
    } catch (reason) {
      if (reason instanceof ApiError && reason.code === "invitation_unknown") {
        [this.gone, this.#app.secrets.invitation] = [true, ""];
      }
      throw reason;
    }
  }

  /** @param {SessionView} session with one farm more */
  async #in(session) {
    const app = this.#app;
    const before = new Set(app.session?.farms.map(({ farm }) => farm));
    const seat = session.farms.find(({ farm }) => !before.has(farm));
    app.secrets.invitation = "";
    history.replaceState(null, "", seat ? farmAddress(seat.farm) : location.pathname);
    await app.enter(session);
    if (seat) app.say({ text: `Welcome to ${seat.name}.` });
  }
}

/** @param {App} app @returns {Screen} */
export function invitationScreen(app) {
  const known = app.secrets.invitation ? new Invitation(app) : null;
  known?.load();
  return {
    title: () => "Invitation",
    view: () => html`<div class="sign-in card" data-testid="invitation-screen">
      ${known ? knownView(app, known) : spentView()}
    </div>`,
  };
}

function spentView() {
  return html`<h1 tabindex="-1">Invitation</h1>
    <p>Open the link that you were given once more: for safety it is not kept in this page’s address.</p>
    <a href="#/">Go on without it</a>`;
}

/** @param {App} app @param {Invitation} known */
function knownView(app, known) {
  const { offer, gone, reading, joining } = known;
  if (gone) return goneView(joining.error || reading.error);
  if (offer) return offerView(app, known, offer);
  return html`<h1 tabindex="-1">Invitation</h1>
    ${reading.error
      ? html`${errorLine(reading.told)}
          <button type="button" ?disabled=${reading.rest_s > 0} @click=${() => known.load()}>Try again</button>`
      : html`<p class="muted">Reading…</p>`}`;
}

/** @param {string} words */
function goneView(words) {
  return html`<h1 tabindex="-1">Not an open invitation</h1>
    <p role="alert" data-testid="invitation-gone">${words}</p>
    <a href="#/">Go on without it</a>`;
}

/** @param {App} app @param {Invitation} known @param {InvitationOffer} offer */
function offerView(app, known, offer) {
  return html`<h1 tabindex="-1">Join <bdi>${offer.farm_name}</bdi></h1>
    <p class="muted"><bdi>${offer.invited_by}</bdi> invites you to this farm, to see its machines here.</p>
    <dl class="facts">
      <dt>Role</dt>
      <dd><b>${offer.role}</b>${offer.clients ? nothing : `: ${ROLES[offer.role]}`}</dd>
      <dt>Machines</dt>
      <dd>${offer.clients ? html`of <bdi>${offer.clients.join(", ")}</bdi> alone` : "all"}</dd>
      ${offer.email ? html`<dt>For</dt><dd>${offer.email}</dd>` : nothing}
      <dt>Expires</dt>
      <dd>${until(offer.expires_at - Date.now() / 1000)}</dd>
    </dl>
    ${app.session ? signedInView(app, known, app.session, offer) : strangerView(app, known, offer)}`;
}

/** @param {App} app @param {Invitation} known @param {SessionView} session @param {InvitationOffer} offer */
function signedInView(app, known, session, offer) {
  const { joining } = known;
  const another = offer.email !== null && offer.email !== session.email;
  return html`<p>
      ${another
        ? html`You are signed in as <b><bdi>${session.email}</bdi></b>, and the invitation is for somebody else.`
        : html`You are signed in as <b><bdi>${session.email}</bdi></b>.`}
    </p>
    ${errorLine(joining.told)}
    ${another
      ? nothing
      : html`<button type="button" class="primary" data-testid="accept" ?disabled=${joining.busy || joining.rest_s > 0} @click=${() => known.accept()}>
          ${joining.busy ? "Joining…" : "Join with this account"}
        </button>`}
    <button type="button" data-testid="other-account" @click=${() => app.signOut()}>Sign out and use another</button>
    <a href="#/" data-testid="not-now" @click=${() => (app.secrets.invitation = "")}>Not now</a>`;
}

/** @param {App} app @param {Invitation} known @param {InvitationOffer} offer */
function strangerView(app, known, offer) {
  const options = known.options();
  // Whom a provider vouches for gets an account only where that very address was invited.
  const way = offer.email ? providerWay(app, options) : nothing;
  if (offer.has_account) {
    return html`<p>You have an account here already.</p>
      <a class="button primary" href="#/sign-in" data-testid="to-sign-in">Sign in</a> ${way}`;
  }
  return html`${joinForm(known, offer)} ${way}
    ${offer.email ? nothing : html`<p class="or">or</p><a class="button" href="#/sign-in" data-testid="to-sign-in">I have an account: sign in</a>`}`;
}

/** @param {Invitation} known @param {InvitationOffer} offer */
function joinForm(known, { email }) {
  const { joining } = known;
  const refused = joining.errorAt("email");
  /** @param {SubmitEvent} event */
  const submit = (event) => known.join(typedIn(event));
  return html`<form data-testid="join" @submit=${submit}>
    <label>
      E-mail
      <input
        name="email"
        type="email"
        autocomplete="username"
        data-testid="email"
        maxlength="320"
        required
        .value=${email ?? ""}
        ?readonly=${email !== null}
        aria-invalid=${refused ? "true" : nothing}
        aria-describedby="error-email"
      />
      ${fieldError("email", refused)}
    </label>
    ${newPasswordFields(joining.errorAt("new") || joining.errorAt("password"))}
    ${errorLine(["email", "new", "password"].includes(joining.field) ? "" : joining.told)}
    <button class="primary" data-testid="make-account" ?disabled=${joining.busy || joining.rest_s > 0}>
      ${joining.busy ? "Joining…" : "Make an account and join"}
    </button>
  </form>`;
}
