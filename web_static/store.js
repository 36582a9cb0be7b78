// All that the page knows of the farm's machines: filled by paged HTTP, kept current by the socket.

import { wordsOf } from "./labels.js";

/** @import {AgentKind, Delta, Labels, LiveColumns, MachinePage, MachineView, Mining, NoReply, Specs} from "./wire.js" */
/** @import {ServerClock} from "./clock.js" */

/**
 * What changes with each report of a machine; see `LiveColumns`.
 * @typedef {object} Live
 * @property {number | null} received_at
 * @property {number | null} sampled_at
 * @property {number | null} late_at
 * @property {number | null} offline_at
 * @property {boolean} stopped
 * @property {number | null} interval_s how often it reports at present
 * @property {Mining[]} mining
 * @property {Record<string, number | null>} values
 * @property {NoReply | null} silence of an ASIC that gives its edge no answer
 */

/** @typedef {{name: string, kind: AgentKind, agent: string | null, model: string | null, simulated: boolean, labels: Labels}} Told beside its reports */

/**
 * @typedef {object} Row
 * @property {string} machine
 * @property {string} name
 * @property {number} nameOrder the place of its name among all, so that sorting compares numbers
 * @property {AgentKind} kind
 * @property {string | null} agent who reads it; null for whom the farm's agents are not shown
 * @property {string | null} model make and model of an ASIC
 * @property {boolean} simulated
 * @property {Labels} labels
 * @property {string} words all that it is found by, in small letters
 * @property {Live} live
 * @property {Live | null} before the sample before the newest: counters have their rate from both
 * @property {Mining | null} mined the algorithm that it mined when it last told one, in its unit
 */

/**
 * @typedef {object} Ends
 * @property {(after: string | null) => Promise<MachinePage>} fetchPage
 * @property {Pick<ServerClock, "hear">} clock
 * @property {() => void} changed
 * @property {(error: unknown) => void} failed a refetch that nobody waits for went wrong
 * @property {(action: () => void, delay: number) => unknown} later
 */

// Several changes within this time (ms) make one refetch of the list.
const SETTLE_MS = 300;
const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * Row `i` of the columns. A column that an older or newer commander leaves out reads as unknown.
 * @param {LiveColumns} columns
 * @param {number} i
 * @returns {Live}
 */
export function liveAt(columns, i) {
  /** @type {Record<string, number | null>} */
  const values = {};
  for (const [metric, column] of Object.entries(columns.values ?? {})) {
    values[metric] = column[i] ?? null;
  }
  return {
    received_at: columns.received_at?.[i] ?? null,
    sampled_at: columns.sampled_at?.[i] ?? null,
    late_at: columns.late_at?.[i] ?? null,
    offline_at: columns.offline_at?.[i] ?? null,
    stopped: columns.stopped?.[i] ?? false,
    interval_s: columns.interval_s?.[i] ?? null,
    mining: columns.mining?.[i] ?? [],
    values,
    silence: columns.silence?.[columns.machine[i] ?? ""] ?? null,
  };
}

/** @param {MachinePage} page @param {number} i @returns {Told} */
function toldOn(page, i) {
  return {
    name: page.name[i] ?? page.live.machine[i] ?? "",
    kind: page.kind[i] ?? "cpu_gpu",
    agent: page.agent?.[i] ?? null,
    model: page.model?.[i] ?? null,
    simulated: page.simulated?.[i] ?? false,
    labels: page.labels?.[i] ?? {},
  };
}

/** @param {Specs | null} specs @returns {string | null} as the list of machines has it */
function modelIn(specs) {
  return [specs?.make, specs?.model].filter(Boolean).join(" ") || null;
}

/** @param {Live} fresh @param {Live} known answers the one of the later report */
function newer(fresh, known) {
  return (fresh.received_at ?? 0) >= (known.received_at ?? 0) ? fresh : known;
}

/** @param {Row} row @param {Live} fresh */
function renew(row, fresh) {
  const live = newer(fresh, row.live);
  if (live.sampled_at !== row.live.sampled_at) row.before = row.live;
  row.live = live;
  row.mined = live.mining[0] ?? row.mined;
}

export class Store {
  /** @type {Map<string, Row>} */
  rows = new Map();
  /** How often the whole list was read; 0: not yet. */
  listings = 0;
  /** Grows with every change. */
  version = 0;
  #ends;
  #pending = false;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** What deltas said of machines that no list has yet. @type {Map<string, Live>} */
  #unknown = new Map();

  /** @param {Ends} ends */
  constructor(ends) {
    this.#ends = ends;
  }

  /**
   * Machines that reported. A name never heard of means that the list is out of date.
   * @param {Delta} delta
   */
  applyDelta(delta) {
    delta.live.machine.forEach((machine, i) => {
      const [row, live] = [this.rows.get(machine), liveAt(delta.live, i)];
      if (row) renew(row, live);
      else this.#unknown.set(machine, live);
    });
    // A list that is being read may bring them; it looks for itself when it is done.
    if (this.#unknown.size && !this.#loading) this.requestList();
    this.#changed();
  }

  /** Refetch the list soon: once, however many reasons come together. */
  requestList() {
    if (this.#pending) return;
    this.#pending = true;
    this.#ends.later(() => {
      this.#pending = false;
      this.loadList().catch(this.#ends.failed);
    }, SETTLE_MS);
  }

  /** Read every page, after any reading that is under way; machines on none of them are gone. */
  async loadList() {
    const before = this.#loading;
    const reading = (async () => {
      await before?.catch(() => {});
      await this.#readPages();
    })();
    this.#loading = reading;
    try {
      await reading;
    } finally {
      if (this.#loading === reading) this.#loading = null;
    }
    this.#seekUnknown();
  }

  /** Machines that first reported while the list was read, and that it lacks, call for another. */
  #seekUnknown() {
    if (this.#unknown.size && !this.#loading) this.requestList();
  }

  async #readPages() {
    const seen = new Set();
    const asked = [...this.#unknown.keys()];
    /** @type {string | null} */
    let after = null;
    do {
      /** @type {MachinePage} */
      const page = await this.#ends.fetchPage(after);
      this.#ends.clock.hear(page.server_at);
      page.live.machine.forEach((machine, i) => {
        seen.add(machine);
        this.#put(machine, toldOn(page, i), liveAt(page.live, i));
      });
      after = page.next ?? null;
      if (this.listings === 0) this.#settle();
    } while (after);
    for (const machine of this.rows.keys()) if (!seen.has(machine)) this.rows.delete(machine);
    for (const machine of asked) this.#unknown.delete(machine);
    this.listings += 1;
    this.#settle();
  }

  /** @param {string} machine @param {MachineView} view */
  applyView(machine, view) {
    const { name, kind, agent, simulated, labels, specs } = view;
    const model = this.rows.get(machine)?.model ?? modelIn(specs);
    this.#put(machine, { name, kind, agent: agent || null, model, simulated, labels }, liveAt(view.live, 0));
    this.#settle();
  }

  /** @param {string} machine */
  remove(machine) {
    if (this.rows.delete(machine)) this.#changed();
  }

  /** @param {string} machine @param {Told} told @param {Live} live */
  #put(machine, told, live) {
    const known = this.#unknown.get(machine) ?? live;
    const said = { machine, ...told, words: wordsOf(told) };
    const row = this.rows.get(machine) ?? { ...said, nameOrder: 0, live: known, before: null, mined: null };
    this.#unknown.delete(machine);
    renew(row, live);
    this.rows.set(machine, Object.assign(row, said));
  }

  /** Number the names anew: comparing text at each sort of 10,000 rows would be felt. */
  #settle() {
    const byName = [...this.rows.values()].sort(
      (a, b) => COLLATOR.compare(a.name, b.name) || (a.machine < b.machine ? -1 : 1),
    );
    byName.forEach((row, place) => (row.nameOrder = place));
    this.#changed();
  }

  #changed() {
    this.version += 1;
    this.#ends.changed();
  }
}
