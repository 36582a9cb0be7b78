// The machines of all farms, read in rounds: page by page, farm by farm, and added up when a round is over.

import { inWords } from "./api.js";
import { totalsWithSilent } from "./asics.js";
import { Store } from "./store.js";

/** @import {FarmSeat, MachinePage} from "./wire.js" */
/** @import {ServerClock} from "./clock.js" */
/** @import {Row} from "./store.js" */
/** @import {Totals} from "./totals.js" */

/** So long after a round began the next one does. */
export const ROUND_S = 60;

/**
 * What is known of one farm.
 * @typedef {object} FarmReading
 * @property {FarmSeat} seat
 * @property {Totals | null} totals null: not read yet
 * @property {number | null} at when they were read, epoch seconds by the commander's clock
 * @property {string} error why the last round could not read it
 */

/** @typedef {{totals: Totals, farms: number, of: number}} Overall over the farms that the last round read */

/**
 * @typedef {object} Ends
 * @property {() => FarmSeat[]} seats
 * @property {(farm: string, after: string | null) => Promise<MachinePage>} fetchPage
 * @property {Pick<ServerClock, "hear">} clock
 * @property {() => void} changed
 * @property {() => boolean} wanted whether anybody still looks
 */

export class AllFarms {
  /** @type {Map<string, FarmReading>} */
  readings = new Map();
  /** @type {Overall | null} */
  overall = null;
  /** How far the round under way is; null: none is. @type {{farms: number, of: number, machines: number} | null} */
  progress = null;
  #ends;
  /** When the present round began, by the commander's clock. @type {number | null} */
  #at = null;

  /** @param {Ends} ends */
  constructor(ends) {
    this.#ends = ends;
  }

  /** Reads every farm once; farms are counted as of one moment, so that they can be added up. */
  async round() {
    if (this.progress) return;
    const seats = this.#ends.seats();
    this.progress = { farms: 0, of: seats.length, machines: 0 };
    this.#at = null;
    /** @type {Row[]} */
    const rows = [];
    let farms = 0;
    for (const seat of seats) {
      if (!this.#ends.wanted()) break;
      const read = await this.#read(seat);
      farms += read ? 1 : 0;
      for (const row of read ?? []) rows.push(row);
      this.progress.farms += 1;
      this.#ends.changed();
    }
    this.overall = this.#at === null ? null : { totals: totalsWithSilent(rows, this.#at), farms, of: seats.length };
    this.#keepOnly(seats);
    this.progress = null;
    this.#ends.changed();
  }

  /** @param {FarmSeat} seat @returns {Promise<Row[] | null>} null: it could not be read; what was known of it stays */
  async #read(seat) {
    const { progress } = this;
    const before = progress?.machines ?? 0;
    const store = new Store({
      fetchPage: (after) => this.#ends.fetchPage(seat.farm, after),
      clock: { hear: (at) => this.#hear(at) },
      changed: () => {
        if (progress) progress.machines = before + store.rows.size;
        this.#ends.changed();
      },
      failed: () => {},
      later: () => {},
    });
    const known = this.readings.get(seat.farm) ?? { totals: null, at: null };
    try {
      await store.loadList();
    } catch (reason) {
      this.readings.set(seat.farm, { ...known, seat, error: inWords(reason) });
      return null;
    }
    const rows = [...store.rows.values()];
    const at = this.#at ?? 0;
    this.readings.set(seat.farm, { seat, totals: totalsWithSilent(rows, at), at, error: "" });
    return rows;
  }

  /** @param {number} at the commander's clock */
  #hear(at) {
    this.#at ??= at;
    this.#ends.clock.hear(at);
  }

  /** @param {FarmSeat[]} seats */
  #keepOnly(seats) {
    const farms = seats.map(({ farm }) => farm);
    for (const farm of this.readings.keys()) if (!farms.includes(farm)) this.readings.delete(farm);
  }
}
