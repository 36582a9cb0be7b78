// Starts the dashboard: who is signed in, which screen the address names, and what is drawn when.

import { render } from "./vendor/lit-html/lit-html.js";
import { farmAddress, farmLinkOf, placeOf, seatAt, secretIn } from "./address.js";
import { Api, ApiError, inWords } from "./api.js";
import { ServerClock } from "./clock.js";
import { Look } from "./look.js";
import { mayIn, seatWords } from "./may.js";
import { screenAt } from "./routes.js";
import { focusOn } from "./screens/fields.js";
import { shell, startView, titleOf } from "./screens/shell.js";
import { LiveSocket, socketAddress } from "./socket.js";
import { Store } from "./store.js";
import { takenBack } from "./trip.js";

/** @import {TemplateResult} from "./vendor/lit-html/lit-html.js" */
/** @import {Notice} from "./screens/notice.js" */
/** @import {Connection} from "./socket.js" */
/** @import {FarmSeat, Metric, SessionView, ToPage} from "./wire.js" */

/**
 * One screen of the dashboard.
 * @typedef {object} Screen
 * @property {() => string} title
 * @property {() => TemplateResult} view
 * @property {() => void} [update] called before drawing, when something may have changed
 * @property {() => string} [menu] its place in the menu, where the address names another
 * @property {() => string[]} [looked] the machines that are on the screen now; none where it is left out
 */

const TICK_MS = 1000;
// Answers that mean: what is known here of somebody's farms and roles is out of date.
const CHANGED = ["farm_unknown", "farm_missing", "not_allowed"];

export class App {
  api = new Api(fetch.bind(window), (error) => this.#refused(error));
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
  /** The farm that this window shows. @type {FarmSeat | null} */
  seat = null;
  /** What links in letters brought; it is kept here alone. */
  secrets = { reset: "", invitation: "" };
  /** The address that somebody typed before they signed in, for the next form that asks for it. */
  typedEmail = "";
  /** Recovery codes, until whoever is shown them has kept them. @type {{email: string, codes: string[]} | null} */
  recovery = null;
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
  /** The address that the present screen is of. */
  #shown = "";
  #wasLost = false;
  /** @type {Promise<void> | null} */
  #rereading = null;
  /** To this browser's other windows, which share the cookie: somebody signed in or out. */
  #windows = new BroadcastChannel("rig-commander-session");

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    // Going back to another farm may change no hash, and a changed hash is told twice.
    for (const event of ["hashchange", "popstate"]) {
      addEventListener(event, () => location.href !== this.#shown && this.#moved());
    }
    root.addEventListener("click", (event) => this.#follow(event));
    addEventListener("online", () => this.socket.retryNow());
    // A commander on this computer needs no network: it is asked rather than given up.
    addEventListener("offline", () => this.socket.ask());
    addEventListener("scroll", () => this.redraw(), { passive: true });
    addEventListener("resize", () => this.redraw());
    document.addEventListener("visibilitychange", () => this.#seen());
    this.#windows.addEventListener("message", () => this.#checkSession());
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** What somebody may do in this window's farm. */
  get may() {
    return mayIn(this.seat);
  }

  async start() {
    this.#takeSecret();
    this.secrets.invitation ||= takenBack();
    this.trouble = "";
    this.redraw();
    try {
      await this.#begin(await this.api.session());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.leave();
      else this.trouble = inWords(error);
    }
    this.redraw();
  }

  /** @param {SessionView} session of somebody who has just signed in, joined or accepted */
  async enter(session) {
    this.#windows.postMessage(null);
    await this.#begin(session);
    focusHeading();
  }

  /** @param {SessionView} session */
  async #begin(session) {
    await this.#recognise(session);
    this.typedEmail = "";
    if (this.secrets.invitation) history.replaceState(null, "", "#/invitation");
    this.#route();
  }

  /** @param {SessionView} session */
  async #recognise(session) {
    const farm = session.farms[0]?.farm;
    if (farm && !this.metrics.length) this.metrics = (await this.api.of(farm).metrics()).metrics;
    this.session = session;
  }

  async signOut() {
    // A session that cannot be ended over there is at least forgotten here.
    await this.api.signOut().catch(() => {});
    this.#windows.postMessage(null);
    // Whoever signs in next may belong to other farms.
    history.replaceState(null, "", location.pathname + location.hash);
    this.leave();
    focusHeading();
  }

  /**
   * The session is over; the address stays, so that signing in leads back to it.
   * @param {Notice | null} [notice] why, where nobody asked for it here
   */
  leave(notice = null) {
    this.#nextNotice = notice;
    this.#forget();
    this.#route();
  }

  /** Nothing of an account is kept for another. */
  #forget() {
    this.session = null;
    this.recovery = null;
    this.#open(null);
    this.#closeDialogs();
  }

  /** Somebody belongs to more or fewer farms, or may do more or less there; said and shown where it concerns this window. */
  reread() {
    this.#rereading ??= this.#reread().finally(() => (this.#rereading = null));
    return this.#rereading;
  }

  async #reread() {
    const session = await this.api.session();
    if (!this.session) return;
    if (session.email !== this.session.email) return this.#become(session);
    await this.#recognise(session);
    const [before, now] = [this.seat, this.session?.farms.find(({ farm }) => farm === this.seat?.farm)];
    if (!before) return this.redraw();
    if (!now) {
      this.#goHome();
      return this.#renew({ text: `You do not belong to ${before.name} any more.` });
    }
    this.seat = now;
    if (seatWords(before) === seatWords(now)) return this.redraw();
    this.#renew({ text: `In ${now.name} you are now ${seatWords(now)}.` });
  }

  /** @param {SessionView} session of another account: somebody signed in to it in another window */
  async #become(session) {
    if (this.seat && !session.farms.some(({ farm }) => farm === this.seat?.farm)) this.#goHome();
    this.#forget();
    await this.#recognise(session);
    this.#nextNotice = { text: `You are now signed in as ${session.email}.` };
    this.#route();
  }

  /** The address names no farm any more. */
  #goHome() {
    history.replaceState(null, "", location.pathname + (onAccount() ? "#/account" : "#/"));
  }

  /** @param {Notice} notice of what somebody may do now; their account is theirs as before: what is typed there stays */
  #renew(notice) {
    this.#nextNotice = notice;
    if (!onAccount()) return this.#route();
    this.#settle();
    this.redraw();
  }

  /** @param {ApiError} error of any request */
  #refused({ code }) {
    if (!this.session) return;
    if (code === "not_signed_in") this.leave({ text: "You were signed out." });
    else if (CHANGED.includes(code)) this.reread().catch(() => {});
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

  /** @param {string} address of a screen in this farm or in another */
  visit(address) {
    history.pushState(null, "", address);
    this.#moved();
  }

  /** @param {MouseEvent} event links to other farms lead there within the page */
  #follow(event) {
    const address = farmLinkOf(event);
    if (!address) return;
    event.preventDefault();
    this.visit(address);
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
    document.title = titleOf(this, this.screen);
    render(this.screen ? shell(this, this.screen) : startView(this), this.#root);
    for (const view of this.views) view();
  }

  #moved() {
    this.#takeSecret();
    if (!this.session && !this.screen) return;
    this.#route();
    scrollTo(0, 0);
    focusHeading();
  }

  /** A secret leaves the address before anything else happens. */
  #takeSecret() {
    const found = secretIn(location.hash);
    if (!found) return;
    this.secrets[found.place] = found.secret;
    history.replaceState(null, "", `#/${found.place}`);
  }

  #route() {
    this.#closeDialogs();
    this.#settle();
    this.screen = screenAt(this, placeOf(location.hash));
    this.redraw();
  }

  /** What is to be said, and which farm this is about, by the address and by where somebody belongs. */
  #settle() {
    [this.notice, this.#nextNotice] = [this.#nextNotice, null];
    if (this.session) this.#open(seatAt(location.search, this.session.farms));
    if (this.seat) history.replaceState(null, "", farmAddress(this.seat.farm, location.hash));
    this.#shown = location.href;
  }

  /** @param {FarmSeat | null} seat nothing that is known of one farm is kept for another */
  #open(seat) {
    const other = seat?.farm !== this.seat?.farm;
    this.seat = seat;
    if (!other) return;
    this.socket.stop();
    this.#wasLost = false;
    this.api = this.api.of(seat?.farm ?? "");
    this.clock = new ServerClock();
    this.store = this.#newStore();
    this.socket = this.#newSocket();
    if (seat) this.socket.start();
  }

  #closeDialogs() {
    // What is shown once, or is just being made, outlasts a change of the screen, and only that.
    const which = this.session ? "dialog:not([data-stays])" : "dialog";
    for (const dialog of document.querySelectorAll(which)) if (dialog instanceof HTMLDialogElement) dialog.close();
    for (const menu of document.querySelectorAll("[popover]")) if (menu instanceof HTMLElement) menu.hidePopover();
  }

  #tick() {
    if (this.seat) {
      this.socket.tick();
      this.#tellLook();
    }
    this.redraw();
  }

  #seen() {
    if (document.hidden) return;
    this.#checkSession();
    if (!this.seat) return;
    this.socket.tick();
    this.#tellLook();
    this.socket.retryNow();
  }

  /** Another window may have signed out, or in to another account. */
  #checkSession() {
    if (this.session) this.reread().catch(() => {});
  }

  #tellLook() {
    this.look.see(this.screen?.looked?.() ?? []);
    this.look.tick();
  }

  #newStore() {
    const { api } = this;
    return new Store({
      fetchPage: (after) => api.machines(after),
      clock: this.clock,
      changed: () => this.redraw(),
      // The next resync asks again; until then the rows that are known stay.
      failed: () => this.redraw(),
      later: setTimeout.bind(window),
    });
  }

  #newSocket() {
    const { api } = this;
    return new LiveSocket({
      ticket: async () => (await api.socketTicket()).ticket,
      open: (ticket) => new WebSocket(socketAddress(location, ticket)),
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
    // Whose role was changed, or who was removed, loses the connection.
    if (connection === "live" && this.#wasLost) this.reread().catch(() => {});
    this.#wasLost = connection === "lost";
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

/** Whoever reads by keyboard or ear is taken to the new screen's heading. */
const focusHeading = () => focusOn("h1");
const onAccount = () => placeOf(location.hash).place === "account";

const root = document.getElementById("app");
if (root) {
  root.replaceChildren(); // what stood there until this script came
  new App(root).start();
}
