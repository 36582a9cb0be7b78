// What the screens of rollouts share: their tabs, a state in words, and how far one is.

import { html, nothing, svg } from "../vendor/lit-html/lit-html.js";
import { readAstray } from "../rollout_calls.js";
import { progressOf, progressWords, rolloutWords } from "../rollouts.js";
import { Polled } from "./polled.js";

/** @import {App} from "../app.js" */
/** @import {Tone} from "../rollouts.js" */
/** @import {AstrayList, Rollout} from "../wire.js" */

const ASTRAY_AGAIN_S = 15;

/** @param {App} app @returns {Polled<AstrayList>} */
export function polledAstray(app) {
  return new Polled(app, () => readAstray(app.api), () => ASTRAY_AGAIN_S);
}

/** @param {"rollouts" | "astray"} here @param {AstrayList | null} astray null: not known yet */
export function rolloutTabs(here, astray) {
  const count = astray?.rigs.length ?? 0;
  return html`<nav class="tabs" aria-label="Rollouts">
    <a href="#/rollouts" aria-current=${here === "rollouts" ? "page" : nothing}>Rollouts</a>
    <a href="#/rollouts?show=astray" aria-current=${here === "astray" ? "page" : nothing} data-testid="tab-astray"
      >Astray${count ? html` <b class="count-badge" data-testid="astray-count" aria-label="${count} rigs">${count}</b>` : nothing}</a
    >
  </nav>`;
}

/** @param {{words: string, tone: Tone}} told @param {string} testId */
export function toneMark({ words, tone }, testId) {
  return html`<span class="state tone-${tone}" data-testid=${testId}><span class="dot" aria-hidden="true"></span>${words}</span>`;
}

/** @param {Rollout} rollout */
export function rolloutMark(rollout) {
  return toneMark(rolloutWords(rollout), "rollout-state");
}

/** @param {Rollout} rollout */
export function rolloutProgress(rollout) {
  const { running, sent, failed } = progressOf(rollout);
  /** @param {string} part @param {number} from @param {number} width */
  const piece = (part, from, width) => svg`<rect class=${part} x="${from}%" width="${width}%" height="100%"></rect>`;
  return html`<span class="rollout-progress">
    <svg class="bar" aria-hidden="true">${piece("there", 0, running)}${piece("failed", running, failed)}${piece("sent", running + failed, sent)}</svg>
    <span data-testid="rollout-progress">${progressWords(rollout)}</span>
  </span>`;
}
