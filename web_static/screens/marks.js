// The small signs that several screens share: states, badges, types, bars.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { MEANINGS, STATES } from "../state.js";

/** @import {State} from "../state.js" */
/** @import {Row} from "../store.js" */
/** @import {AgentKind} from "../wire.js" */

/** @type {Record<AgentKind, {label: string, meaning: string}>} */
export const KINDS = {
  cpu_gpu: {
    label: "CPU/GPU rig",
    meaning: "A computer that mines with its processor or graphics cards; the sentry runs on it.",
  },
  asic: {
    label: "ASIC edge",
    meaning: "A small computer in the farm’s network that reads many ASICs, which run no sentry themselves.",
  },
};

// [scale's end, worth a look, worth a worry]. A miner's processor is busy by trade: no warning.
/** @type {Record<string, [number, number, number]>} */
const BARS = {
  cpu_load_pct: [100, Infinity, Infinity],
  cpu_temperature_c: [100, 80, 90],
  gpu_hottest_c: [100, 80, 90],
  gpu_temperature_c: [100, 80, 90],
  chip_hottest_c: [120, 90, 105],
  board_chip_c: [120, 90, 105],
  gpu_load_pct: [100, Infinity, Infinity],
  memory_used_pct: [100, 85, 95],
  disk_used_pct: [100, 85, 95],
};

/** @param {State} state @param {string} [testId] */
export function stateMark(state, testId) {
  return html`<span
    class="state"
    data-testid=${testId ?? nothing}
    data-state=${state}
    title=${MEANINGS[state]}
    ><span class="dot" aria-hidden="true"></span>${STATES[state]}</span
  >`;
}

/** @param {boolean | undefined} simulated @param {string} [word] a shorter one, where there is little room */
export function simulatedBadge(simulated, word = "simulated") {
  return simulated
    ? html`<span class="badge" title="Simulated: its figures are made up">${word}</span>`
    : nothing;
}

/**
 * A value against its scale; nothing for metrics that have none.
 * @param {string} metric
 * @param {number | null} value
 */
export function bar(metric, value) {
  const scale = BARS[metric];
  if (!scale || value === null) return nothing;
  const [end, look, worry] = scale;
  return meter(value / end, value >= worry ? "worry" : value >= look ? "look" : "calm");
}

/** @param {number} part of the whole, from 0 to 1 @param {"calm" | "look" | "worry"} level */
export function meter(part, level) {
  const width = Math.min(100, Math.max(0, part * 100));
  return html`<svg class="bar" data-level=${level} aria-hidden="true">
    <rect width=${`${width}%`} height="100%" rx="2"></rect>
  </svg>`;
}

/** @param {Row} row @returns {string} what the machine is */
export function kindWords({ kind, model }) {
  return kind === "asic" ? (model ?? "ASIC") : (KINDS[kind]?.label ?? kind);
}

/** @param {string} error said aloud when it appears */
export function errorLine(error) {
  return html`<p class="error" role="alert" ?hidden=${!error}>${error}</p>`;
}

/** @param {string} error of something that was to be read @param {() => unknown} again reads it anew */
export function unreadLine(error, again) {
  return html`${errorLine(error)}
    <p ?hidden=${!error}><button type="button" data-testid="try-again" @click=${again}>Try again</button></p>`;
}
