// Start scripts in a text field: its lines, and where something is wrong in them.

/** @import {ScriptProblem, System} from "./wire.js" */

/** @param {string} text @returns {number} how many lines it has, 1 at least */
export function lineCount(text) {
  return text.split("\n").length;
}

/** @param {readonly ScriptProblem[]} problems @param {string} system @returns {Map<number, ScriptProblem[]>} by line */
export function problemsByLine(problems, system) {
  /** @type {Map<number, ScriptProblem[]>} */
  const found = new Map();
  for (const problem of problems) {
    if (problem.system === system) found.set(problem.line, [...(found.get(problem.line) ?? []), problem]);
  }
  return found;
}

const AROUND = 40;

/**
 * The letters around a place, with the place itself apart, so that it can be marked.
 * @param {string} text
 * @param {number} line from 1
 * @param {number} column from 1, counted in code points as the commander does
 * @returns {{before: string, at: string, after: string}}
 */
export function excerpt(text, line, column) {
  const letters = [...(text.split("\n")[line - 1] ?? "")];
  const at = Math.min(Math.max(column - 1, 0), letters.length);
  const start = Math.max(0, at - AROUND);
  return {
    before: (start ? "…" : "") + letters.slice(start, at).join(""),
    at: letters[at] ?? " ",
    after: letters.slice(at + 1, at + AROUND).join("") + (letters.length > at + AROUND ? "…" : ""),
  };
}

/** @param {string} text @param {number} line @param {number} column @returns {number} where it is, as text fields count */
export function offsetOf(text, line, column) {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const inLine = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  return Math.min(text.length, before + inLine);
}

/** @param {Record<string, string>} scripts @param {System} system @param {string | null} script null: none for this system */
export function withScript(scripts, system, script) {
  const { [system]: _, ...rest } = scripts;
  return script === null ? rest : { ...rest, [system]: script };
}
