// Where something is wrong in a script.
import assert from "node:assert/strict";
import { test } from "node:test";

import { excerpt, lineCount, offsetOf, problemsByLine, withScript } from "../../web_static/scripts.js";

const SCRIPT = "#!/bin/sh\nexec {{worker\n";

test("lines are counted as an editor does", () => {
  assert.equal(lineCount(""), 1);
  assert.equal(lineCount(SCRIPT), 3);
});

test("problems of one system, by line", () => {
  const problem = (/** @type {"linux-x64" | "windows-x64"} */ system, /** @type {number} */ line) => ({ system, line, column: 1, text: "x" });
  const found = problemsByLine([problem("linux-x64", 2), problem("linux-x64", 2), problem("windows-x64", 3)], "linux-x64");
  assert.deepEqual([...found].map(([line, all]) => [line, all.length]), [[2, 2]]);
});

test("the letter that is wrong stands apart from what is around it", () => {
  assert.deepEqual(excerpt(SCRIPT, 2, 6), { before: "exec ", at: "{", after: "{worker" });
  assert.deepEqual(excerpt("ab", 1, 3), { before: "ab", at: " ", after: "" });
  assert.deepEqual(excerpt("ab", 9, 1), { before: "", at: " ", after: "" });
  const long = excerpt("x".repeat(200), 1, 100);
  assert.equal(long.before, `…${"x".repeat(40)}`);
  assert.ok(long.after.endsWith("…"));
});

test("columns are letters as people count them, also beyond the sixteen bits of a text field", () => {
  assert.deepEqual(excerpt("🙂!", 1, 2), { before: "🙂", at: "!", after: "" });
  assert.equal(offsetOf("🙂!", 1, 2), 2);
  assert.equal(offsetOf(SCRIPT, 2, 6), 15);
  assert.equal(offsetOf("a\nb", 2, 1), 2);
  assert.equal(offsetOf("a", 7, 7), 1);
});

test("a script comes and goes with its system", () => {
  assert.deepEqual(withScript({ "linux-x64": "a" }, "windows-x64", "b"), { "linux-x64": "a", "windows-x64": "b" });
  assert.deepEqual(withScript({ "linux-x64": "a" }, "linux-x64", null), {});
});
