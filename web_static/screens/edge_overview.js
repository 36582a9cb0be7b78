// How an ASIC edge is doing: its devices, its last round, who is slow or silent, and how each model is asked.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { machineAddress } from "../address.js";
import { rangesOf } from "../ranges.js";
import { ago, count, dateAndTime, duration, each } from "../units.js";
import { pasteLine } from "./edge_start.js";

/** @import {App} from "../app.js" */
/** @import {AskedModel, EdgeState, EdgeView, SilentDevice, SlowDevice} from "../wire.js" */

// What answers sooner is not slow, though it may be the slowest.
const SLOW_S = 1;

/** @param {App} app @param {EdgeView} view @param {() => void} search opens the search @param {unknown} questions */
export function overview(app, { state }, search, questions) {
  if (!state) return nothing;
  const now = app.clock.running();
  return html`${troubleView(state.trouble ?? [])} ${questions}
    ${state.devices ? nothing : emptyView(app, state, search)}
    <section class="tiles" aria-label="The edge now">${tilesOf(state, now)}</section>
    ${silentView(state, now)} ${slowView(state.slow ?? [])} ${askedView(state.asked ?? [])} ${state.devices ? loginsView(state) : nothing}`;
}

/** @param {string[]} trouble */
function troubleView(trouble) {
  if (!trouble.length) return nothing;
  return html`<ul class="warnings" data-testid="trouble" aria-label="What needs attention">
    ${trouble.map((sentence) => html`<li><bdi>${sentence}</bdi></li>`)}
  </ul>`;
}

/** @param {App} app @param {EdgeState} state @param {() => void} search */
function emptyView(app, { networks = [] }, search) {
  const ranges = rangesOf(networks).join(" ") || "192.168.1.0/24";
  return html`<div class="card empty" data-testid="edge-empty">
    <p class="big">It reads no devices yet.</p>
    ${app.may.changeAgents
      ? html`<p class="muted">Search its network, and add what is found. Or take the devices from a spreadsheet.</p>
          <button type="button" class="primary" data-testid="to-search" @click=${search}>Search for devices</button>
          <p class="muted">Or at its own computer:</p>
          ${pasteLine(`asic-edge scan ${ranges} --add`)}`
      : html`<p class="muted">Whoever may change this farm searches for them here.</p>`}
  </div>`;
}

/** @param {string} label @param {unknown} value @param {unknown} more @param {string} [id] */
function tile(label, value, more, id) {
  return html`<div class="tile card" data-testid=${id ?? nothing}>
    <span class="label">${label}</span><b>${value}</b><span class="muted">${more}</span>
  </div>`;
}

/** @param {EdgeState} state @param {number} now */
function tilesOf(state, now) {
  const { devices, reads, elsewhere, refused, round, networks = [], waiting = 0, silent_count = 0, round_s } = state;
  const rest = [`${count(reads)} read here`, elsewhere ? `${count(elsewhere)} by another edge` : "", refused ? `${count(refused)} refused` : ""];
  return html`${tile("Devices", count(devices), rest.filter(Boolean).join(", "), "tile-devices")}
    ${round
      ? tile("Answered last time", `${count(round.answered)} of ${count(round.asked)}`, roundWords(state, now), "tile-round")
      : tile("Answered last time", "–", `no round yet; one ${each(round_s)}`, "tile-round")}
    ${tile("Silent", count(silent_count), silent_count ? "listed below" : "all that were asked answered", "tile-silent")}
    ${tile("Waiting to be sent", count(waiting), waiting ? "blocks of readings; none is lost" : "all readings are here", "tile-waiting")}
    ${tile("Its networks", networks.length ? count(networks.length) : "–", networks.length ? networks.map((one) => html`<bdi class="line">${one}</bdi>`) : "none was told", "tile-networks")}`;
}

/** @param {EdgeState} state @param {number} now */
function roundWords({ round, round_s }, now) {
  if (!round) return nothing;
  const resting = round.resting ? `, ${count(round.resting)} left alone this time` : "";
  const ended = Math.max(0, now - round.ended_at);
  return html`<span title=${dateAndTime(round.ended_at)}>${ago(ended)}, took ${seconds(round.took_s)}${resting}; one ${each(round_s)}</span>`;
}

/** @param {number} value */
function seconds(value) {
  return value < 60 ? `${value.toLocaleString("en", { maximumFractionDigits: 1 })} s` : duration(value);
}

/** @param {string} name @param {string | null | undefined} machine */
function deviceLink(name, machine) {
  return machine ? html`<a href=${machineAddress(machine)}><bdi>${name}</bdi></a>` : html`<bdi>${name}</bdi>`;
}

/** @param {EdgeState} state @param {number} now */
function silentView({ silent = [], silent_count = 0 }, now) {
  if (!silent.length) return nothing;
  const more = Math.max(0, silent_count - silent.length);
  return html`<section>
    <h2>Silent devices</h2>
    <ul class="edge-devices card" data-testid="silent">
      ${silent.map((one) => silentRow(one, now))}
    </ul>
    ${more ? html`<p class="muted">And ${count(more)} more: <a href="#/asics">the list of ASICs</a> has them all.</p>` : nothing}
  </section>`;
}

/** @param {SilentDevice} one @param {number} now */
function silentRow({ name, address, silence, machine }, now) {
  const { reason, since, rounds } = silence;
  return html`<li data-testid="silent-device">
    <span class="device-name">${deviceLink(name, machine)} <bdi class="muted">${address || "no address known"}</bdi></span>
    <bdi>${reason}</bdi>
    <span class="muted" title="${dateAndTime(since)}; ${count(rounds)} rounds">for ${duration(Math.max(0, now - since))}</span>
  </li>`;
}

/** @param {SlowDevice[]} slowest */
function slowView(slowest) {
  const slow = slowest.filter(({ took_s }) => took_s >= SLOW_S);
  if (!slow.length) return nothing;
  return html`<section>
    <h2>Slowest of the last round</h2>
    <ul class="edge-devices card" data-testid="slow">
      ${slow.map(
        ({ name, address, took_s, machine }) => html`<li>
          <span class="device-name">${deviceLink(name, machine)} <bdi class="muted">${address}</bdi></span>
          <span>${seconds(took_s)}</span>
        </li>`,
      )}
    </ul>
  </section>`;
}

const ASKED = [
  ["Devices", "devices", ""],
  ["Identified", "identified", "Asked what it is"],
  ["Short readings", "light", "Only the figures"],
  ["Full readings", "full", "Also boards, pools, messages and specifications"],
];

/** @param {AskedModel[]} asked */
function askedView(asked) {
  if (!asked.length) return nothing;
  return html`<section>
    <h2>How often each model was asked</h2>
    <p class="muted">Since the edge was started. It only ever reads: nothing is changed on a device.</p>
    <table class="edge-asked card" data-testid="asked">
      <thead>
        <tr>
          <th scope="col">Model</th>
          ${ASKED.map(([label, , title]) => html`<th scope="col" title=${title || nothing}>${label}</th>`)}
          <th scope="col">Connections at once</th>
          <th scope="col">Between two readings</th>
        </tr>
      </thead>
      <tbody>
        ${asked.map(askedRow)}
      </tbody>
    </table>
  </section>`;
}

/** @param {AskedModel} one */
function askedRow(one) {
  const { model, connections, least_s } = one;
  return html`<tr>
    <th scope="row"><bdi>${model}</bdi></th>
    ${ASKED.map(
      ([label = "", part]) =>
        html`<td data-label=${label}>${count(/** @type {number} */ (one[/** @type {"devices" | "identified" | "light" | "full"} */ (part)]))}</td>`,
    )}
    <td data-label="Connections at once">${count(connections)}</td>
    <td data-label="Between two readings">${seconds(least_s)} at least</td>
  </tr>`;
}

/** @param {EdgeState} state */
function loginsView({ logins = {} }) {
  const { works = 0, refused = 0, not_needed = 0, unknown = 0 } = logins;
  return html`<section>
    <h2>Logins of the devices</h2>
    <ul class="edge-logins" data-testid="logins">
      <li><b>${count(works)}</b> work</li>
      <li class=${refused ? "tone-warn" : ""}><b>${count(refused)}</b> refused</li>
      <li><b>${count(not_needed)}</b> not needed</li>
      <li><b>${count(unknown)}</b> not known yet</li>
    </ul>
    <p class="muted">
      Users and passwords of devices are typed at the edge’s own computer, stay there, and are never shown or sent here. A range of
      addresses or a model gets one by
    </p>
    ${pasteLine("asic-edge credentials --range 192.168.1.0/24")}
  </section>`;
}
