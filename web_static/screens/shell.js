// What surrounds every screen: the header with its connection state, notices, and the start.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { farmAddress, placeOf } from "../address.js";
import { OF_FARM } from "../routes.js";
import { ago, timeOfDay } from "../units.js";
import { noticeView } from "./notice.js";

/** @import {App, Screen} from "../app.js" */
/** @import {FarmSeat} from "../wire.js" */

/** @param {App} app @param {Screen | null} screen @returns {string} with the farm, as whoever has several may have a window for each */
export function titleOf({ session, seat }, screen) {
  const farm = session && session.farms.length > 1 ? seat?.name : null;
  return [screen?.title(), farm, "Rig Commander"].filter(Boolean).join(" · ");
}

/** @param {App} app @param {Screen} screen */
export function shell(app, screen) {
  if (!app.session) return html`<main class="alone">${screen.view()}</main>`;
  return html`<a class="skip" href="#main" @click=${skip}>Skip to content</a>
    ${header(app)}
    <main id="main" tabindex="-1">
      ${noticeView(app)} ${farmTabs(app)} ${screen.view()}
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

/** The place that the address names; an edge is one of the sentries. */
function here() {
  const { place } = placeOf(location.hash);
  return place === "agents" ? "sentries" : place || "machines";
}

/** @param {App} app @param {"main" | "farm"} menu */
function routesIn(app, menu) {
  return app.seat ? OF_FARM.filter((route) => route.menu === menu && route.allowed(app.may) && (route.shown?.(app) ?? true)) : [];
}

/** @param {App} app */
function header(app) {
  const email = app.session?.email;
  const ofFarm = routesIn(app, "farm");
  const inFarm = ofFarm.some(({ place }) => place === here());
  const current = app.screen?.menu?.() ?? here();
  return html`<header class="top">
    <a class="brand" href=${app.seat ? "#/machines" : "#/"} aria-label="Rig Commander">
      <img src="favicon.svg" alt="" width="26" height="26" /><span>Rig Commander</span>
    </a>
    ${farmMark(app)}
    <nav aria-label="Main">
      ${routesIn(app, "main").map(({ place, label }) => placeLink(place, label, place === current))}
      ${ofFarm[0] ? placeLink(ofFarm[0].place, "Farm", inFarm) : nothing}
    </nav>
    ${app.seat ? connectionMark(app) : nothing}
    <a class="who" href="#/account" title="Signed in as ${email}" aria-current=${here() === "account" ? "page" : nothing}
      ><span class="who-email">${email}</span><span class="who-short">Account</span></a
    >
    <button type="button" class="quiet" data-testid="sign-out" @click=${() => app.signOut()}>
      Sign out
    </button>
  </header>`;
}

/** @param {App} app the farm's name, or a choice of several */
function farmMark(app) {
  const farms = app.session?.farms ?? [];
  if (farms.length < 2) return html`<span class="farm" title="Farm">${app.seat?.name}</span>`;
  const seat = here() === "farms" ? null : app.seat;
  return html`<button type="button" class="farm-switch" popovertarget="farms" data-testid="farm-switch" aria-label="Farm: ${seat?.name ?? "all"}">
      <span>${seat?.name ?? "All farms"}</span>
    </button>
    <div id="farms" class="farm-menu card" popover>
      <nav aria-label="Farms">
        <a href="#/farms" aria-current=${seat ? nothing : "page"}>All farms</a>
        ${farms.map((one) => html`<a href=${sameScreen(one)} aria-current=${one.farm === seat?.farm ? "page" : nothing}>${one.name}</a>`)}
      </nav>
    </div>`;
}

/** @param {FarmSeat} seat what is shown now, of that farm */
function sameScreen({ farm }) {
  const stays = OF_FARM.some(({ place }) => place === here());
  return farmAddress(farm, `#/${stays ? here() : "machines"}`);
}

/** @param {App} app the farm's own pages, where one of them is shown */
function farmTabs(app) {
  const routes = routesIn(app, "farm");
  if (routes.length < 2 || !routes.some(({ place }) => place === here())) return nothing;
  return html`<nav class="tabs" aria-label="Farm">
    ${routes.map(({ place, label }) => placeLink(place, label, place === here()))}
  </nav>`;
}

/** @param {string} place @param {string} label @param {boolean} current */
function placeLink(place, label, current) {
  return html`<a href="#/${place}" aria-current=${current ? "page" : nothing}>${label}</a>`;
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
