// Tells the commander which machines are on the screen, so that those are quickened.

/** @import {Look as LookMessage} from "./wire.js" */

/**
 * @typedef {object} Ends
 * @property {(message: LookMessage) => boolean} send false: there is no connection
 * @property {() => boolean} hidden whether nobody sees the page
 * @property {() => number} now milliseconds
 */

/** As many machines the commander quickens for a farm. */
export const LOOK_MOST = 50;
// So often at most, however fast somebody scrolls.
export const REST_MS = 2000;
/** The commander forgets after 90 s what it was told. */
export const RENEW_MS = 60_000;

/** Driven by `tick`, once a second. A screen without machines says nothing: what it was told lapses. */
export class Look {
  #ends;
  /** @type {string[]} */
  #seen = [];
  #told = "";
  #toldAt = -Infinity;

  /** @param {Ends} ends */
  constructor(ends) {
    this.#ends = ends;
  }

  /** @param {string[]} machines those that are on the screen now, from its upper edge on */
  see(machines) {
    // Sorted, because machines that change places are still the same machines.
    this.#seen = machines.slice(0, LOOK_MOST).sort();
  }

  /** The commander has forgotten: the connection is another one. */
  renew() {
    this.#told = "";
    this.#toldAt = -Infinity;
  }

  tick() {
    const now = this.#ends.now();
    const said = this.#seen.join(" ");
    const rest = said === this.#told ? RENEW_MS : REST_MS;
    if (!said || this.#ends.hidden() || now - this.#toldAt < rest) return;
    if (!this.#ends.send({ type: "look", machines: this.#seen })) return;
    [this.#told, this.#toldAt] = [said, now];
  }
}
