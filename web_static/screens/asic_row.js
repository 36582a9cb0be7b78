// One ASIC as a row of their list, and what its columns are.

import { html } from "../vendor/lit-html/lit-html.js";
import { efficiencyWords, expectedOf, forSoLong, joulesOf, shareLevel, shareOf, shownLive, silenceWords, silentSince } from "../asics.js";
import { mainOf } from "../mining.js";
import { ageOf, standingOf, stateOf } from "../state.js";
import { ago, count, exactly, figure, NONE } from "../units.js";
import { cadence, figureCell, nameCell } from "./machine_row.js";
import { meter, stateMark } from "./marks.js";

/** @import {Live, Row} from "../store.js" */
/** @import {Now} from "./machine_row.js" */

/** Every column in its order, with the key that it is sorted by. */
export const COLUMNS = [
  { key: "attention", label: "State" },
  { key: "name", label: "Name" },
  { key: "model", label: "Model" },
  { key: "hashrate", label: "Hashrate" },
  { key: "chip_hottest_c", label: "Hottest chip" },
  { key: "fan_slowest_rpm", label: "Slowest fan" },
  { key: "power_w", label: "Power" },
  { key: "efficiency", label: "Efficiency" },
  { key: "pool", label: "Pool" },
  { key: "uptime_s", label: "Uptime" },
  { key: "age", label: "Last report" },
];
// Columns that a sentence stands in for where there is no figure.
const FIGURES = 7;

/** @param {Row} row @param {number} place @param {Now} now */
export function asicRow(row, place, now) {
  const state = standingOf(row, now.states);
  const silence = silenceWords(row, now.states);
  const current = stateOf(row.live, now.states) === "online";
  return html`<tr
    role="row"
    class=${current ? "" : "stale"}
    data-testid="asic-row"
    data-machine=${row.machine}
    data-state=${state}
    aria-rowindex=${place + 2}
  >
    <td role="cell" class="state-cell">${stateMark(state)}</td>
    ${nameCell(row, "sim")}
    <td role="cell" class="model-cell" title=${row.model ?? "Not known"}><bdi>${row.model ?? NONE}</bdi></td>
    ${silence ? silenceCell(silence) : figures(shownLive(row, now.states), ago(ageOf(row.live, now.ages)))}
    ${ageCell(row.live, silence, now.ages)}
  </tr>`;
}

/** @param {string} words */
function silenceCell(words) {
  return html`<td role="cell" class="silence-cell" aria-colspan=${FIGURES} data-testid="silence" title=${words}><bdi>${words}</bdi></td>`;
}

/** @param {Live} live @param {string} silence @param {number} now */
function ageCell(live, silence, now) {
  const since = silentSince(live);
  const words = live.silence ? forSoLong(since, now) : ago(ageOf(live, now));
  const title = live.silence ? `silent ${words}; asked again ${ago(ageOf(live, now))}` : cadence(live);
  return html`<td role="cell" class="age-cell" title=${silence && !live.silence ? silence : title}>${words}</td>`;
}

/** @param {Live} live @param {string} age */
function figures(live, age) {
  return html`${hashrateCell(live, age)} ${figureCell(live, { key: "chip_hottest_c", label: "Hottest chip", unit: "°C" }, age)}
    ${fanCell(live, age)} ${figureCell(live, { key: "power_w", label: "Power", unit: "W" }, age)}
    ${efficiencyCell(live)} ${poolCell(live)}
    ${figureCell(live, { key: "uptime_s", label: "Uptime", unit: "s" }, age)}`;
}

/** @param {Live} live @param {string} age */
function hashrateCell({ mining }, age) {
  const [main, expected, share] = [mainOf(mining), expectedOf(mining), shareOf({ mining })];
  const rate = main && main.hashrate !== null ? exactly(main.hashrate, main.unit) : "not read";
  const of = main && expected !== null ? ` of ${figure(expected, main.unit)} expected` : "";
  const title = main ? `${main.algorithm} ${rate}${of}, ${age}` : "No mining was reported";
  return html`<td role="cell" class="figure-cell hashrate-cell" data-label="Hashrate" data-metric="hashrate" title=${title}>
    <span>${figure(main?.hashrate, main?.unit ?? "H/s")}${share === null ? "" : html` <span class="share">${count(share * 100)} %</span>`}</span>
    ${share === null ? "" : meter(share, shareLevel(share))}
  </td>`;
}

/** @param {Live} live @param {string} age */
function fanCell({ values }, age) {
  const speed = values.fan_slowest_rpm ?? null;
  const title = speed === null ? "Slowest fan was not read" : speed === 0 ? `A fan stands still, ${age}` : `${exactly(speed, "rpm")}, ${age}`;
  return html`<td role="cell" class="figure-cell" data-metric="fan_slowest_rpm" data-label="Slowest fan" title=${title}>
    <span class=${speed === 0 ? "tone-bad" : ""}>${figure(speed, "rpm")}</span>
  </td>`;
}

/** @param {Live} live */
function efficiencyCell(live) {
  const [joules, main] = [joulesOf(live), live.mining[0]];
  const words = main ? efficiencyWords(joules, main) : NONE;
  return html`<td role="cell" class="figure-cell" data-metric="efficiency" data-label="Efficiency" title=${joules === null ? "Needs power and hashrate" : words}>
    <span>${words}</span>
  </td>`;
}

/** @param {Live} live */
function poolCell({ mining }) {
  const pool = mining[0]?.pool;
  return html`<td role="cell" class="pool-cell" data-label="Pool" title=${pool || "No pool was told"}><bdi>${pool || NONE}</bdi></td>`;
}
