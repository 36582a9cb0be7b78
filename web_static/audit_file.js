// The whole audit log as a file: read page by page, as JSON lines for programs or as CSV for spreadsheets.

/** @import {AuditLine, AuditPage} from "./wire.js" */

// A cell that begins with one of these is a formula to a spreadsheet; the wide ones are taken for the plain.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const COLUMNS = ["number", "time", "by", "address", "action", "thing", "before", "after", "previous", "sha256"];
const MARK = "\ufeff"; // tells spreadsheets that what follows is UTF-8

/**
 * @param {(after: string | null) => Promise<AuditPage>} read
 * @param {(lines: number, of: number) => void} told how far it has come
 * @returns {Promise<AuditLine[]>} all of them, the oldest first
 */
export async function everyLine(read, told) {
  /** @type {AuditLine[]} */
  const lines = [];
  let after = null;
  do {
    const page = await read(after);
    for (const line of page.lines) lines.push(line);
    // Lines are numbered from 1 on without a gap.
    told(lines.length, lines[0]?.number ?? 0);
    after = page.next;
  } while (after !== null);
  return lines.reverse();
}

/** @param {AuditLine[]} lines @returns {string[]} */
export function jsonLines(lines) {
  return lines.map((line) => `${JSON.stringify(line)}\n`);
}

/** @param {AuditLine[]} lines @returns {string[]} */
export function csvLines(lines) {
  const rows = lines.map((line) => [
    String(line.number),
    new Date(line.at * 1000).toISOString(),
    line.by,
    line.address,
    line.action,
    line.thing,
    JSON.stringify(line.before),
    JSON.stringify(line.after),
    line.previous,
    line.sha256,
  ]);
  return [MARK, ...[COLUMNS, ...rows].map((cells) => `${cells.map(cell).join(",")}\r\n`)];
}

/** @param {string} text whoever wrote it, a spreadsheet takes it for text */
function cell(text) {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
