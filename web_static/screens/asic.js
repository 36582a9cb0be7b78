// One ASIC's figures, boards, fans, pools and messages, and what it is; machine.js has the page around them.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { edgeAddress } from "../address.js";
import { efficiencyWords, expectedOf, forSoLong, joulesOf, minesProbably, shareLevel, shareOf, shownLive, silenceSentence, silentSince, whyUnread } from "../asics.js";
import { cardsOf, concerning, subjectWords } from "../devices.js";
import { edgesOf } from "../edges.js";
import { mainOf } from "../mining.js";
import { rate } from "../rates.js";
import { ageOf, stateOf } from "../state.js";
import { ago, count, dateAndTime, each, exactly, figure, NONE } from "../units.js";
import { boardsSection } from "./boards.js";
import { machineHeading } from "./machine_heading.js";
import { errorLine, meter } from "./marks.js";
import { messagesSection, poolsSection } from "./pools.js";
import { agentNotes } from "./specs.js";
import { tiles, unreadView } from "./tiles.js";

/** @import {App} from "../app.js" */
/** @import {Live, Row} from "../store.js" */
/** @import {Login, MachineView, Metric} from "../wire.js" */
/** @import {Now} from "./machine_row.js" */
/** @import {Parts} from "./machine.js" */

// Nobody who is limited to some clients is shown them: the commander leaves them out.
const NETWORK = ["mac", "serial", "hostname", "addresses", "login"];
// Told in a tile of its own.
const READINGS = "readings";
// Few devices tell it: it has a tile where one does.
const COOLANT = "coolant_temperature_c";
/** What can be unread beside figures. @type {Record<string, string>} */
const PARTS = {
  mac: "MAC address",
  serial: "Serial number",
  hostname: "Host name",
  firmware: "Firmware",
  firmware_version: "Firmware version",
  make: "Make",
  model: "Model",
  boards: "Boards",
  fans: "Fans",
  pools: "Pools",
  messages: "Messages",
};

/** @type {Record<Login, string>} */
const LOGINS = {
  works: "works",
  refused: "refused: give the edge the right one there, with asic-edge credentials",
  not_needed: "not needed",
};

/** @param {App} app @param {Row} row @param {MachineView} view @param {string} error @param {Parts} parts */
export function asicPage(app, row, view, error, { charts, events, parked }) {
  edgesOf(app).want();
  const now = { states: app.clock.now(), ages: app.clock.running() };
  const silence = silenceSentence(row, now.states);
  // What was read of boards and pools a moment before the silence is not shown in it.
  const shown = { ...row, live: shownLive(row, now.states) };
  const cards = cardsOf(app.metrics, view);
  const metrics = concerning(app.metrics, cards, "asic").filter(
    ({ name }) => name !== READINGS && (name !== COOLANT || (shown.live.values[name] ?? null) !== null),
  );
  const told = { ...view, unread: [...(view.unread ?? []), ...untold(metrics, view)] };
  return html`${machineHeading(app, row, view, now)} ${errorLine(error)} ${silenceNote(row, silence, now)} ${parked(row, now)}
    <section aria-label="Current figures" class="tiles">
      ${hashrateTile(shown.live, view, silence, now.ages)} ${efficiencyTile(shown.live, silence)}
      ${tiles(metrics, shown, silence ? { ...view, unread: metrics.map(({ name }) => ({ part: name, reason: silence })) } : told, now.ages)}
      ${readingsTile(row, shown.live, silence)}
    </section>
    ${boardsSection(app, shown, view, silence)} ${poolsSection(view, !silence, now.ages)} ${messagesSection(view, now.ages)}
    ${charts.view(silence ? asMining(app, row, view) : view, now.ages)}
    <div class="columns">
      <section>
        <h2>Machine</h2>
        ${asicSpecs(app, row, view)} ${agentNotes(view)}
      </section>
      <div>
        <section>
          <h2>Last events</h2>
          ${events.view(now.ages, (subject) => subjectWords(cards, subject))}
        </section>
        <section>
          <h2>Not read</h2>
          ${silence ? html`<p class="muted">Nothing can be read of it now.</p>` : unreadView(withParts(app.metrics), told, row.live)}
        </section>
      </div>
    </div>`;
}

/** @param {Metric[]} metrics @param {MachineView} view what it says nothing of, not even why: this maker's devices do not tell it */
function untold(metrics, { unread, live }) {
  const known = new Set((unread ?? []).map(({ part }) => part));
  const missing = metrics.filter(({ name }) => !known.has(name) && (live.values[name]?.[0] ?? null) === null);
  return missing.map(({ name }) => ({ part: name, reason: whyUnread([], name) }));
}

/** @param {App} app @param {Row} row @param {MachineView} view @returns {MachineView} for charts of what it mined, in its unit */
function asMining({ store }, row, view) {
  return { ...view, live: { ...view.live, mining: [minesProbably(row, store.rows.values())] } };
}

/** @param {Metric[]} metrics @returns {Metric[]} with the words for what else can be unread */
function withParts(metrics) {
  const plain = { code: 0, unit: "", roll_up: /** @type {const} */ ("last"), minimum: 0, maximum: 0, step: 1, help: "" };
  return [...metrics, ...Object.entries(PARTS).map(([name, label]) => ({ ...plain, name, label, of: /** @type {const} */ ("algorithm") }))];
}

/** @param {Row} row @param {string} silence @param {Now} now */
function silenceNote(row, silence, now) {
  if (!silence) return nothing;
  const { live } = row;
  const since = live.silence ? live.silence.since : stateOf(live, now.states) === "offline" ? silentSince(live) : null;
  return html`<div class="parked-note asks" role="status" data-testid="silence">
    <p>
      <b>No figures: <bdi>${silence}</bdi>.</b>
      ${since === null ? nothing : html`<span>Since ${dateAndTime(since)}, <span aria-hidden="true">${forSoLong(since, now.ages)}</span>.</span>`}
      ${live.silence && live.silence.rounds > 1 ? html`<span>${count(live.silence.rounds)} rounds without an answer.</span>` : nothing}
    </p>
  </div>`;
}

/** @param {unknown} label @param {unknown} value @param {unknown} words @param {unknown} [more] @param {string} [testId] */
function tile(label, value, words, more = nothing, testId = "") {
  return html`<div class="tile card">
    <span class="label">${label}</span><b data-testid=${testId || nothing}>${value}</b>${more}<bdi class="muted">${words}</bdi>
  </div>`;
}

/** @param {Live} live as it is shown @param {MachineView} view @param {string} silence @param {number} now */
function hashrateTile(live, view, silence, now) {
  const [main, expected, share] = [mainOf(live.mining), expectedOf(live.mining), shareOf(live)];
  const why = (view.unread ?? []).find(({ part }) => part.split("@")[0] === "hashrate")?.reason;
  if (!main) return tile("Hashrate", NONE, silence || (why ?? "not read in the last report"), nothing, "value-hashrate");
  const average = view.values?.[`average_hashrate@${main.algorithm}`] ?? null;
  const words = [
    expected === null ? "" : `${share === null ? "" : `${count(share * 100)} % of `}${figure(expected, main.unit)} expected`,
    average === null ? "" : `${figure(average, main.unit)} on average`,
    ago(ageOf(live, now)),
  ];
  return tile(
    html`Hashrate, <bdi>${main.algorithm}</bdi>`,
    html`<span title=${main.hashrate === null ? "not read" : exactly(main.hashrate, main.unit)}>${figure(main.hashrate, main.unit)}</span>`,
    words.filter(Boolean).join(" · "),
    share === null ? nothing : meter(share, shareLevel(share)),
    "value-hashrate",
  );
}

/** @param {Live} live as it is shown @param {string} silence */
function efficiencyTile(live, silence) {
  const [joules, main] = [joulesOf(live), live.mining[0]];
  const words = main && joules !== null ? "power for its hashrate now" : silence || "needs power and hashrate";
  return tile("Efficiency", main ? efficiencyWords(joules, main) : NONE, words, nothing, "value-efficiency");
}

/** @param {Row} row @param {Live} live as it is shown @param {string} silence */
function readingsTile(row, live, silence) {
  const asked = live.values[READINGS] ?? null;
  const pace = rate(READINGS, live, row.before);
  const words = asked === null ? silence || "not told" : pace ? `${each(Math.round(1 / pace))}, since its edge started` : "since its edge started";
  return tile("Asked", asked === null ? NONE : `${count(asked)} ${asked === 1 ? "time" : "times"}`, words, nothing, "value-readings");
}

/** @param {App} app @param {Row} row @param {MachineView} view */
function asicSpecs(app, row, { specs, appliance, agent, unread }) {
  const firmware = [specs?.firmware, specs?.firmware_version].filter(Boolean).join(" ");
  const login = appliance?.login;
  /** What of it is unread, where it can be. @type {[string, string | null | undefined, string][]} */
  const facts = [
    ["Make", specs?.make, "make"],
    ["Model", specs?.model ?? row.model, "model"],
    ["Firmware", firmware, "firmware_version"],
    ["MAC address", specs?.mac, "mac"],
    ["Serial number", specs?.serial, "serial"],
    ["Host name", specs?.hostname, "hostname"],
    ["Address", (specs?.addresses ?? []).join(", "), "addresses"],
    ["Login", login ? LOGINS[login] : null, "login"],
  ];
  const shown = facts.filter(([, text, name]) => text || app.may.seeAgents || !NETWORK.includes(name));
  const why = (/** @type {string} */ name) => (unread ?? []).find(({ part }) => part === name)?.reason ?? "Not known";
  return html`<dl class="facts" data-testid="specs">
    ${shown.map(([label, text, name]) => html`<dt>${label}</dt><dd title=${text ? "" : why(name)}>${text || NONE}</dd>`)}
    ${app.may.seeAgents && agent ? edgeFact(app, agent) : nothing}
    <dt>Machine id</dt>
    <dd><code>${row.machine}</code></dd>
  </dl>`;
}

/** @param {App} app @param {string} agent */
function edgeFact(app, agent) {
  return html`<dt>Read by</dt>
    <dd>
      <a href=${edgeAddress(agent)} data-testid="edge-link"><bdi>${edgesOf(app).nameOf(agent) ?? "its edge"}</bdi></a>${app.may.changeAgents
        ? html`, where <a href=${edgeAddress(agent, "remove")}>it is taken out</a>`
        : nothing}
    </dd>`;
}
