// One rollout: how far it is, why it stopped, and what can be done with it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { machineAddress } from "../address.js";
import { turnRollout } from "../rollout_calls.js";
import { deedsOf, whatWords, whyWords } from "../rollouts.js";
import { ago, count, dateAndTime } from "../units.js";
import { Task } from "./fields.js";
import { errorLine } from "./marks.js";
import { openQuestion } from "./question.js";
import { rolloutMark, rolloutProgress } from "./rollout_marks.js";

/** @import {App} from "../app.js" */
/** @import {Rollout} from "../wire.js" */

/** Stopping is at once: it takes nothing from anybody. The others ask before. */
export class RolloutDeeds {
  #app;
  #load;
  #task;

  /** @param {App} app @param {() => Promise<void>} load reads the rollouts anew */
  constructor(app, load) {
    this.#app = app;
    this.#load = load;
    this.#task = new Task(app);
  }

  /** @param {Rollout} rollout */
  view(rollout) {
    const deeds = deedsOf(rollout);
    return html`${errorLine(this.#task.told)}
      <div class="deeds">
        ${deeds.includes("stop") ? this.#button("stop", "Stop", () => this.#stop(rollout)) : nothing}
        ${deeds.includes("continue") ? this.#button("continue", "Continue…", () => this.#askContinue(rollout)) : nothing}
        ${deeds.includes("back") ? this.#button("back", "Take back…", () => this.#askBack(rollout)) : nothing}
      </div>`;
  }

  /** @param {string} deed @param {string} label @param {() => unknown} act */
  #button(deed, label, act) {
    return html`<button type="button" data-testid="rollout-${deed}" ?disabled=${this.#task.busy} @click=${act}>${label}</button>`;
  }

  /** @param {Rollout} rollout */
  #stop({ rollout }) {
    return this.#task.run(async () => {
      try {
        await turnRollout(this.#app.api, rollout, "stop");
      } finally {
        await this.#load();
      }
    });
  }

  /** @param {Rollout} rollout */
  #askContinue({ rollout, rigs, signed }) {
    const left = Math.max(0, rigs - signed);
    const words = `The ${count(left)} rigs that do not have it yet get it now, all at once, whatever the first one did.`;
    openQuestion(this.#app, { title: "Continue?", words, no: "Leave it stopped", yes: "Continue" }, async () => {
      await turnRollout(this.#app.api, rollout, "continue");
      await this.#load();
    });
  }

  /** @param {Rollout} rollout */
  #askBack({ rollout, ...told }) {
    const words = html`<bdi>${whatWords(told)}</bdi>: the rigs that have it go back at once to what they ran before.`;
    openQuestion(this.#app, { title: "Take it back?", words, no: "Leave it", yes: "Take back" }, async () => {
      const back = await turnRollout(this.#app.api, rollout, "back");
      this.#app.go(`#/rollouts/${encodeURIComponent(back.rollout)}`);
    });
  }
}

/** @param {App} app @param {Rollout} rollout @param {RolloutDeeds} deeds */
export function rolloutView(app, rollout, deeds) {
  return html`<article class="one-rollout" data-testid="one-rollout" data-state=${rollout.state}>
    <a class="back" href="#/rollouts">‹ All rollouts</a>
    <h1 tabindex="-1"><bdi>${whatWords(rollout)}</bdi></h1>
    <p class="subline">
      ${rolloutMark(rollout)}
      <span title=${dateAndTime(rollout.begun_at)}>begun ${ago(app.clock.running() - rollout.begun_at)} by <bdi>${rollout.by}</bdi></span>
    </p>
    <div class="card rollout-card">
      ${rolloutProgress(rollout)} ${whyView(app, rollout)} ${firstView(app, rollout)} ${factsView(rollout)} ${deeds.view(rollout)}
    </div>
    ${leftView(rollout)}
  </article>`;
}

/** @param {App} app @param {Rollout} rollout */
function whyView(app, { why, state }) {
  if (!why) return nothing;
  return html`<p class="note" role="status" data-testid="rollout-why">
    ${state === "stopped" ? html`<b>Why it stopped:</b> ` : nothing}<bdi>${whyWords(why, app.store.rows)}</bdi>
  </p>`;
}

/** @param {App} app @param {Rollout} rollout */
function firstView(app, { first, state }) {
  if (!first) return nothing;
  const name = app.store.rows.get(first)?.name ?? first;
  const link = html`<a href=${machineAddress(first)} data-testid="rollout-first"><bdi>${name}</bdi></a>`;
  if (state !== "first") return html`<p>${link} had it first.</p>`;
  return html`<p>${link} has it first. The others follow when a pool accepted a share from it; after 15 minutes without, it stops.</p>`;
}

/** @param {Rollout} rollout */
function factsView({ rigs, signed, running, failed }) {
  const facts = /** @type {const} */ ([
    ["Rigs", rigs],
    ["Told", signed],
    ["Run it", running],
    ["Could not", failed],
  ]);
  return html`<dl class="program-facts">
    ${facts.map(([label, number]) => html`<div><dt>${label}</dt><dd>${count(number)}</dd></div>`)}
  </dl>`;
}

/** @param {Rollout} rollout */
function leftView({ state, rigs, running }) {
  if (state === "taken_back" || running >= rigs) return nothing;
  return html`<p class="muted">Rigs that are off get it when they are back. <a href="#/rollouts?show=astray">See which rigs are astray, and why</a></p>`;
}
