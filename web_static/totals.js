// What a farm adds up to, each figure with how many machines it rests on and how old it may be.

import { hashingOf } from "./mining.js";
import { asksToReturn, stateOf } from "./state.js";

/** @import {Hashing} from "./mining.js" */
/** @import {Reporting} from "./state.js" */
/** @import {Row} from "./store.js" */

/**
 * A figure over several machines.
 * @typedef {object} Figure
 * @property {number | null} value null: no machine counts
 * @property {number} covered the machines that count: online, and they read it
 * @property {number} of the machines that should
 * @property {number | null} oldest_at when the oldest sample counted was taken, epoch seconds
 */

/** @typedef {{coin: string, hashrate: Figure}} CoinTotal */

/**
 * @typedef {object} AlgorithmTotal
 * @property {string} algorithm
 * @property {string} unit of its hashrate: other units are other totals
 * @property {Figure} hashrate of the machines whose last known mining has this algorithm
 * @property {CoinTotal[]} coins where they are known
 * @property {Figure} efficiency hashrate for each watt of those that mine nothing else
 * @property {boolean} asics alone mine it
 */

/**
 * Parked machines are in none of it.
 * @typedef {object} Totals
 * @property {number} expected
 * @property {number} parked
 * @property {Row[]} returning parked machines that report again
 * @property {number} simulated
 * @property {Record<Reporting, number>} states
 * @property {AlgorithmTotal[]} algorithms never added together
 * @property {Figure} power in W
 * @property {Figure} load mean CPU load in %
 */

/** Adds up what is known; what is not known still counts among what should be. */
class Tally {
  sum = 0;
  /** The same machines' watts, where an efficiency is added up. */
  watts = 0;
  covered = 0;
  of = 0;
  /** @type {number | null} */
  oldest_at = null;

  /** @param {number | null} value null: unknown, or too old to count @param {number | null} at @param {number} [watts] */
  add(value, at, watts = 0) {
    this.of += 1;
    if (value === null) return;
    this.sum += value;
    this.watts += watts;
    this.covered += 1;
    if (at !== null) this.oldest_at = Math.min(at, this.oldest_at ?? Infinity);
  }

  /** @param {number | null} value @returns {Figure} */
  #figure(value) {
    return { value: this.covered ? value : null, covered: this.covered, of: this.of, oldest_at: this.oldest_at };
  }

  total() {
    return this.#figure(this.sum);
  }

  mean() {
    return this.#figure(this.sum / this.covered);
  }

  perWatt() {
    return this.#figure(this.watts > 0 ? this.sum / this.watts : null);
  }
}

/** The tallies of one algorithm in one unit. */
class AlgorithmTally {
  hashrate = new Tally();
  efficiency = new Tally();
  /** @type {Map<string, Tally>} */
  coins = new Map();
  asics = true;

  /** @param {Hashing} hashing */
  constructor({ algorithm, unit }) {
    this.algorithm = algorithm;
    this.unit = unit;
  }

  /** @param {Hashing} hashing @param {Row} row @param {boolean} counts @param {boolean} alone */
  add({ hashrate, coins }, { live, kind }, counts, alone) {
    this.asics &&= kind === "asic";
    const [known, at] = [counts ? hashrate : null, live.sampled_at];
    this.hashrate.add(known, at);
    const power = alone ? (live.values.power_w ?? null) : null;
    this.efficiency.add(power === null ? null : known, at, power ?? 0);
    for (const [coin, part] of coins) {
      tallyOf(this.coins, coin, () => new Tally()).add(counts ? part : null, at);
    }
  }

  /** @returns {AlgorithmTotal} */
  total() {
    const coins = [...this.coins].map(([coin, tally]) => ({ coin, hashrate: tally.total() }));
    const byWeight = coins.sort((a, b) => weightier(a.hashrate, b.hashrate) || (a.coin < b.coin ? -1 : 1));
    const { algorithm, unit, asics } = this;
    return { algorithm, unit, asics, hashrate: this.hashrate.total(), coins: byWeight, efficiency: this.efficiency.perWatt() };
  }
}

/**
 * @template T
 * @param {Map<string, T>} tallies
 * @param {string} key
 * @param {() => T} make
 * @returns {T}
 */
function tallyOf(tallies, key, make) {
  const tally = tallies.get(key) ?? make();
  tallies.set(key, tally);
  return tally;
}

/** @param {Figure} a @param {Figure} b what most machines mine stands first, and does not change places each second */
function weightier(a, b) {
  return b.of - a.of;
}

/** @param {AlgorithmTotal} total */
function named({ algorithm, unit }) {
  return `${algorithm} ${unit}`;
}

/** Goes over all machines once. */
class Count {
  states = { offline: 0, late: 0, waiting: 0, stopped: 0, online: 0 };
  expected = 0;
  parked = 0;
  simulated = 0;
  /** @type {Row[]} */
  returning = [];
  load = new Tally();
  power = new Tally();
  /** @type {Map<string, AlgorithmTally>} */
  algorithms = new Map();

  /** @param {Row} row @param {number} now */
  add(row, now) {
    if (row.labels.parked) return this.#park(row, now);
    const state = stateOf(row.live, now);
    const [counts, { values, sampled_at, mining }] = [state === "online", row.live];
    this.expected += 1;
    this.states[state] += 1;
    if (row.simulated) this.simulated += 1;
    // An ASIC tells of no processor.
    if (row.kind !== "asic") this.load.add(counts ? (values.cpu_load_pct ?? null) : null, sampled_at);
    this.power.add(counts ? (values.power_w ?? null) : null, sampled_at);
    const all = hashingOf(mining);
    for (const one of all) this.#algorithm(one).add(one, row, counts, all.length === 1);
  }

  /** @param {Row} row @param {number} now */
  #park(row, now) {
    this.parked += 1;
    if (asksToReturn(row, now)) this.returning.push(row);
  }

  /** @param {Hashing} hashing */
  #algorithm(hashing) {
    const key = `${hashing.algorithm}\n${hashing.unit}`;
    return tallyOf(this.algorithms, key, () => new AlgorithmTally(hashing));
  }
}

/**
 * @param {Iterable<Row>} rows
 * @param {number} now epoch seconds by the commander's clock, for the machines' states
 * @returns {Totals}
 */
export function totalsOf(rows, now) {
  const count = new Count();
  for (const row of rows) count.add(row, now);
  const { states, expected, parked, simulated, returning } = count;
  const algorithms = [...count.algorithms.values()].map((tally) => tally.total());
  algorithms.sort((a, b) => weightier(a.hashrate, b.hashrate) || (named(a) < named(b) ? -1 : 1));
  const [power, load] = [count.power.total(), count.load.mean()];
  return { expected, parked, simulated, returning, states, algorithms, power, load };
}
