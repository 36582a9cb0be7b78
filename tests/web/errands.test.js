// What was wanted of an ASIC edge, in words.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as errands from "../../web_static/errands.js";

/** @import {EdgeState, EdgeView, ErrandView, SearchState} from "../../web_static/wire.js" */

/** @type {SearchState} */
const SEARCH = { number: 7, state: "running", began_at: 1000, tried: 120, total: 254, found: 9, unknown: 2 };
/** @param {Partial<ErrandView>} change @returns {ErrandView} */
const errand = (change = {}) => ({ number: 7, kind: "search", given_at: 1000, ...change });
const RESULT = { number: 7, ok: true, text: "Done." };

/** @param {ErrandView[]} given @param {SearchState | null} search @returns {EdgeView} */
function viewOf(given, search = null) {
  const state = /** @type {EdgeState} */ ({ devices: 0, reads: 0, elsewhere: 0, refused: 0, round_s: 60, search });
  const agent = /** @type {EdgeView["agent"]} */ ({ agent: "a", name: "hall", kind: "asic", simulated: false, machine: null });
  return { server_at: 1000, agent, received_at: 990, late_at: 1100, offline_at: 1200, stopped: false, state, found: [], errands: given };
}

test("what waits says for whom, and until when", () => {
  const until = new Date(1_900_000).toLocaleTimeString("en-GB").slice(0, 5);
  for (const [edge, words] of /** @type {const} */ ([
    ["offline", /does not report now/],
    ["waiting", /never reported/],
    ["stopped", /was stopped/],
    ["late", /is late/],
    ["online", /^On its way/],
  ])) {
    const said = errands.waitingWords(errand(), viewOf([]), edge);
    assert.match(said, words);
    assert.ok(said.includes(`by ${until}, it is not sent any more`), said);
  }
  assert.equal(errands.waitingWords(errand(), viewOf([], SEARCH), "online"), "Under way.");
  assert.match(errands.waitingWords(errand(), viewOf([], SEARCH), "late"), /^Was under way .* late/);
  assert.match(errands.waitingWords(errand(), viewOf([], SEARCH), "stopped"), /^Was under way .* was stopped/);
  assert.match(errands.waitingWords(errand(), viewOf([], { ...SEARCH, state: "done" }), "online"), /^On its way/);
});

test("whatever the edge said last, an edge that is gone is waited for", () => {
  assert.match(errands.waitingWords(errand(), viewOf([], SEARCH), "offline"), /does not report now/);
});

test("what is open is neither ended nor expired, the oldest first", () => {
  const view = viewOf([errand({ number: 9 }), errand({ number: 8, expired: true }), errand({ number: 7 }), errand({ number: 6, result: RESULT })]);
  assert.deepEqual(errands.openErrands(view).map(({ number }) => number), [7, 9]);
  assert.equal(errands.isUnderWay(view), true);
  assert.equal(errands.isUnderWay(viewOf([])), false);
  assert.equal(errands.isUnderWay(viewOf([], SEARCH)), true);
  assert.equal(errands.isUnderWay(viewOf([], { ...SEARCH, state: "done" })), false);
});

test("the newest of some kinds, whatever their order", () => {
  const view = viewOf([errand({ number: 3, kind: "add_found" }), errand({ number: 5, kind: "add_found" }), errand({ number: 9 })]);
  assert.equal(errands.newestOf(view, ["add_found"])?.number, 5);
  assert.equal(errands.newestOf(view, ["import_rows"]), null);
  assert.equal(errands.newestOf(null, ["search"]), null);
});

test("how it ended: well, with something to look at, not at all, too late", () => {
  assert.deepEqual(errands.endWords(errand({ result: RESULT })), { tone: "good", words: "Done." });
  assert.equal(errands.endWords(errand({ result: { ...RESULT, counts: { added: 3, fault: 1 } } })).tone, "warn");
  assert.equal(errands.endWords(errand({ result: { ...RESULT, ok: false } })).tone, "bad");
  assert.match(errands.endWords(errand({ expired: true })).words, /within 15 minutes/);
});

test("counts in words, as an edge says them", () => {
  assert.equal(errands.countWords({ unchanged: 1200, added: 3, fault: 1, asked: 0 }), "3 added, 1,200 unchanged, 1 fault.");
  assert.equal(errands.countWords({}), "nothing.");
  assert.equal(errands.countWords({ asked: 2, fault: 3, removed: 1 }), "1 removed, 2 to be answered, 3 faults.");
});

test("of rows that were only looked at nobody says that they were taken", () => {
  assert.deepEqual(["added", "changed", "fault", "unchanged"].map((fate) => errands.fateWord(/** @type {any} */ (fate), true)), ["to be added", "to be changed", "fault", "unchanged"]);
  assert.equal(errands.fateWord("added"), "added");
});

test("a second import changes nothing, and that is known", () => {
  assert.equal(errands.wouldChange({ ...RESULT, counts: { unchanged: 40, fault: 2 } }), false);
  assert.equal(errands.wouldChange({ ...RESULT, counts: { unchanged: 40, changed: 1 } }), true);
  assert.equal(errands.wouldChange({ ...RESULT, counts: { asked: 1 } }), true);
});

test("lines that need attention come first, else as they came", () => {
  /** @type {import("../../web_static/wire.js").ErrandLine[]} */
  const lines = [{ of: "2", fate: "added", text: "" }, { of: "3", fate: "fault", text: "" }, { of: "4", fate: "added", text: "" }, { of: "5", fate: "asked", text: "" }];
  assert.deepEqual(errands.byAttention(lines).map(({ of }) => of), ["3", "5", "2", "4"]);
});

test("a search in words", () => {
  assert.equal(errands.searchWords(SEARCH, 1010, "online"), "Searching for 10 s: 120 of 254 addresses tried, 9 devices found, and 2 that could not be identified, so far.");
  assert.match(errands.searchWords({ ...SEARCH, state: "done", tried: 254, found: 1, unknown: 0 }, 0, "online"), /is done: 254 addresses tried, 1 device found\.$/);
  assert.match(errands.searchWords({ ...SEARCH, state: "failed", found: 0, unknown: 0, reason: "No network" }, 0, "online"), /failed: 120 of 254 addresses tried, no device found\. No network\.$/);
  assert.match(errands.searchWords({ ...SEARCH, state: "ended" }, 0, "online"), /was ended: 120 of 254/);
});

test("a search says where it searches", () => {
  const ranges = ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24", "10.0.4.0/24"];
  assert.match(errands.searchWords({ ...SEARCH, ranges }, 1010, "online"), /^Searching .?10\.0\.0\.0\/24, 10\.0\.1\.0\/24, 10\.0\.2\.0\/24.? and 2 more for 10 s: 120/);
  assert.match(errands.searchWords({ ...SEARCH, state: "done", ranges: ["10.0.0.7"] }, 0, "online"), /^The search of .?10\.0\.0\.7.? at \d\d:\d\d is done: 120/);
});

test("of an edge that is not heard, nobody says that it searches", () => {
  for (const edge of /** @type {const} */ (["late", "offline", "stopped"])) {
    assert.match(errands.searchWords(SEARCH, 1010, edge), /^The search of \d\d:\d\d was under way when the edge last reported: 120 of 254/);
  }
  assert.deepEqual([errands.isSearching(SEARCH, "late"), errands.isSearching(SEARCH, "offline"), errands.isSearching(SEARCH, "stopped")], [true, false, false]);
  assert.equal(errands.isSearching({ ...SEARCH, state: "done" }, "online"), false);
});

/** @param {number[] | string} content */
const bytes = (content) => {
  const made = typeof content === "string" ? new TextEncoder().encode(content) : Uint8Array.from(content);
  return /** @type {ArrayBuffer} */ (made.buffer.slice(made.byteOffset, made.byteOffset + made.byteLength));
};

test("a spreadsheet is read in the codings that spreadsheets write", () => {
  assert.deepEqual(errands.csvIn("a.csv", bytes("\ufeffaddress\n10.0.0.1")), { csv: "address\n10.0.0.1", error: "" });
  assert.equal(errands.csvIn("a.csv", bytes([0xff, 0xfe, 0x61, 0, 0x62, 0])).csv, "ab");
  assert.equal(errands.csvIn("a.csv", bytes([0xfe, 0xff, 0, 0x61])).csv, "a");
});

test("what is no spreadsheet for an edge is refused before it is sent", () => {
  assert.match(errands.csvIn("a.csv", bytes("")).error, /is empty/);
  assert.match(errands.csvIn("a.csv", bytes(" \n")).error, /is empty/);
  assert.match(errands.csvIn("a.csv", bytes([0x61, 0xe4, 0x62])).error, /not in UTF-8/);
  assert.match(errands.csvIn("a.xlsx", bytes("PK\0\0")).error, /no CSV file/);
  assert.match(errands.csvIn("a.csv", bytes([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d])).error, /no CSV file/);
  assert.equal(errands.csvIn("a.csv", bytes("x".repeat(200_000))).error, "");
  assert.match(errands.csvIn("a.csv", bytes("x".repeat(200_001))).error, /more than 200,000 letters/);
  assert.match(errands.csvIn("a.csv", bytes('"'.repeat(109_000))).error, /^$/);
  assert.match(errands.csvIn("a.csv", bytes('"'.repeat(110_000))).error, /or 219,900 bytes/);
  assert.match(errands.csvIn("a.csv", bytes("\u0001".repeat(199_999))).error, /more than 200,000 letters/);
});
