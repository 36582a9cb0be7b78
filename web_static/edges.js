// The farm's ASIC edges by name, read when a screen speaks of them.

import { count } from "./units.js";

/** @import {App} from "./app.js" */
/** @import {Row} from "./store.js" */
/** @import {AgentView} from "./wire.js" */

// What others add is seen after this time at the latest, where somebody looks.
const AGAIN_S = 30;

export class Edges {
  /** null: not read. @type {AgentView[] | null} */
  list = null;
  #app;
  #api;
  #askedAt = -Infinity;
  #listings = -1;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.#api = app.api;
  }

  /** @param {string} agent @returns {string | null} null: not known */
  nameOf(agent) {
    return this.list?.find((one) => one.agent === agent)?.name ?? null;
  }

  /** Read them where they are not known, or anew after machines or agents came or went. */
  want() {
    const { store, clock, may } = this.#app;
    const now = clock.running();
    const due = this.list === null || store.listings !== this.#listings;
    if (!may.seeAgents || !due || now - this.#askedAt < AGAIN_S) return;
    [this.#askedAt, this.#listings] = [now, store.listings];
    this.#load();
  }

  /** A name that cannot be read is left out: nothing else hangs on it. */
  async #load() {
    const read = await this.#api.agents().catch(() => null);
    if (!read) return;
    this.list = read.agents.filter(({ kind }) => kind === "asic");
    this.#app.redraw();
  }
}

/** @type {WeakMap<object, Edges>} */
const known = new WeakMap();

/** @param {App} app @returns {Edges} those of the farm that this window shows */
export function edgesOf(app) {
  const edges = known.get(app.store) ?? new Edges(app);
  known.set(app.store, edges);
  return edges;
}

/**
 * The ASICs that this edge reads.
 * @template {Pick<Row, "agent" | "kind">} T
 * @param {Iterable<T>} rows
 * @param {string} edge
 */
export function readBy(rows, edge) {
  return [...rows].filter(({ agent, kind }) => kind === "asic" && agent === edge);
}

/** @param {Iterable<Pick<Row, "agent" | "kind">>} rows @param {string} edge @returns {string} what comes of deleting it */
export function deletionWords(rows, edge) {
  const many = readBy(rows, edge).length;
  const leave = many === 1 ? "The ASIC that it reads leaves the dashboard with it. " : `The ${count(many)} ASICs that it reads leave the dashboard with it. `;
  return (
    `Its token stops working; the devices themselves keep mining. ${many ? leave : ""}For 7 days all stays in the bin below the sentries, ` +
    "and can be restored with nothing changed at the edge; then the history is erased."
  );
}
