// What changed between two versions of a playbook, line by line and in words.

import { SYSTEMS } from "./templates.js";

/** @import {PlaybookVersion, System} from "./wire.js" */

/** @typedef {{kind: "same" | "gone" | "new" | "left_out", text: string}} Line */
/** @typedef {{what: string, before: string, after: string}} Change */

const AROUND = 2;
// Longer texts are shown as wholly replaced: the table grows with the product of their lines.
const CELLS_MAX = 1_000_000;

/** @param {string} before @param {string} after @returns {Line[]} every line of both */
export function lineDifference(before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  if (old.length * now.length > CELLS_MAX) return [...lines("gone", old), ...lines("new", now)];
  return walked(old, now, commonLengths(old, now));
}

/** @param {Line["kind"]} kind @param {string[]} texts @returns {Line[]} */
function lines(kind, texts) {
  return texts.map((text) => ({ kind, text }));
}

/** @param {string[]} old @param {string[]} now @returns {number[][]} how many lines both have in common from (i, j) on */
function commonLengths(old, now) {
  const table = Array.from({ length: old.length + 1 }, () => new Array(now.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      table[i][j] = old[i] === now[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table;
}

/** @param {string[]} old @param {string[]} now @param {number[][]} table @returns {Line[]} */
function walked(old, now, table) {
  /** @type {Line[]} */
  const found = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      found.push({ kind: "same", text: old[i] ?? "" });
      i++, j++;
    } else if ((table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0)) found.push({ kind: "gone", text: old[i++] ?? "" });
    else found.push({ kind: "new", text: now[j++] ?? "" });
  }
  return [...found, ...lines("gone", old.slice(i)), ...lines("new", now.slice(j))];
}

/** @param {Line[]} all @returns {Line[]} with what stayed left out, but for some lines around each change */
export function shortened(all) {
  const near = all.map((_, at) => all.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== "same"));
  /** @type {Line[]} */
  const found = [];
  all.forEach((line, at) => {
    if (near[at]) found.push(line);
    else if (found.at(-1)?.kind !== "left_out") found.push({ kind: "left_out", text: "…" });
  });
  return found;
}

/** @param {PlaybookVersion} before @param {PlaybookVersion} after @returns {Change[]} all but the scripts */
export function changes(before, after) {
  const rows = facts(before).map(([what, old], at) => ({ what, before: old, after: facts(after)[at]?.[1] ?? "" }));
  return rows.filter((row) => row.before !== row.after);
}

/** @param {PlaybookVersion} version @returns {[string, string][]} */
function facts({ draft, pools, wallets }) {
  return [
    ["Name", draft.name],
    ["Program", `${draft.program} ${draft.program_version}`],
    ["Pools", pools.map((pool, at) => `${at + 1}. ${pool} → ${wallets[at] ?? ""}`).join("\n")],
    ["Systems", Object.keys(draft.scripts).map((one) => SYSTEMS[/** @type {System} */ (one)] ?? one).sort().join(", ")],
    ["Devices", draft.devices?.length ? draft.devices.join(", ") : "all"],
    ["Note", draft.note ?? ""],
  ];
}

/** @param {PlaybookVersion} before @param {PlaybookVersion} after @returns {[System, Line[]][]} scripts that are not the same */
export function scriptChanges(before, after) {
  const systems = /** @type {System[]} */ (Object.keys(SYSTEMS));
  return systems.flatMap((system) => {
    const [old, now] = [before.draft.scripts[system] ?? "", after.draft.scripts[system] ?? ""];
    return old === now ? [] : [/** @type {[System, Line[]]} */ ([system, shortened(lineDifference(old, now))])];
  });
}
