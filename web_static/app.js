// Starts the dashboard: who is signed in, which screen the address names, and what is drawn when.

import { render } from "./vendor/lit-html/lit-html.js";
import { placeOf } from "./address.js";
import { Api, ApiError, inWords } from "./api.js";
import { ServerClock } from "./clock.js";
import { Look } from "./look.js";
import { farmEventsScreen } from "./screens/farm_events.js";
import { farmScreen } from "./screens/farm.js";
import { machineScreen } from "./screens/machine.js";
import { machinesScreen } from "./screens/machines.js";
import { sentriesScreen } from "./screens/sentries.js";
import { missingScreen, shell, startView } from "./screens/shell.js";
import { signInScreen } from "./screens/sign_in.js";
import { LiveSocket } from "./socket.js";
import { spanOf } from "./spans.js";
import { Store } from "./store.js";

/** @import {TemplateResult} from "./vendor/lit-html/lit-html.js" */
/** @import {Notice} from "./screens/notice.js" */
/** @import {Connection} from "./socket.js" */
/** @import {Metric, SessionView, ToPage} from "./wire.js" */

/**
 * One screen of the dashboard.
 * @typedef {object} Screen
 * @property {() => string} title
 * @property {() => TemplateResult} view
 * @property {() => void} [update] called before drawing, when something may have changed
 * @property {() => string[]} [looked] the machines that are on the screen now; none where it is left out
 */

const TICK_MS = 1000;

export class App {
  api = new Api(fetch.bind(window), () => this.leave());
  clock = new ServerClock();
  store = this.#newStore();
  socket = this.#newSocket();
  look = new Look({
    send: (message) => this.socket.send(message),
    hidden: () => document.hidden,
    now: Date.now,
  });
  /** @type {SessionView | null} */
  session = null;
  /** @type {Metric[]} */
  metrics = [];
  /** What just happened and should be said here. @type {Notice | null} */
  notice = null;
  /** Why the page could not start, in words. */
  trouble = "";
  /** @type {Screen | null} */
  screen = null;
  /** @type {Set<() => void>} drawn with each frame beside the screen: open dialogs */
  views = new Set();
  #root;
  /** @type {Notice | null} */
  #nextNotice = null;
  #frameDue = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    addEventListener("hashchange", () => this.#moved());
    addEventListener("online", () => this.socket.retryNow());
    // A commander on this computer needs no network: it is asked rather than given up.
    addEventListener("offline", () => this.socket.ask());
    addEventListener("scroll", () => this.redraw(), { passive: true });
    addEventListener("resize", () => this.redraw());
    document.addEventListener("visibilitychange", () => this.#seen());
    setInterval(() => this.#tick(), TICK_MS);
  }

  async start() {
    this.trouble = "";
    this.redraw();
    try {
      await this.enter(await this.api.session());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.leave();
      else this.trouble = inWords(error);
    }
    this.redraw();
  }

  /** @param {SessionView} session somebody has just been recognised */
  async enter(session) {
    this.metrics = (await this.api.metrics()).metrics;
    this.session = session;
    this.socket.start();
    this.#route();
  }

  /** The session is over; the address stays, so that signing in leads back to it. */
  leave() {
    this.socket.stop();
    this.session = null;
    this.clock = new ServerClock();
    this.store = this.#newStore();
    this.socket = this.#newSocket();
    this.#closeDialogs();
    this.screen = signInScreen(this);
    this.redraw();
  }

  /** @param {Notice | null} notice said above the present screen */
  say(notice) {
    this.notice = notice;
    this.redraw();
  }

  /** @param {string} hash @param {Notice | null} [notice] said on the screen that it leads to */
  go(hash, notice = null) {
    this.#nextNotice = notice;
    if (location.hash === hash) this.#moved();
    else location.hash = hash;
  }

  /** Draw once before the next frame, however often this is called. */
  redraw() {
    if (this.#frameDue) return;
    this.#frameDue = true;
    requestAnimationFrame(() => {
      this.#frameDue = false;
      this.#draw();
    });
  }

  #draw() {
    this.screen?.update?.();
    document.title = this.screen ? `${this.screen.title()} · Rig Commander` : "Rig Commander";
    render(this.screen ? shell(this, this.screen) : startView(this), this.#root);
    for (const view of this.views) view();
  }

  #moved() {
    if (!this.session) return;
    this.#route();
    scrollTo(0, 0);
    // Whoever reads by keyboard or ear is taken to the new screen's heading.
    requestAnimationFrame(() => document.querySelector("h1")?.focus());
  }

  #route() {
    this.#closeDialogs();
    this.notice = this.#nextNotice;
    this.#nextNotice = null;
    this.screen = this.#screenOf(location.hash);
    this.redraw();
  }

  /** @param {string} hash @returns {Screen} */
  #screenOf(hash) {
    const { place, id, query } = placeOf(hash);
    if (place === "machines" && id) return machineScreen(this, id, spanOf(query.get("span")));
    if (place === "" || place === "machines") return machinesScreen(this);
    if (place === "events") return farmEventsScreen(this);
    if (place === "sentries") return sentriesScreen(this);
    if (place === "farm") return farmScreen(this);
    return missingScreen();
  }

  #closeDialogs() {
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  }

  #tick() {
    if (!this.session) return;
    this.socket.tick();
    this.#tellLook();
    this.redraw();
  }

  #seen() {
    if (document.hidden || !this.session) return;
    this.socket.tick();
    this.#tellLook();
    this.socket.retryNow();
  }

  #tellLook() {
    this.look.see(this.screen?.looked?.() ?? []);
    this.look.tick();
  }

  #newStore() {
    return new Store({
      fetchPage: (after) => this.api.machines(after),
      clock: this.clock,
      changed: () => this.redraw(),
      // The next resync asks again; until then the rows that are known stay.
      failed: () => this.redraw(),
      later: setTimeout.bind(window),
    });
  }

  #newSocket() {
    return new LiveSocket({
      ticket: async () => (await this.api.socketTicket()).ticket,
      open: (ticket) => new WebSocket(socketAddress(ticket)),
      resync: () => this.store.loadList(),
      message: (message) => this.#hear(message),
      changed: (connection) => this.#connectionChanged(connection),
      now: Date.now,
      random: Math.random,
    });
  }

  /** @param {ToPage} message */
  #hear(message) {
    this.clock.hear(message.server_at);
    if (message.type === "delta") this.store.applyDelta(message);
    if (message.type === "machines_changed") this.store.requestList();
  }

  /** @param {Connection} connection */
  #connectionChanged(connection) {
    if (connection === "live") this.clock.thaw();
    else this.clock.freeze();
    if (connection === "live") this.look.renew();
    // Even where no socket opens, the figures as of now are worth seeing.
    if (connection === "lost" && !this.store.listings) this.#loadOnce();
    this.redraw();
  }

  async #loadOnce() {
    await this.store.loadList().catch(() => {});
    if (this.socket.connection !== "lost") return;
    this.clock.thaw();
    this.clock.freeze();
  }
}

/** @param {string} ticket */
function socketAddress(ticket) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${location.host}/socket?ticket=${encodeURIComponent(ticket)}`;
}

const root = document.getElementById("app");
if (root) {
  root.replaceChildren(); // what stood there until this script came
  new App(root).start();
}
