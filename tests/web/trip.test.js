// The secret that is kept on the way to a provider.
import assert from "node:assert/strict";
import { test } from "node:test";

import { keepForTrip, takenBack } from "../../web_static/trip.js";

function storage() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    kept,
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
}

const closed = () => {
  throw new Error("storage is closed to this page");
};

test("it comes back once, and nothing stays behind", () => {
  const tab = storage();
  keepForTrip("secret", () => tab);
  assert.equal(tab.kept.size, 1);
  assert.equal(takenBack(() => tab), "secret");
  assert.equal(tab.kept.size, 0);
  assert.equal(takenBack(() => tab), "");
});

test("without a secret nothing is kept", () => {
  const tab = storage();
  keepForTrip("", () => tab);
  assert.equal(tab.kept.size, 0);
});

test("a browser that stores nothing is no trouble", () => {
  keepForTrip("secret", closed);
  assert.equal(takenBack(closed), "");
});
