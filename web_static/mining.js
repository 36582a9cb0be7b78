// What a machine mines, folded to one hashrate for each algorithm.

/** @import {Mining} from "./wire.js" */

/**
 * @typedef {object} Hashing
 * @property {string} algorithm
 * @property {string} unit
 * @property {number | null} hashrate null: not all of it was read
 * @property {Map<string, number | null>} coins their parts of it, where the coin is known
 */

/** @param {Mining} row of the wire, which leaves the usual unit out */
export function unitOf({ unit }) {
  return unit ?? "H/s";
}

// Totals and sorting ask for all machines again and again, of which few have reported since.
/** @type {WeakMap<Mining[], Hashing[]>} */
const folded = new WeakMap();

/**
 * By algorithm and unit, in the machine's own order.
 * @param {Mining[]} mining never changed after it was read
 * @returns {Hashing[]}
 */
export function hashingOf(mining) {
  const known = folded.get(mining) ?? fold(mining);
  folded.set(mining, known);
  return known;
}

/** @param {Mining[]} mining @returns {Hashing[]} */
function fold(mining) {
  /** @type {Map<string, Hashing>} */
  const found = new Map();
  for (const row of mining) {
    const [{ algorithm, hashrate, coin }, unit] = [row, unitOf(row)];
    const key = `${algorithm}\n${unit}`;
    const one = found.get(key) ?? { algorithm, unit, hashrate: 0, coins: new Map() };
    one.hashrate = together(one.hashrate, hashrate);
    if (coin) one.coins.set(coin, one.coins.has(coin) ? together(one.coins.get(coin) ?? null, hashrate) : hashrate);
    found.set(key, one);
  }
  return [...found.values()];
}

/** @param {number | null} a @param {number | null} b what is unknown of a part is unknown of the whole */
function together(a, b) {
  return a === null || b === null ? null : a + b;
}

/** @param {Mining[]} mining @returns {Hashing | null} the first: machines name their main algorithm first */
export function mainOf(mining) {
  return hashingOf(mining)[0] ?? null;
}
