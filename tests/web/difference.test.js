// What changed between two versions of a playbook.
import assert from "node:assert/strict";
import { test } from "node:test";

import { changes, lineDifference, scriptChanges, shortened } from "../../web_static/difference.js";

/** @param {string} before @param {string} after one letter a line */
const marked = (before, after) =>
  lineDifference([...before].join("\n"), [...after].join("\n"))
    .map(({ kind, text }) => ({ same: "=", gone: "-", new: "+", left_out: "…" })[kind] + text)
    .join(" ");

test("lines that stayed, went and came", () => {
  assert.equal(marked("abc", "abc"), "=a =b =c");
  assert.equal(marked("abc", "axc"), "=a -b +x =c");
  assert.equal(marked("ac", "abc"), "=a +b =c");
  assert.equal(marked("abc", "c"), "-a -b =c");
  assert.equal(marked("ab", "xy"), "-a -b +x +y");
});

test("two texts of very many lines are shown as another", () => {
  const long = "x\n".repeat(2000);
  const kinds = new Set(lineDifference(long, `${long}y`).map(({ kind }) => kind));
  assert.deepEqual([...kinds], ["gone", "new"]);
});

test("what stayed is left out but around a change", () => {
  const lines = shortened(lineDifference("1\n2\n3\n4\n5\n6\n7", "1\n2\n3\n4\n5\n6\n8"));
  assert.deepEqual(lines.map(({ text }) => text), ["…", "5", "6", "7", "8"]);
});

/** @param {Partial<import("../../web_static/wire.js").PlaybookDraft>} [draft] @returns {import("../../web_static/wire.js").PlaybookVersion} */
const version = (draft = {}) => ({
  version: 1,
  draft: { name: "Monero", program: "xmrig", program_version: "1", pools: [], scripts: { "linux-x64": "a\n" }, ...draft },
  pools: ["pool.example:1"],
  wallets: ["44AF"],
  at: 0,
  by: "ann",
  why: "made",
});

test("facts that are not the same, and no others", () => {
  assert.deepEqual(changes(version(), version()), []);
  const after = { ...version({ program_version: "2", devices: ["cpu0"] }), wallets: ["45BG"] };
  assert.deepEqual(changes(version(), after), [
    { what: "Program", before: "xmrig 1", after: "xmrig 2" },
    { what: "Pools", before: "1. pool.example:1 → 44AF", after: "1. pool.example:1 → 45BG" },
    { what: "Devices", before: "all", after: "cpu0" },
  ]);
});

test("scripts that are not the same, by system", () => {
  assert.deepEqual(scriptChanges(version(), version()), []);
  const found = scriptChanges(version(), version({ scripts: { "linux-x64": "a\n", "windows-x64": "b" } }));
  assert.deepEqual(found.map(([system]) => system), ["windows-x64"]);
});
