// What the address names: after the ? a farm, after the # a screen, perhaps one machine, and how it is looked at.

/** @import {FarmSeat} from "./wire.js" */

/**
 * @typedef {object} Place
 * @property {string} place "" where none is named
 * @property {string} id "" where none is named
 * @property {URLSearchParams} query
 */

/** @param {string} hash @returns {Place} */
export function placeOf(hash) {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [place = "", id = ""] = path.split("/").map(decoded);
  return { place, id, query: new URLSearchParams(query) };
}

/** @param {string} machine @param {string} [span] of its charts */
export function machineAddress(machine, span) {
  const address = `#/machines/${encodeURIComponent(machine)}`;
  return span ? `${address}?span=${encodeURIComponent(span)}` : address;
}

/** @param {string} search of the address @returns {string} the farm that it names, "" for none */
export function farmNamed(search) {
  return new URLSearchParams(search).get("farm") ?? "";
}

/**
 * The farm that an address is about: the one that it names, or else the only one.
 * @param {string} search
 * @param {FarmSeat[]} farms that somebody belongs to
 * @returns {FarmSeat | null}
 */
export function seatAt(search, farms) {
  const named = farmNamed(search);
  if (named) return farms.find(({ farm }) => farm === named) ?? null;
  return farms.length === 1 ? (farms[0] ?? null) : null;
}

/**
 * Links within the page say only what comes after the #: whatever is opened from there, also in another
 * window, stays with the farm.
 * @param {string} farm
 * @param {string} [hash]
 */
export function farmAddress(farm, hash = "#/machines") {
  return `?farm=${encodeURIComponent(farm)}${hash}`;
}

/**
 * The secret of a link that came in a letter, which must not stay in the address.
 * @param {string} hash
 * @returns {{place: "reset" | "invitation", secret: string} | null}
 */
export function secretIn(hash) {
  const { place, id } = placeOf(hash);
  return (place === "reset" || place === "invitation") && id ? { place, secret: id } : null;
}

/** @param {string} part of the address, which anybody may have typed */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
