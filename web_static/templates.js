// What the page says of pools, wallets and programs, in words.

import { ApiError } from "./api.js";

/** @import {PoolRequest, Software, System, Use} from "./wire.js" */

/** Coins whose addresses the commander checks. */
export const KNOWN_COINS = ["BCH", "BTC", "DOGE", "ERG", "ETC", "ETH", "FIRO", "KAS", "LTC", "RVN", "XMR", "ZEC"];

/** @type {Record<System, string>} */
export const SYSTEMS = { "linux-x64": "Linux", "windows-x64": "Windows" };

/** @param {number} count @param {string} one such as "rig" */
export function counted(count, one) {
  return `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
}

/** @param {PoolRequest} pool @returns {string} in a line, without its password */
export function poolWords({ address, tls, coin, algorithm, region }) {
  return [address, tls ? "TLS" : "without TLS", coin || algorithm, region].filter(Boolean).join(" · ");
}

/** @param {string} text of a coin's name @returns {string} as the commander takes it, "" for none */
export function coinOf(text) {
  const coin = text.trim().toUpperCase();
  if (coin && !/^[A-Z0-9]{1,12}$/.test(coin)) throw new ApiError(0, "bad_coin", "A coin has 1 to 12 letters and digits, such as XMR.", "coin");
  return coin;
}

/** @param {string} text of a SHA-256 @returns {string} as the commander takes it */
export function sha256Of(text) {
  const digest = text.trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digest)) return digest;
  throw new ApiError(0, "bad_sha256", "A SHA-256 has 64 letters: digits, and a to f.", "archive.sha256");
}

/** @param {readonly Use[]} uses @returns {string} such as "in 2 playbooks, on 14 rigs" */
export function usedWords(uses) {
  if (!uses.length) return "not used";
  // A rig may run several playbooks: the sum would count it more than once.
  return `in ${counted(uses.length, "playbook")}`;
}

/** @param {Use} use */
export function useWords({ name, rigs }) {
  return `${name} (${rigs ? `on ${counted(rigs, "rig")}` : "on no rig"})`;
}

/** @param {Software} software @returns {string[]} why it cannot be installed, by system; nothing where it can be */
export function obstacles({ archives }) {
  return archives
    .filter(({ archive }) => !archive)
    .map(({ system, note, url }) => `${SYSTEMS[system]}: ${note || (url ? "its publisher names no SHA-256, or the archive cannot be unpacked" : "there is no download")}`);
}

/** @param {Software} software @returns {System[]} for which it can be installed */
export function installable({ archives }) {
  return archives.filter(({ archive }) => archive).map(({ system }) => system);
}

/** @template T @param {readonly T[]} items @param {number} at @param {number} to @returns {T[]} with one moved; the same where it cannot be */
export function moved(items, at, to) {
  const item = items[at];
  if (item === undefined || to < 0 || to >= items.length) return [...items];
  const rest = items.filter((_, number) => number !== at);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}
