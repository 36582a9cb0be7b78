// The live connection to the commander: opens, pings, notices silence, and comes back by itself.

/** @import {FromPage, ToPage} from "./wire.js" */

/** @typedef {"connecting" | "live" | "lost"} Connection */

/**
 * @typedef {object} Ends
 * @property {() => Promise<string>} ticket
 * @property {(ticket: string) => WebSocket} open
 * @property {() => Promise<unknown>} resync reads what was missed; the connection is live after it
 * @property {(message: ToPage) => void} message
 * @property {(connection: Connection) => void} changed
 * @property {() => number} now milliseconds
 * @property {() => number} random from 0 to 1
 */

/** After so long without a word the commander is asked whether it is there. */
export const QUIET_MS = 10_000;
/** However much it says, it is asked so often: it forgets a page that does not ask for 90 s. */
export const RENEW_MS = 30_000;
/** Together with QUIET_MS: a connection that says nothing for 15 s is lost. */
export const ANSWER_MS = 5000;
/** A commander in the cloud may have to wake up first. */
export const OPENING_MS = 15_000;

/**
 * How long to wait before trying again: doubling from 1 s to 30 s, half of it left to chance, so
 * that the pages of a commander that restarts do not all return at one moment.
 * @param {number} attempt 0 after a connection that worked
 * @param {number} random from 0 to 1
 */
export function backOff(attempt, random) {
  const ceiling = Math.min(30_000, 1000 * 2 ** attempt);
  return Math.max(1000, ceiling * (0.5 + random / 2));
}

/** @param {Pick<Location, "protocol" | "host">} page @param {string} ticket */
export function socketAddress({ protocol, host }, ticket) {
  const scheme = protocol === "https:" ? "wss" : "ws";
  return `${scheme}://${host}/socket?ticket=${encodeURIComponent(ticket)}`;
}

/** Driven by `tick`, once a second, so that it needs no timer of its own. */
export class LiveSocket {
  /** @type {Connection} */
  connection = "connecting";
  #ends;
  /** @type {WebSocket | null} */
  #socket = null;
  // Whatever an earlier turn still has under way is ignored when it comes back.
  #turn = 0;
  #attempt = 0;
  /** @type {number | null} */
  #retryAt = null;
  /** @type {number | null} when it is lost unless something is heard */
  #lostAt = null;
  #pingedAt = 0;
  #heardAt = 0;

  /** @param {Ends} ends */
  constructor(ends) {
    this.#ends = ends;
  }

  start() {
    this.#connect();
  }

  /** By what proves now who asks: where that was changed, the commander ends the former connection. */
  restart() {
    this.stop();
    this.start();
  }

  stop() {
    this.#turn += 1;
    this.#retryAt = null;
    this.#close();
  }

  /** @param {FromPage} message @returns {boolean} false: there is no live connection, nothing was sent */
  send(message) {
    if (this.connection !== "live" || !this.#socket) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** The network is back or the page is looked at: no need to wait any longer. */
  retryNow() {
    if (this.#retryAt !== null) this.#connect();
  }

  tick() {
    const now = this.#ends.now();
    if (this.#retryAt !== null && now >= this.#retryAt) this.#connect();
    else if (this.#lostAt !== null && now >= this.#lostAt) this.#lose(this.#turn);
    else if (now - this.#heardAt >= QUIET_MS || now - this.#pingedAt >= RENEW_MS) this.ask();
  }

  /** Ping, unless an answer is awaited already: without it the connection is lost soon. */
  ask() {
    if (!this.#socket || this.#lostAt !== null) return;
    const now = this.#ends.now();
    [this.#pingedAt, this.#lostAt] = [now, now + ANSWER_MS];
    this.#socket.send(JSON.stringify({ type: "ping" }));
  }

  async #connect() {
    const turn = ++this.#turn;
    this.#retryAt = null;
    try {
      const ticket = await this.#ends.ticket();
      if (turn === this.#turn) this.#listen(this.#ends.open(ticket), turn);
    } catch {
      this.#lose(turn);
    }
  }

  /** @param {WebSocket} socket @param {number} turn */
  #listen(socket, turn) {
    this.#socket = socket;
    this.#lostAt = this.#ends.now() + OPENING_MS;
    socket.onopen = () => this.#opened(turn);
    socket.onclose = () => this.#lose(turn);
    socket.onmessage = (event) => this.#hear(event, turn);
  }

  /** @param {number} turn */
  async #opened(turn) {
    if (turn !== this.#turn) return;
    this.#lostAt = null;
    this.#pingedAt = this.#heardAt = this.#ends.now();
    try {
      await this.#ends.resync();
    } catch {
      this.#lose(turn);
    }
    if (turn !== this.#turn) return;
    this.#attempt = 0;
    this.#become("live");
  }

  /** @param {MessageEvent} event @param {number} turn */
  #hear(event, turn) {
    if (turn !== this.#turn) return;
    this.#lostAt = null;
    this.#heardAt = this.#ends.now();
    this.#ends.message(JSON.parse(event.data));
  }

  /** @param {number} turn */
  #lose(turn) {
    if (turn !== this.#turn) return;
    this.#turn += 1;
    this.#close();
    this.#retryAt = this.#ends.now() + backOff(this.#attempt, this.#ends.random());
    this.#attempt += 1;
    this.#become("lost");
  }

  #close() {
    this.#socket?.close();
    this.#socket = null;
    this.#lostAt = null;
  }

  /** @param {Connection} connection */
  #become(connection) {
    this.connection = connection;
    this.#ends.changed(connection);
  }
}
