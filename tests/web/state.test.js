// The rules of states.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ageOf, asksToReturn, standingOf, stateOf } from "../../web_static/state.js";
import { live, row, WAITING } from "./rows.js";

/** @import {Parked} from "../../web_static/wire.js" */

test("a state follows from the last report and the commander's clock", () => {
  assert.equal(stateOf(live(), 119.9), "online");
  assert.equal(stateOf(live(), 120), "late");
  assert.equal(stateOf(live(), 159.9), "late");
  assert.equal(stateOf(live(), 160), "offline");
  assert.equal(stateOf(WAITING, 1e9), "waiting");
});

test("a machine that said goodbye is stopped, however long ago", () => {
  assert.equal(stateOf(live({ stopped: true }), 1e9), "stopped");
});

test("an age is never negative, and none before the first report", () => {
  assert.equal(ageOf(live(), 104), 4);
  assert.equal(ageOf(live(), 99), 0);
  assert.equal(ageOf(WAITING, 104), null);
});

/** @type {Parked} */
const PARKED = { reason: "repair", at: 100, note: "fan" };

test("a parked machine is parked, whatever it reports", () => {
  const parked = row("a", {}, { labels: { parked: PARKED } });
  assert.equal(standingOf(parked, 110), "parked");
  assert.equal(standingOf(parked, 1e9), "parked");
  assert.equal(standingOf(row("b"), 110), "online");
});

test("it asks only when a report came more than 5 minutes after it was parked, and it is online", () => {
  /** @param {number} received */
  const back = (received) => {
    const change = { received_at: received, late_at: received + 20, offline_at: received + 60 };
    return row("a", change, { labels: { parked: PARKED } });
  };
  assert.equal(asksToReturn(back(399), 401), false, "its last words");
  assert.equal(asksToReturn(back(401), 402), true);
  assert.equal(asksToReturn(back(401), 430), false, "it is silent again");
  assert.equal(asksToReturn(row("b", { received_at: 401 }), 402), false, "it is not parked");
  assert.equal(asksToReturn(row("c", WAITING, { labels: { parked: PARKED } }), 500), false);
});
