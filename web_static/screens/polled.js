// Something that is read again and again: soon while it changes, seldom while it rests.

import { inWords } from "../api.js";

/** @import {App} from "../app.js" */

const FAILED_PAUSE_S = 3;

/** @template T */
export class Polled {
  /** @type {T | null} */
  value = null;
  error = "";
  #app;
  #read;
  #pause_s;
  #busy = false;
  #again = false;
  /** Epoch milliseconds of this computer: only spans are taken of it. */
  #askedAt = 0;

  /**
   * @param {App} app
   * @param {() => Promise<T>} read
   * @param {(value: T | null) => number} pause_s how long after one reading the next is due
   */
  constructor(app, read, pause_s) {
    this.#app = app;
    this.#read = read;
    this.#pause_s = pause_s;
  }

  /** Never throws. What is asked for during a reading is read once more after it: it may have come too early. */
  load = async () => {
    this.#again = this.#busy;
    if (this.#busy) return;
    [this.#busy, this.#askedAt] = [true, Date.now()];
    try {
      [this.value, this.error] = [await this.#read(), ""];
    } catch (reason) {
      this.error = inWords(reason);
    }
    this.#busy = false;
    this.#app.redraw();
    if (this.#again) await this.load();
  };

  /** For a screen's update, which comes each second. A page that nobody sees asks for nothing. */
  update = () => {
    const pause_s = this.error ? FAILED_PAUSE_S : this.#pause_s(this.value);
    const due = Date.now() - this.#askedAt >= 1000 * pause_s;
    if (due && !this.#busy && !document.hidden) this.load();
  };
}
