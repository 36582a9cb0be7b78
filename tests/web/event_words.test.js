// What happened, in words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { eventWords, levelOf } from "../../web_static/event_words.js";

/** @import {MachineEvent} from "../../web_static/wire.js" */

/** @param {Partial<MachineEvent>} change @returns {MachineEvent} */
const event = (change) => ({ at: 1, machine: "m", ...change });

test("a machine's own changes and what its sentry tells have words", () => {
  assert.equal(eventWords(event({ state: "offline" })), "went offline");
  assert.equal(eventWords(event({ kind: "too_hot" })), "Too hot");
  assert.equal(eventWords(event({ kind: "too_hot", over: true })), "Too hot: over");
});

test("every kind of the supervisor is known", () => {
  const table = readFileSync(new URL("../../edge_sentry/supervisor/events.py", import.meta.url), "utf8");
  const kinds = [...table.matchAll(/^ {4}[A-Z_]+ = "([a-z_]+)"$/gm)].map((match) => match[1] ?? "");
  assert.ok(kinds.length > 20);
  const levels = ["note", "alert", "critical"];
  const bare = kinds.filter((kind) => !levels.includes(kind) && !/^[A-Z]/.test(eventWords(event({ kind }))));
  assert.deepEqual(bare, []);
});

test("so is the commander's own", () => {
  assert.equal(eventWords(event({ kind: "order_expired" })), "An order lapsed");
});

test("an unknown kind is shown as it comes", () => {
  assert.equal(eventWords(event({ kind: "warp_drive" })), "warp drive");
  assert.equal(eventWords(event({ kind: "constructor" })), "constructor");
});

test("what is over asks for nothing", () => {
  assert.equal(levelOf(event({ level: "critical" })), "critical");
  assert.equal(levelOf(event({ level: "critical", over: true })), "note");
  assert.equal(levelOf(event({})), "note");
});
