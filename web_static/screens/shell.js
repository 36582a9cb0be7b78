// What surrounds every screen: the header with its connection state, notices, and the start.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ago, timeOfDay } from "../units.js";
import { noticeView } from "./notice.js";

/** @import {App, Screen} from "../app.js" */

const PLACES = [
  { hash: "#/machines", label: "Machines" },
  { hash: "#/events", label: "Events" },
  { hash: "#/sentries", label: "Sentries" },
  { hash: "#/farm", label: "Farm" },
];

/** @param {App} app @param {Screen} screen */
export function shell(app, screen) {
  if (!app.session) return html`<main class="alone">${screen.view()}</main>`;
  return html`<a class="skip" href="#main" @click=${skip}>Skip to content</a>
    ${header(app)}
    <main id="main" tabindex="-1">
      ${noticeView(app)} ${screen.view()}
    </main>`;
}

/**
 * The address names the screen, so that the jump is made by hand.
 * @param {Event} event
 */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

/** @param {App} app */
function header(app) {
  return html`<header class="top">
    <a class="brand" href="#/machines">
      <img src="favicon.svg" alt="" width="26" height="26" /><span>Rig Commander</span>
    </a>
    <span class="farm" title="Farm">${app.session?.farm_name}</span>
    <nav aria-label="Main">${PLACES.map(placeLink)}</nav>
    ${connectionMark(app)}
    <span class="who" title="Signed in as ${app.session?.email}">${app.session?.email}</span>
    <button type="button" class="quiet" data-testid="sign-out" @click=${() => signOut(app)}>
      Sign out
    </button>
  </header>`;
}

/** @param {{hash: string, label: string}} place */
function placeLink({ hash, label }) {
  const here = location.hash.startsWith(hash) || (hash === "#/machines" && location.hash.length < 3);
  return html`<a href=${hash} aria-current=${here ? "page" : nothing}>${label}</a>`;
}

/** @param {App} app */
function connectionMark(app) {
  const { connection } = app.socket;
  const words = {
    live: "live",
    connecting: "connecting…",
    lost: lostWords(app),
  }[connection];
  return html`<span
    class="connection ${connection}"
    data-testid="connection"
    data-state=${connection === "live" ? "live" : "lost"}
    role="status"
    ><span class="dot" aria-hidden="true"></span>${words}</span
  >`;
}

/** @param {App} app */
function lostWords(app) {
  const lost = "Connection to the commander lost";
  if (!app.store.listings) return `${lost}; reconnecting…`;
  const at = app.clock.now();
  // The age is for the eye: read aloud each second, it would leave room for nothing else.
  return html`<span
    >${lost}; figures are as of ${timeOfDay(at)}<span aria-hidden="true">, ${ago(app.clock.running() - at)}</span>; reconnecting…</span
  >`;
}

/** @param {App} app */
async function signOut(app) {
  // A session that cannot be ended over there is at least forgotten here.
  await app.api.signOut().catch(() => {});
  app.leave();
}

/**
 * Before anybody is known.
 * @param {App} app
 */
export function startView(app) {
  if (!app.trouble) return html`<main class="alone"><p class="muted">Starting…</p></main>`;
  return html`<main class="alone">
    <div class="card sign-in">
      <h1>Rig Commander</h1>
      <p class="error" role="alert">${app.trouble}</p>
      <button type="button" class="primary" @click=${() => app.start()}>Try again</button>
    </div>
  </main>`;
}

/** @returns {Screen} */
export function missingScreen() {
  return {
    title: () => "No such page",
    view: () => html`<h1 tabindex="-1">No such page</h1>
      <p>This address leads nowhere. <a href="#/machines">Go to the machines</a></p>`,
  };
}
