// Totals over all farms that somebody belongs to, and of each.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { farmAddress } from "../address.js";
import { AllFarms, ROUND_S } from "../all_farms.js";
import { ServerClock } from "../clock.js";
import { seatWords } from "../may.js";
import { ago, count } from "../units.js";
import { newFarmButton } from "./farm_choice.js";
import { errorLine } from "./marks.js";
import { briefSums, stateCounts, sumsView } from "./totals.js";

/** @import {App, Screen} from "../app.js" */
/** @import {FarmReading} from "../all_farms.js" */
/** @import {FarmSeat} from "../wire.js" */

/** @param {App} app @returns {Screen} */
export function allFarmsScreen(app) {
  const clock = new ServerClock();
  let startedAt = -Infinity;
  const all = new AllFarms({
    seats: () => app.session?.farms ?? [],
    fetchPage: (farm, after) => app.api.of(farm).machines(after),
    clock,
    changed: () => app.redraw(),
    wanted: () => app.screen === screen,
  });
  const update = () => {
    if (document.hidden || Date.now() - startedAt < ROUND_S * 1000) return;
    startedAt = Date.now();
    all.round();
  };
  /** @type {Screen} */
  const screen = { title: () => "All farms", update, view: () => screenView(app, all, clock.running()) };
  return screen;
}

/** @param {App} app @param {AllFarms} all @param {number} now */
function screenView(app, all, now) {
  return html`<section class="all-farms" data-testid="all-farms">
    <div class="heading">
      <div>
        <h1 tabindex="-1">All farms</h1>
        <p class="muted" data-testid="round">${roundWords(all)}</p>
      </div>
      ${newFarmButton(app)}
    </div>
    ${overallView(all, now)}
    <ul class="farm-cards">
      ${app.session?.farms.map((seat) => farmCard(seat, all.readings.get(seat.farm), now))}
    </ul>
  </section>`;
}

/** @param {AllFarms} all */
function roundWords({ progress, overall }) {
  const each = `Read again each ${ROUND_S} s.`;
  if (!progress) return each;
  const far = `${count(progress.farms)} of ${count(progress.of)} farms, ${count(progress.machines)} machines`;
  return overall ? `${each} Reading: ${far}` : `Reading: ${far}`;
}

/** @param {AllFarms} all @param {number} now */
function overallView({ overall }, now) {
  if (!overall) return nothing;
  const { totals, farms, of } = overall;
  return html`<div data-testid="overall">
    ${farms < of ? html`<p class="warnings" role="status">Without ${count(of - farms)} of ${count(of)} farms, which could not be read.</p>` : nothing}
    ${stateCounts(totals)} ${sumsView(totals, now)}
  </div>`;
}

/** @param {FarmSeat} seat @param {FarmReading | undefined} reading @param {number} now */
function farmCard(seat, reading, now) {
  const { totals = null, at = null, error = "" } = reading ?? {};
  return html`<li class="card farm-card" data-testid="farm-card" data-farm=${seat.farm}>
    <h2><a href=${farmAddress(seat.farm)}>${seat.name}</a></h2>
    <p class="muted small"><bdi>${seatWords(seat)}</bdi></p>
    ${errorLine(error && `${error}${at === null ? "" : ` What follows is of ${ago(Math.max(0, now - at))}.`}`)}
    ${totals ? html`${stateCounts(totals)} ${briefSums(totals, now)}` : error ? nothing : html`<p class="muted">Reading…</p>`}
  </li>`;
}
