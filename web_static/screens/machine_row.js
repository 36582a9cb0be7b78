// One machine as a row of the list, and what its columns are.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { machineAddress } from "../address.js";
import { forSoLong, shownLive, silenceSentence, silentSince } from "../asics.js";
import { hashingOf } from "../mining.js";
import { ageOf, standingOf, stateOf } from "../state.js";
import { ago, each, exactly, figure, isolated, NONE } from "../units.js";
import { bar, kindWords, simulatedBadge, stateMark } from "./marks.js";

/** @import {Hashing} from "../mining.js" */
/** @import {Live, Row} from "../store.js" */

/** @typedef {{states: number, ages: number}} Now while nobody is heard, states stand still and ages do not */

const GPU = { key: "gpu_hottest_c", label: "Hottest GPU", unit: "°C" };
const FIGURES = [
  { key: "power_w", label: "Power", unit: "W" },
  { key: "cpu_load_pct", label: "CPU load", unit: "%" },
  { key: "cpu_temperature_c", label: "CPU temp.", unit: "°C" },
  { key: "memory_used_pct", label: "Memory", unit: "%" },
  { key: "disk_used_pct", label: "Disk", unit: "%" },
];

/** @param {boolean} gpus whether any machine has one */
function figuresOf(gpus) {
  return gpus ? [GPU, ...FIGURES] : FIGURES;
}

/** @param {boolean} gpus whether any machine has one */
export function columnsOf(gpus) {
  return [
    { key: "attention", label: "State" },
    { key: "name", label: "Name" },
    { key: "kind", label: "Type" },
    { key: "hashrate", label: "Hashrate" },
    ...figuresOf(gpus),
    { key: "age", label: "Last report" },
  ];
}

/** @param {Row} row @returns {boolean} */
export function hasGpu({ live }) {
  return (live.values[GPU.key] ?? null) !== null;
}

/** @param {Row} row @param {number} place @param {Now} now @param {boolean} gpus */
export function machineRow(row, place, now, gpus) {
  const state = standingOf(row, now.states);
  const age = ago(ageOf(row.live, now.ages));
  const live = shownLive(row, now.states);
  return html`<tr
    role="row"
    class=${stateOf(row.live, now.states) === "online" ? "" : "stale"}
    data-testid="machine-row"
    data-machine=${row.machine}
    data-state=${state}
    aria-rowindex=${place + 2}
  >
    <td role="cell" class="state-cell">${stateMark(state)}</td>
    ${nameCell(row)}
    <td role="cell" class="kind-cell" title=${kindWords(row)}>${kindWords(row)}</td>
    ${hashrateCell(live, age)} ${figuresOf(gpus).map((column) => figureCell(live, column, age))}
    ${ageCell(row, now, age)}
  </tr>`;
}

/** @param {Row} row @param {Now} now @param {string} age its edge reports of a silent ASIC too: that is no report of its own */
function ageCell(row, now, age) {
  const { live } = row;
  const words = live.silence ? `silent ${forSoLong(silentSince(live), now.ages)}` : age;
  const title = live.silence ? silenceSentence(row, now.states) : cadence(live);
  return html`<td role="cell" class="age-cell" title=${title}>${words}</td>`;
}

/** @param {Live} live */
export function cadence({ interval_s }) {
  return interval_s === null ? "" : `reports ${each(interval_s)}`;
}

/** @param {Row} row @param {string} [simulated] the word where it is */
export function nameCell(row, simulated) {
  const { place, tags = [], client } = row.labels;
  const said = [place, client, ...tags.map((tag) => `#${tag}`)].filter(Boolean);
  return html`<td role="cell" class="name-cell">
    <span class="name"
      ><a href=${machineAddress(row.machine)} title=${row.name}>${row.name}</a>
      ${simulatedBadge(row.simulated, simulated)}</span
    >
    ${said.length
      ? html`<span class="labels" title=${said.join(" · ")}>${said.map((text, i) => html`${i ? " · " : ""}<bdi>${text}</bdi>`)}</span>`
      : nothing}
  </td>`;
}

/** @param {Live} live @param {string} age the main algorithm's hashrate; all of them for a pointer that rests on it */
function hashrateCell({ mining, received_at }, age) {
  const all = hashingOf(mining);
  const main = all[0];
  const missing = received_at === null ? "Nothing reported yet" : "No mining was reported";
  const title = main ? `${all.map(hashingWords).join(", ")}, ${age}` : missing;
  return html`<td role="cell" class="figure-cell hashrate-cell" data-label="Hashrate" title=${title}>
    <span>${main ? figure(main.hashrate, main.unit) : NONE}</span>
    ${main
      ? html`<span class="algorithm"><bdi>${main.algorithm}</bdi>${all.length > 1 ? ` +${all.length - 1}` : nothing}</span>`
      : nothing}
  </td>`;
}

/** @param {Hashing} hashing */
function hashingWords({ algorithm, hashrate, unit }) {
  return `${isolated(algorithm)} ${hashrate === null ? "not read" : exactly(hashrate, unit)}`;
}

/** @param {Live} live @param {{key: string, label: string, unit: string}} column @param {string} age */
export function figureCell(live, { key, label, unit }, age) {
  const value = live.values[key] ?? null;
  const missing = live.received_at === null ? "Nothing reported yet" : `${label} was not read`;
  const title = value === null ? missing : `${exactly(value, unit)}, ${age}`;
  return html`<td role="cell" class="figure-cell" data-metric=${key} data-label=${label} title=${title}>
    <span>${value === null ? NONE : figure(value, unit)}</span>${bar(key, value)}
  </td>`;
}
