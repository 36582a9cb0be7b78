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

/** @param {string} agent an ASIC edge @param {string} [part] of its page */
export function edgeAddress(agent, part) {
  const address = `#/agents/${encodeURIComponent(agent)}`;
  return part ? `${address}?part=${encodeURIComponent(part)}` : address;
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

/** @param {MouseEvent} event @returns {string} the address of the farm's link that was clicked, "" where the browser is to follow it */
export function farmLinkOf(event) {
  const link = event.target instanceof Element ? event.target.closest('a[href^="?farm="]') : null;
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return "";
  return link.getAttribute("href") ?? "";
}

/**
 * The secret of a link that came in a letter, which must not stay in the address. What a letter's reader takes
 * for a part of the link, such as the full stop after it, is left out.
 * @param {string} hash
 * @returns {{place: "reset" | "invitation", secret: string} | null}
 */
export function secretIn(hash) {
  const { place, id } = placeOf(hash);
  const secret = id.match(/[\w-]+/)?.[0];
  return (place === "reset" || place === "invitation") && secret ? { place, secret } : null;
}

/** @param {string} part of the address, which anybody may have typed */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
