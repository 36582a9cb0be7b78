// The audit log in words.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { actionWords, changesIn, thingOf } from "../../web_static/audit_words.js";

const USECASES = new URL("../../cloud/usecases/", import.meta.url);
// They stand in the commander's own log, which no page shows.
const OF_ACCOUNTS = / f"account \{/;

/** @param {Partial<{action: string, thing: string, before: unknown, after: unknown}>} change */
const line = (change) => ({ action: "change_machine", thing: "machine m1", before: null, after: null, ...change });

test("every action on a farm that the commander knows has words", () => {
  const sources = readdirSync(USECASES).filter((name) => name.endsWith(".py"));
  const text = sources.map((name) => readFileSync(new URL(name, USECASES), "utf8")).join("\n");
  const acts = [...text.matchAll(/\bAct\(\s*"([a-z_]+)",(.*)/g)].filter((act) => !OF_ACCOUNTS.test(act[2] ?? ""));
  const moves = [...text.matchAll(/\bMove\(\s*"([a-z_]+)"/g)];
  const rigs = [...text.matchAll(/^def (give_order|take_back_order|watch_programs)\(/gm)];
  const actions = [...acts, ...moves, ...rigs].map((match) => match[1] ?? "");
  assert.ok(actions.length >= 19);
  const bare = actions.filter((action) => actionWords(action) === action.replaceAll("_", " "));
  assert.deepEqual(bare, []);
});

test("an unknown action is shown as it comes", () => {
  assert.equal(actionWords("paint_rig"), "paint rig");
  assert.equal(actionWords("constructor"), "constructor");
});

test("a machine is named by its id, which the page knows by name", () => {
  assert.deepEqual(thingOf(line({})), { name: "m1", machine: "m1" });
});

test("what is no machine is named by what the line tells of it", () => {
  const sentry = line({ action: "delete_agent", thing: "agent a1", before: { name: "rig 1", machine: "m1" } });
  assert.deepEqual(thingOf(sentry), { name: "rig 1", machine: "m1" });
  const member = line({ action: "remove_member", thing: "member ben@example.com", before: { role: "viewer" } });
  assert.deepEqual(thingOf(member), { name: "ben@example.com", machine: "" });
  const link = line({ action: "invite_person", thing: "invitation i1", after: { email: null } });
  assert.equal(thingOf(link).name, "whoever has the link");
  const invited = line({ action: "invite_person", thing: "invitation i1", after: { email: "ben@example.com" } });
  assert.equal(thingOf(invited).name, "ben@example.com");
});

test("what the words say already is not said twice, and a strange thing is shown", () => {
  assert.equal(thingOf(line({ action: "rename_farm", thing: "farm f1", after: { name: "North" } })).name, "");
  assert.deepEqual(thingOf(line({ action: "x", thing: "odd" })), { name: "odd", machine: "" });
});

test("before and after stand side by side, and what is on one side alone as well", () => {
  const changed = changesIn(line({ before: { place: "", tags: [] }, after: { place: "hall 2", tags: ["a", "b"] } }));
  assert.deepEqual(changed, [
    { field: "place", before: "empty", after: "\u2068hall 2\u2069" },
    { field: "tags", before: "none", after: "\u2068a\u2069, \u2068b\u2069" },
  ]);
  assert.deepEqual(changesIn(line({ after: { clients: null } })), [{ field: "clients", before: "–", after: "all machines" }]);
  assert.deepEqual(changesIn(line({ before: { late_after_s: 90 } })), [{ field: "late after", before: "1 min 30 s", after: "–" }]);
  assert.deepEqual(changesIn(line({})), []);
  assert.deepEqual(changesIn(line({ after: { email: "ben@example.com", machine: "m1" } })), []);
});

test("a list of things is told in full, and markup stays text", () => {
  const [change] = changesIn(line({ before: [], after: [{ program: "<b>x</b>", port: 4067 }] }));
  assert.deepEqual(change, { field: "", before: "none", after: "program \u2068<b>x</b>\u2069 · port \u20684067\u2069" });
});
