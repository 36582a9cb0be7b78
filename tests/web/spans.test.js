// Addresses and spans: a deep link says which machine and how far back.
import assert from "node:assert/strict";
import { test } from "node:test";

import { machineAddress, placeOf } from "../../web_static/address.js";
import { asOf, heading, spanOf, stepWords } from "../../web_static/spans.js";

test("an address leads back to what it was made of", () => {
  const { place, id, query } = placeOf(machineAddress("a/b?c", "24h"));
  assert.deepEqual([place, id, query.get("span")], ["machines", "a/b?c", "24h"]);
});

test("addresses that anybody typed are borne", () => {
  assert.equal(placeOf("").place, "");
  assert.equal(placeOf("#/machines").id, "");
  assert.equal(placeOf("#/machines/%E0%A4%A").id, "%E0%A4%A");
  assert.equal(placeOf("#/machines/m1").query.get("span"), null);
});

test("a span that is not known is the last hour", () => {
  assert.deepEqual(["7d", "2y", "toString", null].map(spanOf), ["7d", "1h", "1h", "1h"]);
});

test("spans and steps have words", () => {
  assert.deepEqual([heading("1h"), heading("24h"), heading("1y")], ["Last hour", "Last 24 hours", "Last year"]);
  assert.deepEqual([null, 600, 3600, 86_400, 45].map(stepWords), ["", "10 minutes", "1 hour", "1 day", "45 seconds"]);
});

test("the day is told only when it is another", () => {
  const noon = new Date(2026, 2, 5, 12, 3).getTime() / 1000;
  assert.equal(asOf(noon, noon + 60), "as of 12:03");
  assert.equal(asOf(noon, noon + 86_400), "as of 5 Mar 2026, 12:03");
});
