// What a search found, and how a rule would name it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ALL_FOUND, exampleOf, kindsOf, mayBeAdded, ruleMistake, shownOf, wordMistakes } from "../../web_static/found.js";

const FOUND = [
  { address: "10.0.0.20", make: "antminer", model: "s19 pro", name: "rack-1" },
  { address: "10.0.0.3", make: "antminer", model: "s9" },
  { address: "10.0.0.100", make: "whatsminer", model: "m30s" },
  { address: "10.0.0.4", reason: "it did not say what it is" },
];
/** @param {Partial<typeof ALL_FOUND>} change */
const shown = (change) => shownOf(FOUND, { ...ALL_FOUND, ...change }).map(({ address }) => address.split(".")[3]).join(" ");

test("found devices stand in the order of their addresses, not of their letters", () => {
  assert.equal(shown({}), "3 4 20 100");
});

test("they are found by what is known of them, by make, by model, and by being new", () => {
  assert.equal(shown({ text: "ANT s9" }), "3");
  assert.equal(shown({ text: "rack" }), "20");
  assert.equal(shown({ kind: "antminer\n" }), "3 20");
  assert.equal(shown({ kind: "antminer\ns19 pro" }), "20");
  assert.equal(shown({ fresh: true }), "3 4 100");
  assert.equal(shown({ text: "nothing like it" }), "");
});

test("what could not be identified is shown and cannot be added", () => {
  assert.deepEqual(FOUND.map(mayBeAdded), [true, true, true, false]);
});

test("makes come with their models and how many there are", () => {
  assert.deepEqual(
    kindsOf(FOUND).map(({ label, count }) => `${label} ${count}`),
    ["antminer (all) 2", "antminer s19 pro 1", "antminer s9 1", "whatsminer (all) 1", "whatsminer m30s 1"],
  );
});

test("a rule shows the name that the edge would give", () => {
  const device = { address: "192.168.7.20", make: "antminer", model: "s19 pro" };
  assert.equal(exampleOf("", device, ""), "s19-pro-7-20");
  assert.equal(exampleOf("{place}/{make} {ip}", device, "hall 2"), "hall-2/antminer-192.168.7.20");
  assert.equal(exampleOf("{place}-{ip1}.{ip4}", device, ""), "unknown-192.20");
  assert.equal(exampleOf("{mac6}-{ip4}", device, ""), "…-20");
  assert.equal(exampleOf("{model}", { address: "10.0.0.1", make: "bitaxe" }, ""), "bitaxe");
  assert.equal(exampleOf("x".repeat(100) + "{ip4}", device, "").length, 80);
});

test("what is wrong with a rule is said before it is sent", () => {
  assert.equal(ruleMistake(""), "");
  assert.equal(ruleMistake("{model}-{ip4}"), "");
  assert.match(ruleMistake("{modell}"), /not known; there are \{make\}/);
  assert.match(ruleMistake("{model"), /not known/);
  assert.match(ruleMistake("rack"), /has a field such as/);
  assert.match(ruleMistake("{place}"), /has a field such as/);
  assert.equal(ruleMistake("{place}-{ip4}"), "");
});

test("what is said of all that are added has its limits, told field by field", () => {
  const words = { rule: "{ip4}", place: "hall 1", client: "Anna", tags: "loud, #old" };
  assert.deepEqual(wordMistakes(words), { rule: "", place: "", client: "", tags: "" });
  assert.deepEqual(wordMistakes({ rule: "", place: "", client: "", tags: "" }), { rule: "", place: "", client: "", tags: "" });
  const wrong = wordMistakes({ rule: `{ip4}${"x".repeat(116)}`, place: "p".repeat(121), client: "c".repeat(81), tags: "t".repeat(41) });
  for (const mistake of Object.values(wrong)) assert.match(mistake, /at most/);
  const unseen = wordMistakes({ rule: "{ip4}\u202e", place: "a\u200bb", client: " a\u00a0b", tags: "ok, a\u2066" });
  for (const mistake of Object.values(unseen)) assert.match(mistake, /cannot be seen/);
  assert.match(wordMistakes({ ...words, tags: Array.from({ length: 21 }, (_, i) => `t${i}`).join() }).tags, /20 tags/);
});
