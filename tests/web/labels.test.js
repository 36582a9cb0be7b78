// Labels: what a machine is found by, and tags as people type them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { tagsIn, wordsOf } from "../../web_static/labels.js";

test("tags stand between commas, each once, with or without #", () => {
  assert.deepEqual(tagsIn("quiet, #6 cards,quiet ,, # hot ,"), ["quiet", "6 cards", "hot"]);
  assert.deepEqual(tagsIn("  "), []);
  assert.deepEqual(tagsIn("a#b"), ["a#b"]);
});

test("a machine is found by its name, place, tags and client, but not across two of them", () => {
  const words = wordsOf({ name: "Rig", labels: { place: "Hall", tags: ["A", "B"], client: null } });
  assert.equal(words, "rig\nhall\na\nb\n");
});
