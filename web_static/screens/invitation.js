// What a link invites to, and the ways in: with the account one is signed in to, another one, or a new one.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError } from "../api.js";
import { farmAddress } from "../address.js";
import { ROLES } from "../may.js";
import { dateAndTime } from "../units.js";
import { fieldError, focusMistake, newPasswordFields, newPasswordIn, Task, typedIn } from "./fields.js";
import { errorLine } from "./marks.js";
import { providerWay, SignInWays } from "./sign_in.js";

/** @import {App, Screen} from "../app.js" */
/** @import {InvitationOffer, SessionView} from "../wire.js" */

class Invitation {
  /** @type {InvitationOffer | null} */
  offer = null;
  /** It is used, withdrawn, expired, or never was: there is nothing to try again. */
  gone = false;
  /** Whoever is signed in belongs to the farm already. */
  already = false;
  /** The address that was typed has an account. */
  hasAccount = false;
  reading;
  joining;
  ways;
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.reading = new Task(app);
    this.joining = new Task(app);
    this.ways = new SignInWays(app);
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

  /** @param {() => Promise<unknown>} action whose refusal may say where to go instead; a secret that leads nowhere is forgotten */
  async #heeding(action) {
    try {
      await action();
    } catch (reason) {
      const code = reason instanceof ApiError ? reason.code : "";
      if (code === "invitation_unknown") [this.gone, this.#app.secrets.invitation] = [true, ""];
      if (code === "member_already") this.already = true;
      if (code === "account_exists") this.hasAccount = true;
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
      <h1 tabindex="-1">${known ? headingOf(known) : "Invitation"}</h1>
      ${known ? knownView(app, known) : spentView()}
    </div>`,
  };
}

function spentView() {
  return html`<p>Open the link that you were given once more: for safety it is not kept in this page’s address.</p>
    ${without()}`;
}

/** @param {() => void} [leave] */
function without(leave) {
  return html`<a href="#/" data-testid="without" @click=${leave}>Go on without it</a>`;
}

/** @param {Invitation} known */
function headingOf({ offer, gone }) {
  if (gone) return "Not an open invitation";
  return offer ? html`Join <bdi>${offer.farm_name}</bdi>` : "Invitation";
}

/** @param {App} app @param {Invitation} known */
function knownView(app, known) {
  const { offer, gone, reading, joining } = known;
  if (gone) return goneView(joining.error || reading.error);
  if (offer) return offerView(app, known, offer);
  if (!reading.error) return html`<p class="muted">Reading…</p>`;
  return html`${errorLine(reading.told)}
    <button type="button" ?disabled=${reading.rest_s > 0} @click=${() => known.load()}>Try again</button>
    ${without(() => (app.secrets.invitation = ""))}`;
}

/** @param {string} words */
function goneView(words) {
  return html`<p role="alert" data-testid="invitation-gone">${words}</p>
    ${without()}`;
}

/** @param {App} app @param {Invitation} known @param {InvitationOffer} offer */
function offerView(app, known, offer) {
  return html`<p class="muted"><bdi>${offer.invited_by}</bdi> invites you to this farm, to see its machines here.</p>
    <dl class="facts">
      <dt>Role</dt>
      <dd><b>${offer.role}</b>${offer.clients ? nothing : `: ${ROLES[offer.role]}`}</dd>
      <dt>Machines</dt>
      <dd>${offer.clients ? html`of <bdi>${offer.clients.join(", ")}</bdi> alone` : "all"}</dd>
      ${offer.email ? html`<dt>For</dt><dd>${offer.email}</dd>` : nothing}
      <dt>Expires</dt>
      <dd>${dateAndTime(offer.expires_at)}</dd>
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
    ${known.already ? farmLink(app, session, offer) : another ? nothing : acceptButton(known)}
    <button type="button" data-testid="other-account" @click=${() => app.signOut()}>Sign out and use another</button>
    <a href="#/" data-testid="not-now" @click=${() => (app.secrets.invitation = "")}>Not now</a>`;
}

/** @param {Invitation} known */
function acceptButton(known) {
  const { busy, rest_s } = known.joining;
  return html`<button type="button" class="primary" data-testid="accept" ?disabled=${busy || rest_s > 0} @click=${() => known.accept()}>
    ${busy ? "Joining…" : "Join with this account"}
  </button>`;
}

/** @param {App} app @param {SessionView} session @param {InvitationOffer} offer which does not tell the farm's id */
function farmLink(app, { farms }, { farm_name }) {
  const [seat, another] = farms.filter(({ name }) => name === farm_name);
  const address = seat && !another ? farmAddress(seat.farm) : "#/farms";
  return html`<a class="button primary" href=${address} data-testid="to-farm" @click=${() => (app.secrets.invitation = "")}>
    ${seat && !another ? "Go to the farm" : "Go to your farms"}
  </a>`;
}

/** @param {App} app @param {Invitation} known @param {InvitationOffer} offer */
function strangerView(app, known, offer) {
  // Whom a provider vouches for gets an account only where that very address was invited.
  const way = offer.email ? providerWay(app, known.ways) : nothing;
  if (offer.has_account) {
    return html`<p>You have an account here already.</p>
      <a class="button primary" href="#/sign-in" data-testid="to-sign-in" @click=${() => (app.typedEmail = offer.email ?? "")}>Sign in</a> ${way}`;
  }
  return html`${joinForm(app, known, offer)} ${way}
    ${offer.email && !known.hasAccount ? nothing : html`<p class="or">or</p><a class="button" href="#/sign-in" data-testid="to-sign-in">I have an account: sign in</a>`}`;
}

/** @param {App} app @param {Invitation} known @param {InvitationOffer} offer */
function joinForm(app, known, { email }) {
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
        .value=${email ?? app.typedEmail}
        @input=${(/** @type {InputEvent} */ event) => (app.typedEmail = /** @type {HTMLInputElement} */ (event.target).value)}
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
