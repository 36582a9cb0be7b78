// What is known of one ASIC edge now: read again while somebody looks, and at once when something was asked of it.

import { ApiError, inWords } from "./api.js";
import { isUnderWay, openErrands } from "./errands.js";
import { stateOf } from "./state.js";

/** @import {App} from "./app.js" */
/** @import {Reporting} from "./state.js" */
/** @import {Live} from "./store.js" */
/** @import {EdgeView, ErrandLine, ErrandRequest, ErrandView} from "./wire.js" */

// So often it is read while a search or an errand is under way, and else.
const BUSY_S = 2;
const CALM_S = 10;

export class EdgeReading {
  /** @type {EdgeView | null} */
  view = null;
  gone = false;
  error = "";
  #app;
  #agent;
  #askedAt = -Infinity;
  #asking = false;
  /** Given by this page, in their order. @type {ErrandView[]} */
  #given = [];
  /** Lines of results by the number of their errand; null while they are on their way. @type {Map<number, ErrandLine[] | null>} */
  #lines = new Map();

  /** @param {App} app @param {string} agent */
  constructor(app, agent) {
    this.#app = app;
    this.#agent = agent;
  }

  /** @returns {Reporting} */
  get reporting() {
    const { view } = this;
    if (!view) return "waiting";
    // Only these four are asked of it.
    const { stopped, received_at, late_at, offline_at } = view;
    return stateOf(/** @type {Live} */ ({ stopped, received_at, late_at, offline_at }), this.#app.clock.now());
  }

  /** Called with each frame. @param {boolean} [hidden] nobody reads for a page that nobody sees */
  update(hidden = document.hidden) {
    if (hidden || this.gone) return;
    const heard = this.reporting === "online" || this.reporting === "late";
    const rest = this.view && heard && isUnderWay(this.view) ? BUSY_S : CALM_S;
    if (this.#app.clock.running() - this.#askedAt >= rest) this.load();
  }

  /** Never throws. */
  load = async () => {
    if (this.#asking) return;
    this.#asking = true;
    this.#askedAt = this.#app.clock.running();
    const earlier = this.#given.length;
    try {
      const view = await this.#app.api.edge(this.#agent);
      // What was given while this was on its way may not be in it.
      const later = this.#given.slice(earlier).filter((one) => view.errands.every(({ number }) => number !== one.number));
      Object.assign(this, { view: { ...view, errands: [...later.reverse(), ...view.errands] }, gone: false, error: "" });
    } catch (reason) {
      this.gone = reason instanceof ApiError && reason.status === 404;
      this.error = this.gone ? "" : inWords(reason);
    }
    this.#asking = false;
    this.#app.redraw();
  };

  /** @param {ErrandRequest["errand"]} errand @returns {Promise<ErrandView>} as the commander took it */
  async give(errand) {
    const given = await this.#app.api.giveErrand(this.#agent, errand);
    this.#given.push(given);
    const known = this.view?.errands ?? [];
    if (this.view && known.every(({ number }) => number !== given.number)) this.view = { ...this.view, errands: [given, ...known] };
    this.#app.redraw();
    return given;
  }

  /** @param {ErrandView | null} errand @returns {ErrandLine[] | null} of its result; null until they are read */
  linesOf(errand) {
    if (!errand?.result) return null;
    const { number } = errand;
    if (!this.#lines.has(number)) this.#read(number);
    return this.#lines.get(number) ?? null;
  }

  /** @param {number} number */
  async #read(number) {
    this.#lines.set(number, null);
    try {
      const { result } = await this.#app.api.errand(this.#agent, number);
      this.#lines.set(number, result?.lines ?? []);
    } catch (reason) {
      // Once forgotten there it has no lines; what is not reached is asked for again later.
      if (reason instanceof ApiError && reason.status === 404) this.#lines.set(number, []);
      else setTimeout(() => this.#lines.delete(number), CALM_S * 1000);
    }
    this.#app.redraw();
  }

  /** @param {string[]} kinds @returns {ErrandView[]} those that wait for the edge or are under way there */
  open(kinds) {
    return openErrands(this.view, ({ kind }) => kinds.includes(kind));
  }
}
