// What a member may do.
import assert from "node:assert/strict";
import { test } from "node:test";

import { mayIn, seatWords } from "../../web_static/may.js";

/** @import {Role} from "../../web_static/wire.js" */

/** @param {Role} role @param {string[] | null} [clients] */
const seat = (role, clients = null) => ({ farm: "f", name: "F", role, clients });
const NOTHING = { change: false, seeAgents: false, changeAgents: false, own: false };

test("a viewer looks, an operator changes, an owner decides", () => {
  assert.deepEqual(mayIn(seat("viewer")), { ...NOTHING, seeAgents: true });
  assert.deepEqual(mayIn(seat("operator")), { change: true, seeAgents: true, changeAgents: true, own: false });
  assert.deepEqual(mayIn(seat("owner")), { change: true, seeAgents: true, changeAgents: true, own: true });
});

test("who is limited to clients sees no agents, however strong", () => {
  assert.deepEqual(mayIn(seat("viewer", ["Anna"])), NOTHING);
  assert.deepEqual(mayIn(seat("operator", ["Anna"])), { ...NOTHING, change: true });
  assert.deepEqual(mayIn(seat("operator", [])), { ...NOTHING, change: true });
});

test("without a farm nothing may be done, and a seat that leaves its limit out has none", () => {
  assert.deepEqual(mayIn(null), NOTHING);
  assert.equal(mayIn({ farm: "f", name: "F", role: "owner" }).own, true);
});

test("a role that this page does not know may do nothing", () => {
  assert.deepEqual(mayIn(seat(/** @type {Role} */ ("auditor"), ["x"])), NOTHING);
});

test("a seat in words", () => {
  assert.equal(seatWords(seat("owner")), "owner");
  assert.equal(seatWords(seat("viewer", ["Anna"])), "viewer, for the machines of \u2068Anna\u2069 alone");
  assert.equal(seatWords(seat("viewer", ["A", "B", "C"])), "viewer, for the machines of \u2068A\u2069, \u2068B\u2069 and \u2068C\u2069 alone");
  assert.equal(seatWords(seat("viewer", [])), "viewer, for no machines");
});
