// A start script in a text field with line numbers; what is wrong in it is marked and said below.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { excerpt, lineCount, offsetOf, problemsByLine } from "../scripts.js";
import { SYSTEMS } from "../templates.js";

/** @import {ScriptProblem, System} from "../wire.js" */

const SHOWN = 10;

/**
 * @param {System} system
 * @param {string} script
 * @param {readonly ScriptProblem[]} all problems of any system
 * @param {(script: string) => void} typed
 */
export function scriptField(system, script, all, typed) {
  const problems = all.filter((one) => one.system === system);
  const marked = problemsByLine(problems, system);
  const id = `script-${system}`;
  const lines = Array.from({ length: lineCount(script) }, (_, at) => at + 1);
  return html`<div class="field">
    <label for=${id}>Script for ${SYSTEMS[system]}</label>
    <div class="script" dir="ltr">
      <div class="line-numbers" aria-hidden="true">${lines.map((line) => html`<span class=${marked.has(line) ? "wrong" : ""}>${line}</span>`)}</div>
      <textarea
        id=${id}
        data-testid=${id}
        wrap="off"
        spellcheck="false"
        autocapitalize="none"
        autocomplete="off"
        rows=${lines.length + 1}
        aria-invalid=${problems.length ? "true" : nothing}
        aria-describedby="problems-${system}"
        .value=${script}
        @input=${(/** @type {InputEvent} */ event) => typed(/** @type {HTMLTextAreaElement} */ (event.target).value)}
      ></textarea>
    </div>
    <ul class="problems" id="problems-${system}" role="status" data-testid="problems-${system}" ?hidden=${!problems.length}>
      ${problems.slice(0, SHOWN).map((problem) => problemView(id, script, problem))}
      ${problems.length > SHOWN ? html`<li>and ${problems.length - SHOWN} more</li>` : nothing}
    </ul>
  </div>`;
}

/** @param {string} id of the text field @param {string} script @param {ScriptProblem} problem */
function problemView(id, script, { line, column, text }) {
  const { before, at, after } = excerpt(script, line, column);
  const go = () => {
    const field = document.getElementById(id);
    if (!(field instanceof HTMLTextAreaElement)) return;
    const offset = offsetOf(script, line, column);
    field.focus();
    field.setSelectionRange(offset, Math.min(offset + 1, script.length));
  };
  return html`<li>
    <button type="button" class="quiet" @click=${go}>Line ${line}, column ${column}</button> <span class="error">${text}</span>
    <code dir="ltr">${before}<mark>${at}</mark>${after}</code>
  </li>`;
}
