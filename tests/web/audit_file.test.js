// The audit log as a file.
import assert from "node:assert/strict";
import { test } from "node:test";

import { csvLines, everyLine, jsonLines } from "../../web_static/audit_file.js";

/** @import {AuditLine} from "../../web_static/wire.js" */

/** @param {number} number @param {Partial<AuditLine>} [change] @returns {AuditLine} */
const line = (number, change) => ({
  number,
  at: 0,
  by: "ben@example.com",
  address: "192.0.2.1",
  action: "change_machine",
  thing: "machine m1",
  before: null,
  after: { name: "a" },
  previous: "p",
  sha256: "s",
  ...change,
});

test("every page is read, told, and put the oldest first", async () => {
  /** @type {Record<string, {lines: AuditLine[], next: string | null}>} */
  const pages = { "": { lines: [line(3), line(2)], next: "x" }, x: { lines: [line(1)], next: null } };
  /** @type {number[][]} */
  const told = [];
  const lines = await everyLine(
    async (after) => pages[after ?? ""] ?? assert.fail(),
    (...progress) => told.push(progress),
  );
  assert.deepEqual(lines.map(({ number }) => number), [1, 2, 3]);
  assert.deepEqual(told, [[2, 3], [3, 3]]);
});

test("JSON lines hold each line whole", () => {
  const [text = ""] = jsonLines([line(1, { by: "a\nb" })]);
  assert.equal(text.split("\n").length, 2);
  assert.deepEqual(JSON.parse(text), line(1, { by: "a\nb" }));
});

test("CSV quotes what has quotes, and tells which letters it uses", () => {
  const [mark, heading, row] = csvLines([line(7, { by: 'a"b' })]);
  assert.equal(mark, "\ufeff");
  assert.equal(heading, '"number","time","by","address","action","thing","before","after","previous","sha256"\r\n');
  const cells = '"7","1970-01-01T00:00:00.000Z","a""b","192.0.2.1","change_machine","machine m1","null","{""name"":""a""}","p","s"\r\n';
  assert.equal(row, cells);
});

test("no cell of a CSV is a formula", () => {
  for (const start of ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]) {
    const text = `${start}HYPERLINK("x")`;
    const [, , row = ""] = csvLines([line(1, { by: text, thing: text, before: -5 })]);
    assert.ok(row.includes(`,"'${text.replaceAll('"', '""')}","192`), start);
    assert.ok(row.includes(`,"'-5",`));
    assert.equal(row.split(/","/).filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell)).length, 0);
  }
});
