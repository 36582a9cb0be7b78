// The changes of what rigs run: all of the last 30 days, one of them, and the rigs that are astray.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { isOnItsWay, whatWords, whyWords } from "../rollouts.js";
import { readRollouts } from "../rollout_calls.js";
import { ago, dateAndTime } from "../units.js";
import { astrayView } from "./astray.js";
import { unreadLine } from "./marks.js";
import { Polled } from "./polled.js";
import { RolloutDeeds, rolloutView } from "./rollout.js";
import { polledAstray, rolloutMark, rolloutProgress, rolloutTabs } from "./rollout_marks.js";

/** @import {Place} from "../address.js" */
/** @import {App, Screen} from "../app.js" */
/** @import {Rollout, RolloutList} from "../wire.js" */

const MOVING_S = 3;
const RESTING_S = 20;

/** @param {RolloutList | null} list */
function pause_s(list) {
  return list?.rollouts.some(isOnItsWay) ? MOVING_S : RESTING_S;
}

/** @param {string} rollout */
export function rolloutAddress(rollout) {
  return `#/rollouts/${encodeURIComponent(rollout)}`;
}

/** @param {App} app @param {Place} place @returns {Screen} */
export function rolloutsScreen(app, { id, query }) {
  const list = new Polled(app, () => readRollouts(app.api), pause_s);
  const astray = polledAstray(app);
  const deeds = new RolloutDeeds(app, list.load);
  const showsAstray = !id && query.get("show") === "astray";
  const update = () => {
    astray.update();
    if (!showsAstray) list.update();
  };
  const content = () => {
    if (id) return oneView(app, list, id, deeds);
    return showsAstray ? astrayView(app, astray) : listView(app, list);
  };
  return {
    title: () => (id ? "Rollout" : showsAstray ? "Astray" : "Rollouts"),
    update,
    view: () => html`<section class="rollouts" data-testid="rollouts">
      ${rolloutTabs(showsAstray ? "astray" : "rollouts", astray.value)} ${content()}
    </section>`,
  };
}

/** @param {App} app @param {Polled<RolloutList>} list @param {string} id @param {RolloutDeeds} deeds */
function oneView(app, { value, error, load }, id, deeds) {
  const found = value?.rollouts.find(({ rollout }) => rollout === id);
  if (found) return html`${unreadLine(error, load)} ${rolloutView(app, found, deeds)}`;
  if (!value) return html`${unreadLine(error, load)} ${error ? nothing : html`<p class="muted">Reading…</p>`}`;
  return html`<div class="card empty" data-testid="rollout-gone">
    <h1 tabindex="-1" class="big">There is no such rollout.</h1>
    <p class="muted">Rollouts are kept for 30 days. <a href="#/rollouts">See all rollouts</a></p>
  </div>`;
}

/** @param {App} app @param {Polled<RolloutList>} list */
function listView(app, { value, error, load }) {
  return html`<div class="heading">
      <div>
        <h1 tabindex="-1">Rollouts</h1>
        <p class="muted">Each change of what rigs run, on its way to them; those of the last 30 days.</p>
      </div>
      <a class="button primary" href="#/assign" data-testid="assign">Assign…</a>
    </div>
    ${unreadLine(error, load)} ${value || error ? nothing : html`<p class="muted">Reading…</p>`}
    ${value && !value.rollouts.length ? emptyView() : nothing}
    ${value?.rollouts.length ? html`<ul class="rollout-list">${value.rollouts.map((one) => rowView(app, one))}</ul>` : nothing}`;
}

function emptyView() {
  return html`<div class="card empty" data-testid="empty">
    <p class="big">Nothing was rolled out yet.</p>
    <p class="muted">Assign a playbook to rigs, or change one that they run: how it comes to them is shown here.</p>
  </div>`;
}

/** @param {App} app @param {Rollout} rollout */
function rowView(app, rollout) {
  return html`<li class="card rollout-row" data-testid="rollout" data-rollout=${rollout.rollout} data-state=${rollout.state}>
    <a href=${rolloutAddress(rollout.rollout)}><bdi>${whatWords(rollout)}</bdi></a>
    ${rolloutMark(rollout)} ${rolloutProgress(rollout)}
    <span class="muted small" title=${dateAndTime(rollout.begun_at)}>${ago(app.clock.running() - rollout.begun_at)} by <bdi>${rollout.by}</bdi></span>
    ${rollout.why ? html`<bdi class="rollout-why small">${whyWords(rollout.why, app.store.rows)}</bdi>` : nothing}
  </li>`;
}
