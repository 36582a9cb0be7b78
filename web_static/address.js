// What the address after the # names: a screen, perhaps one machine, and how it is looked at.

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

/** @param {string} part of the address, which anybody may have typed */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
