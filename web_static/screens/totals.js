// The farm's totals above the list: how many machines are well, and what they do together.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { efficiencyWords } from "../asics.js";
import { MEANINGS, STATES } from "../state.js";
import { atMost, count, efficiencyUnit, exactly, figure, NONE } from "../units.js";

/** @import {TemplateResult} from "../vendor/lit-html/lit-html.js" */
/** @import {Reporting, State} from "../state.js" */
/** @import {AlgorithmTotal, Figure, Totals} from "../totals.js" */
/** @import {Mining} from "../wire.js" */

/** @typedef {TemplateResult | symbol} Part a symbol: nothing */

/** `joules`: efficiency as it is told of ASICs; `load`: with that of processors. @typedef {{joules: boolean, load: boolean}} Words */

/** @type {Words} */
const OF_MACHINES = { joules: false, load: true };

const WAITING = "waiting for first report";
/** @type {Reporting[]} */
const ORDER = ["online", "late", "offline", "stopped", "waiting"];

/**
 * @param {Totals} totals
 * @param {number} now epoch seconds, never standing still: figures grow older also while nobody is heard
 * @param {State | null} state the one that the list is limited to
 * @param {(state: State | null) => void} choose
 * @param {Words} [words]
 */
export function totalsView(totals, now, state, choose, words) {
  const { states, parked, expected, simulated } = totals;
  /** @param {State} one @param {number} machines */
  const total = (one, machines) => stateTotal(one, machines, state === one, choose);
  return html`<ul class="totals" data-testid="totals">
      ${ORDER.map((one) => total(one, states[one]))} ${parked ? total("parked", parked) : nothing}
      ${simulated ? html`<li class="aside">${count(simulated)} of ${count(expected)} simulated</li>` : nothing}
    </ul>
    ${sumsView(totals, now, words)}`;
}

/** @param {Totals} totals @param {number} now @param {Words} [words] */
export function sumsView(totals, now, { joules, load: loads } = OF_MACHINES) {
  const { algorithms, power, load } = totals;
  return html`<ul class="sums" data-testid="sums">
    ${algorithms.length ? algorithms.map((one) => algorithmCard(one, now, joules)) : noMining(totals)}
    ${figureCard("power", "Power", power, "W", now, loads ? partsList([partRow("Mean CPU load", load, "%", now)]) : nothing)}
  </ul>`;
}

/**
 * A farm in a few lines: each algorithm and the power.
 * @param {Totals} totals
 * @param {number} now
 */
export function briefSums({ algorithms, power }, now) {
  const rows = algorithms.map(({ algorithm, unit, hashrate }) => partRow(algorithm, hashrate, unit, now));
  return partsList([...rows, partRow("Power", power, "W", now)]);
}

/** @param {Totals} totals how many machines are in which state, without those that none is in */
export function stateCounts({ states, parked, expected }) {
  /** @type {[State, number][]} */
  const all = [...ORDER.map((one) => /** @type {[State, number]} */ ([one, states[one]])), ["parked", parked]];
  return html`<ul class="state-counts">
    ${all.map(([state, machines]) =>
      machines || state === "online"
        ? html`<li class="total" data-state=${state} title=${MEANINGS[state]}>
            <span class="dot" aria-hidden="true"></span><b>${count(machines)}</b>
            <span>${state === "online" ? `of ${count(expected)} machines online` : STATES[state]}</span>
          </li>`
        : nothing,
    )}
  </ul>`;
}

/** @param {State} one @param {number} machines @param {boolean} chosen @param {(state: State | null) => void} choose */
function stateTotal(one, machines, chosen, choose) {
  return html`<li>
    <button
      type="button"
      class="total"
      data-testid="total-${one}"
      data-state=${one}
      aria-pressed=${chosen ? "true" : "false"}
      title=${`${MEANINGS[one]}. Click to show only these.`}
      @click=${() => choose(chosen ? null : one)}
    >
      <span class="dot" aria-hidden="true"></span><b>${count(machines)}</b>
      <span>${one === "waiting" ? WAITING : STATES[one]}</span>
    </button>
  </li>`;
}

/**
 * What a figure rests on: "9 of 12 machines · all ≤ 30 s".
 * @param {Figure} figure
 * @param {number} now
 */
function basis({ covered, of, oldest_at }, now) {
  const age = oldest_at === null ? "" : ` · all\u00a0${unbroken(atMost(now - oldest_at))}`;
  return `${count(covered)} of ${count(of)} machines${age}`;
}

/** @param {string} text that is not to be parted at the end of a line */
function unbroken(text) {
  return text.replaceAll(" ", "\u00a0");
}

/** @param {Figure} total @param {string} unit */
function valueOf({ value }, unit) {
  return value === null
    ? html`<b title="No machine that is online reads it">${NONE}</b>`
    : html`<b title=${exactly(value, unit)}>${figure(value, unit)}</b>`;
}

/**
 * @param {string} name
 * @param {unknown} label
 * @param {Figure} total
 * @param {string} unit
 * @param {number} now
 * @param {Part} [more]
 */
function figureCard(name, label, total, unit, now, more = nothing) {
  return html`<li class="sum card" data-testid="sum-${name}">
    <span class="label">${label}</span>
    ${valueOf(total, unit)}
    <span class="basis">${basis(total, now)}</span>
    ${more}
  </li>`;
}

/** @param {AlgorithmTotal} total @param {number} now @param {boolean} joules */
function algorithmCard(total, now, joules) {
  const { algorithm, unit, hashrate, coins, efficiency } = total;
  const only = coins.length === 1 && coins[0]?.hashrate.of === hashrate.of ? coins[0] : null;
  const label = html`<bdi>${algorithm}</bdi>${only ? html` · <bdi>${only.coin}</bdi>` : nothing}`;
  const parts = [
    ...(only ? [] : coins.map(({ coin, hashrate: part }) => partRow(coin, part, unit, now))),
    efficiency.covered ? partRow("Efficiency", efficiency, efficiencyUnit(unit), now, joules || total.asics ? joulesFor(total) : undefined) : nothing,
  ];
  return figureCard(algorithm, label, hashrate, unit, now, partsList(parts));
}

/** @param {AlgorithmTotal} total @returns {string} watts for hashes rather than hashes for a watt */
function joulesFor({ algorithm, unit, efficiency: { value } }) {
  return efficiencyWords(value ? 1 / value : null, { algorithm, unit: /** @type {Mining["unit"]} */ (unit) });
}

/** @param {Part[]} parts */
function partsList(parts) {
  return parts.some((part) => part !== nothing) ? html`<ul class="parts">${parts}</ul>` : nothing;
}

/** @param {string} label @param {Figure} part @param {string} unit @param {number} now @param {string} [words] in place of its value */
function partRow(label, part, unit, now, words) {
  const { covered, of, oldest_at } = part;
  const age = oldest_at === null ? "" : ` · ${atMost(now - oldest_at)}`;
  return html`<li title=${`${label}: ${basis(part, now)}`}>
    <span><bdi>${label}</bdi> ${words ? html`<b>${words}</b>` : valueOf(part, unit)}</span>
    <span class="basis">${count(covered)} of ${count(of)}${age}</span>
  </li>`;
}

/** @param {Totals} totals */
function noMining({ expected }) {
  return html`<li class="sum card" data-testid="sum-none">
    <span class="label">Hashrate</span><b>${NONE}</b>
    <span class="basis">0 of ${count(expected)} machines report mining</span>
  </li>`;
}
