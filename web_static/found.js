// What a search found: which of it is shown and may be added, and how a rule would name it.

import { hidesSomething, tagsIn } from "./labels.js";
import { addressIn } from "./ranges.js";

/** @import {FoundDevice} from "./wire.js" */

export const USUAL_RULE = "{model}-{ip3}-{ip4}";
const LONGEST_RULE = 120;
const LONGEST_NAME = 80;
const UNTOLD = "…"; // what a search does not tell: only the full reading that follows an addition does

/** @typedef {{text: string, kind: string, fresh: boolean}} Filter `kind`: "make\nmodel", "make\n" for all of a make, "" for all; `fresh`: only what is in no roster */

/** @type {Filter} */
export const ALL_FOUND = { text: "", kind: "", fresh: false };

/** @param {FoundDevice} device @returns {boolean} what could not be identified cannot be added */
export const mayBeAdded = ({ reason }) => !reason;

/** @param {FoundDevice} device */
const kindOf = ({ make, model }) => `${make ?? ""}\n${model ?? ""}`;

/** @param {FoundDevice[]} found @param {Filter} filter @returns {FoundDevice[]} by address */
export function shownOf(found, { text, kind, fresh }) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = found.filter((device) => {
    if (fresh && device.name) return false;
    if (kind && !(kind.endsWith("\n") ? kindOf(device).startsWith(kind) : kindOf(device) === kind)) return false;
    const said = [device.address, device.make, device.model, device.name].join("\n").toLowerCase();
    return words.every((word) => said.includes(word));
  });
  return byAddress(shown);
}

/** @param {FoundDevice[]} found */
function byAddress(found) {
  const places = found.map((device) => ({ device, at: addressIn(device.address) ?? 0 }));
  return places.sort((a, b) => a.at - b.at).map(({ device }) => device);
}

/** @param {FoundDevice[]} found @returns {{kind: string, label: string, count: number}[]} makes, each followed by its models */
export function kindsOf(found) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { make, model } of found.filter(mayBeAdded)) {
    for (const kind of new Set([`${make ?? ""}\n`, `${make ?? ""}\n${model ?? ""}`])) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].filter(([kind]) => kind !== "\n").sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => ({ kind, label: labelOf(kind), count }));
}

/** @param {string} kind */
function labelOf(kind) {
  const [make, model] = kind.split("\n");
  return [make, model || "(all)"].filter(Boolean).join(" ");
}

const FIELDS = ["make", "model", "ip", "ip1", "ip2", "ip3", "ip4", "mac", "mac6", "hostname", "place"];

/** @param {string} rule @returns {string} what is wrong with it, in words */
export function ruleMistake(rule) {
  if (!rule) return "";
  const fields = [...rule.matchAll(/\{([^{}]*)\}/g)].map(([, field = ""]) => field);
  const unknown = fields.find((field) => !FIELDS.includes(field));
  if (unknown !== undefined || /[{}]/.test(rule.replace(/\{[^{}]*\}/g, ""))) {
    return `It has a field that is not known; there are ${FIELDS.map((field) => `{${field}}`).join(", ")}.`;
  }
  const tells = fields.some((field) => field !== "place"); // which is one for all that are added
  return tells ? "" : "A rule has a field such as {ip4}, or all would have the same name.";
}

/** @param {string} rule @param {FoundDevice} device @param {string} place @returns {string} as the edge will name it, but for a number behind a name that is taken */
export function exampleOf(rule, { address, make, model }, place) {
  const parts = address.split(".");
  /** @type {Record<string, string>} */
  const known = {
    make: make ?? "",
    model: model || make || "",
    ip: address,
    place,
    mac: UNTOLD,
    mac6: UNTOLD,
    hostname: UNTOLD,
    ...Object.fromEntries(parts.map((part, i) => [`ip${i + 1}`, part])),
  };
  const filled = (rule || USUAL_RULE).replace(/\{([^{}]*)\}/g, (_, field) => known[field] || "unknown");
  return filled.trim().replace(/\s+/g, "-").slice(0, LONGEST_NAME) || "unknown";
}

/** What is said of all devices that are added, as it is typed. @typedef {{rule: string, place: string, client: string, tags: string}} Words */

/** @param {Words} words @returns {Words} what is wrong with each, "" where nothing is */
export function wordMistakes({ rule, place, client, tags }) {
  const each = tagsIn(tags);
  return {
    rule: textMistake("A rule", rule, LONGEST_RULE) || ruleMistake(rule.trim()),
    place: textMistake("A place", place, 120),
    client: textMistake("A client", client, 80),
    tags: each.length > 20 ? "At most 20 tags." : (each.map((tag) => textMistake("A tag", tag, 40)).find(Boolean) ?? ""),
  };
}

/** @param {string} what @param {string} text @param {number} most letters @returns {string} what is wrong with it, in words */
function textMistake(what, text, most) {
  if (text.trim().length > most) return `${what} has at most ${most} letters.`;
  return hidesSomething(text.trim()) ? "It has a letter that cannot be seen; type it anew." : "";
}
