// The commander's clock as the page knows it: it runs while the connection lives and stands still without.

/** So far at most it runs past the last message: silence of our own network must not look like that of the rigs. */
export const RUNS_ON_S = 3;

export class ServerClock {
  #localNow;
  #serverAt;
  #heardAt;
  /** @type {number | null} */
  #frozenAt = null;

  /** @param {() => number} localNow this computer's clock, epoch milliseconds */
  constructor(localNow = Date.now) {
    this.#localNow = localNow;
    this.#heardAt = localNow();
    this.#serverAt = this.#heardAt / 1000;
  }

  /** @param {number} serverAt the commander's clock, as a message just said */
  hear(serverAt) {
    this.#serverAt = serverAt;
    this.#heardAt = this.#localNow();
  }

  /** Stand still at the last message: what happened to the machines since is not known. */
  freeze() {
    this.#frozenAt ??= this.#serverAt;
  }

  thaw() {
    this.#frozenAt = null;
  }

  /** Epoch seconds by the commander's clock, for what it last said of the machines' states. */
  now() {
    return this.#frozenAt ?? Math.min(this.running(), this.#serverAt + RUNS_ON_S);
  }

  /** The same, but never standing still: a figure grows older also while nobody is heard. */
  running() {
    return this.#serverAt + (this.#localNow() - this.#heardAt) / 1000;
  }
}
