// Labels: what a machine is found by, and tags as people type them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { changeIn, hidesSomething, tagsIn, wordsOf } from "../../web_static/labels.js";

test("tags stand between commas, each once, with or without #", () => {
  assert.deepEqual(tagsIn("quiet, #6 cards,quiet ,, # hot ,"), ["quiet", "6 cards", "hot"]);
  assert.deepEqual(tagsIn("  "), []);
  assert.deepEqual(tagsIn("a#b"), ["a#b"]);
});

test("a machine is found by its name, place, tags, client and model, but not across two of them", () => {
  const words = wordsOf({ model: null, name: "Rig", labels: { place: "Hall", tags: ["A", "B"], client: null } });
  assert.equal(words, "rig\nhall\na\nb\n");
  assert.equal(wordsOf({ model: "Antminer S19", name: "A", labels: {} }), "a\n\n\nantminer s19");
});

/** @type {Record<string, string>} */
const BEFORE = { name: "rig 1", place: "hall 2", tags: "6 cards, red, blue", client: "Anna" };

test("what nobody touched is not sent, so that another window's change stays", () => {
  assert.deepEqual(changeIn(BEFORE, BEFORE), {});
  assert.deepEqual(changeIn(BEFORE, { ...BEFORE, place: "hall 3" }), { place: "hall 3" });
  assert.deepEqual(changeIn(BEFORE, { ...BEFORE, name: "rig 9", client: "" }), { name: "rig 9", client: null });
});

test("a tag that holds a comma is parted only by whoever rewrites the tags", () => {
  assert.equal("tags" in changeIn(BEFORE, { ...BEFORE, client: "Ben" }), false);
  assert.deepEqual(changeIn(BEFORE, { ...BEFORE, tags: "loud" }), { tags: ["loud"] });
});

test("letters that nobody can see are known before they are sent, and emoji and accents are none of them", () => {
  for (const text of ["a\u202eb", "a\u200bb", "a\u00a0b", "a\tb", "a\nb", "\u3164", "a\ufeffb"]) assert.equal(hidesSomething(text), true, escape(text));
  for (const text of ["", "hall 2", "Zürich e\u0301", "👩\u200d🔧 ❤\ufe0f", "ホール 1"]) assert.equal(hidesSomething(text), false, text);
});
