// Ranges of addresses as people write them, checked before an edge is asked: it checks them again.

/** As many addresses one search takes, and as many ranges. */
export const MOST_ADDRESSES = 65_536;
export const MOST_RANGES = 32;
const LARGEST_PREFILLED = 22; // 1,022 devices: what is larger is a network of something else

const FORMS = "write 192.168.1.0/24, 10.0.0.5-10.0.0.99 or 10.0.0.7";
/** Private networks, and this computer's own. @type {[string, string][]} */
const PRIVATE = [
  ["10.0.0.0", "10.255.255.255"],
  ["172.16.0.0", "172.31.255.255"],
  ["192.168.0.0", "192.168.255.255"],
  ["169.254.0.0", "169.254.255.255"],
  ["127.0.0.0", "127.255.255.255"],
];

/** @typedef {{first: number, last: number}} Ends */
/** @typedef {{ranges: string[], addresses: number, error: string, isPublic: boolean}} Ranges `error`: why it cannot be searched, in words */

/** @param {string} text as typed, with blanks, commas or lines between them @param {boolean} [allowPublic] @returns {Ranges} */
export function rangesIn(text, allowPublic = false) {
  const ranges = [...new Set(text.replace(/\s*-\s*/g, "-").split(/[\s,;]+/).filter(Boolean))];
  const ends = ranges.map(endsOf);
  const addresses = ends.reduce((sum, one) => sum + (one ? one.last - one.first + 1 : 0), 0);
  const isPublic = ends.some((one) => one !== null && !isPrivate(one));
  const wrong = ranges[ends.indexOf(null)];
  return { ranges, addresses, isPublic, error: mistake(ranges, wrong, addresses, isPublic && !allowPublic) };
}

/** @param {string[]} ranges @param {string | undefined} wrong @param {number} addresses @param {boolean} foreign */
function mistake(ranges, wrong, addresses, foreign) {
  if (!ranges.length) return `Name a range: ${FORMS}.`;
  if (wrong !== undefined) return `“${wrong.slice(0, 60)}” is no range of IPv4 addresses; ${FORMS}.`;
  if (ranges.length > MOST_RANGES) return `At most ${MOST_RANGES} ranges in one search.`;
  if (addresses > MOST_ADDRESSES) return `That is more than ${MOST_ADDRESSES.toLocaleString("en")} addresses; name a smaller range.`;
  return foreign ? "Some of these addresses are not within a private network. Tick the box below if they are yours." : "";
}

/** @param {string} range @returns {Ends | null} the two ends of a network, which no device has, are left out */
function endsOf(range) {
  const network = range.match(/^([\d.]+)\/(\d{1,2})$/);
  if (network) return endsOfNetwork(addressIn(network[1] ?? ""), Number(network[2]));
  const [begin = "", end, ...more] = range.split("-");
  const [first, last] = [addressIn(begin), addressIn(end ?? begin)];
  return first === null || last === null || last < first || more.length ? null : { first, last };
}

/** @param {number | null} address @param {number} prefix @returns {Ends | null} */
function endsOfNetwork(address, prefix) {
  if (address === null || prefix > 32) return null;
  const size = 2 ** (32 - prefix);
  const first = Math.floor(address / size) * size;
  return prefix >= 31 ? { first, last: first + size - 1 } : { first: first + 1, last: first + size - 2 };
}

/** @param {string} text @returns {number | null} */
export function addressIn(text) {
  const parts = text.split(".");
  const good = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return good ? parts.reduce((sum, part) => sum * 256 + Number(part), 0) : null;
}

/** @param {Ends} ends */
function isPrivate({ first, last }) {
  return PRIVATE.some(([from, to]) => first >= (addressIn(from) ?? 0) && last <= (addressIn(to) ?? 0));
}

/** @param {number} address */
function written(address) {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** @param {string[]} networks an edge's own addresses, such as "192.168.1.5/24" @returns {string[]} what is worth a search there */
export function rangesOf(networks) {
  const own = networks.map(networkOf).filter((range) => range !== "");
  const lan = own.filter((range) => !range.startsWith("127."));
  const unasked = lan.filter((range) => !rangesIn(range).isPublic);
  return [...new Set([unasked, lan, own].find(({ length }) => length > 0) ?? [])].slice(0, MOST_RANGES);
}

/** @param {string} network */
function networkOf(network) {
  const [text = "", bits = "32"] = network.split("/");
  const [address, prefix] = [addressIn(text), Number(bits)];
  if (address === null || !(prefix >= 0 && prefix <= 30)) return "";
  const shown = prefix < LARGEST_PREFILLED ? 24 : prefix;
  const size = 2 ** (32 - shown);
  return `${written(Math.floor(address / size) * size)}/${shown}`;
}
