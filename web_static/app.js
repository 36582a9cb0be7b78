// Starts the dashboard: who is signed in, which screen the address names, and what is drawn when.

import { render } from "./vendor/lit-html/lit-html.js";
import { farmAddress, placeOf, seatAt, secretIn } from "./address.js";
import { Api, ApiError, inWords } from "./api.js";
import { ServerClock } from "./clock.js";
import { Look } from "./look.js";
import { mayIn, seatWords } from "./may.js";
import { screenAt } from "./routes.js";
import { shell, startView } from "./screens/shell.js";
import { LiveSocket } from "./socket.js";
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
      await this.enter(await this.api.session());
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.leave();
      else this.trouble = inWords(error);
    }
    this.redraw();
  }

  /** @param {SessionView} session somebody has just been recognised */
  async enter(session) {
    await this.#recognise(session);
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
    // Whoever signs in next may belong to other farms.
    history.replaceState(null, "", location.pathname + location.hash);
    this.leave();
  }

  /** The session is over; the address stays, so that signing in leads back to it. */
  leave() {
    this.session = null;
    this.#open(null);
    this.#route();
  }

  /** Somebody belongs to more or fewer farms, or may do more or less there; said and shown where it concerns this window. */
  reread() {
    this.#rereading ??= this.#reread().finally(() => (this.#rereading = null));
    return this.#rereading;
  }

  async #reread() {
    await this.#recognise(await this.api.session());
    const [before, now] = [this.seat, this.session?.farms.find(({ farm }) => farm === this.seat?.farm)];
    if (!before) return this.redraw();
    if (!now) return this.#removed(before);
    this.seat = now;
    if (seatWords(before) === seatWords(now)) return this.redraw();
    this.#nextNotice = { text: `In ${now.name} you are now ${seatWords(now)}.` };
    this.#route();
  }

  /** @param {FarmSeat} seat */
  #removed({ name }) {
    this.#nextNotice = { text: `You do not belong to ${name} any more.` };
    const stays = placeOf(location.hash).place === "account";
    history.replaceState(null, "", location.pathname + (stays ? "#/account" : "#/"));
    this.#route();
  }

  /** @param {ApiError} error of any request */
  #refused({ code }) {
    if (!this.session) return;
    if (code === "not_signed_in") this.leave();
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

  /**
   * Links to other farms lead there within the page, unless the browser is to open another window.
   * @param {MouseEvent} event
   */
  #follow(event) {
    const link = event.target instanceof Element ? event.target.closest('a[href^="?farm="]') : null;
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.visit(link.getAttribute("href") ?? "");
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
    document.title = [...this.#titles(), "Rig Commander"].join(" · ");
    render(this.screen ? shell(this, this.screen) : startView(this), this.#root);
    for (const view of this.views) view();
  }

  /** Whoever has several farms may have a window for each. */
  #titles() {
    const farm = this.session && this.session.farms.length > 1 ? this.seat?.name : null;
    return [...(this.screen ? [this.screen.title()] : []), ...(farm ? [farm] : [])];
  }

  #moved() {
    this.#takeSecret();
    if (!this.session && !this.screen) return;
    this.#route();
    scrollTo(0, 0);
    // Whoever reads by keyboard or ear is taken to the new screen's heading.
    requestAnimationFrame(() => document.querySelector("h1")?.focus());
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
    this.notice = this.#nextNotice;
    this.#nextNotice = null;
    if (this.session) this.#open(seatAt(location.search, this.session.farms));
    if (this.seat) history.replaceState(null, "", farmAddress(this.seat.farm, location.hash));
    this.screen = screenAt(this, placeOf(location.hash));
    this.#shown = location.href;
    this.redraw();
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
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
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
    if (document.hidden || !this.seat) return;
    this.socket.tick();
    this.#tellLook();
    this.socket.retryNow();
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
