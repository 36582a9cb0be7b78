// What a rig is to run, beside what it does run and does for a change; playbooks are given to it and taken from it here.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { assign, readPlaybooks, readRigWork } from "../rollout_calls.js";
import { downloadedPct, isMoving, nameIn, poolWords, standingOf, standingWords, stepStateWords, stepWords } from "../rollouts.js";
import { ago, dateAndTime, diskSize } from "../units.js";
import { Task } from "./fields.js";
import { errorLine, unreadLine } from "./marks.js";
import { Polled } from "./polled.js";
import { openQuestion } from "./question.js";
import { toneMark } from "./rollout_marks.js";

/** @import {App} from "../app.js" */
/** @import {Row} from "../store.js" */
/** @import {PlaybookList, RigWork as Work, Step, Use} from "../wire.js" */

const MOVING_S = 3;
const RESTING_S = 20;
const PLAYBOOKS_AGAIN_S = 60;

export class RigWork {
  #app;
  #machine;
  #task;
  /** @type {Polled<Work>} */
  #work;
  /** @type {Polled<PlaybookList>} */
  #playbooks;
  /** The playbook that is about to be given to it. */
  #chosen = "";

  /** @param {App} app @param {string} machine */
  constructor(app, machine) {
    this.#app = app;
    this.#machine = machine;
    this.#task = new Task(app);
    this.#work = new Polled(app, () => readRigWork(app.api, machine), (work) => (work && isMoving(work) ? MOVING_S : RESTING_S));
    this.#playbooks = new Polled(app, () => readPlaybooks(app.api), () => PLAYBOOKS_AGAIN_S);
  }

  /** @param {Row | undefined} row only operators of the whole farm may know, and only rigs run playbooks */
  update(row) {
    if (!row || !this.#shownFor(row)) return;
    this.#work.update();
    this.#playbooks.update();
  }

  /** @param {Row} row */
  #shownFor({ kind }) {
    return kind === "cpu_gpu" && this.#app.may.changeAgents;
  }

  /** @param {Row} row */
  view(row) {
    if (!this.#shownFor(row)) return nothing;
    const { value, error, load } = this.#work;
    return html`<section class="rig-work" aria-labelledby="work-title" data-testid="rig-work">
      <h2 id="work-title">Playbooks</h2>
      ${unreadLine(error, load)} ${value || error ? nothing : html`<p class="muted">Reading…</p>`}
      ${value ? this.#card(value) : nothing}
    </section>`;
  }

  /** @param {Work} work */
  #card(work) {
    return html`<div class="card work-card">
      ${toneMark(standingWords(standingOf(work)), "work-standing")} ${this.#facts(work)}
      ${work.wanted.length ? html`<ul class="rows">${work.wanted.map((use) => this.#wanted(use, work))}</ul>` : nothing}
      ${stepsView(work)} ${errorLine(this.#task.told)} ${this.#adding(work)}
    </div>`;
  }

  /** @param {Work} work */
  #facts({ worker, revision, actual, told_at }) {
    const age = told_at === null ? null : Math.max(0, this.#app.clock.running() - told_at);
    return html`<dl class="program-facts">
      <div><dt>Should be at</dt><dd data-testid="revision-wanted">revision ${revision}</dd></div>
      <div>
        <dt>Is at</dt>
        <dd data-testid="revision-actual" title=${told_at === null ? nothing : `Told ${dateAndTime(told_at)}`}>
          ${actual?.revision ? `revision ${actual.revision}` : "none yet"} ${age === null ? nothing : html`<span class="muted small">told ${ago(age)}</span>`}
        </dd>
      </div>
      <div><dt>Worker</dt><dd data-testid="worker" title="Its name at the pools, nobody else’s in the farm"><bdi>${worker || "not named yet"}</bdi></dd></div>
    </dl>`;
  }

  /** @param {Use} use @param {Work} work */
  #wanted({ playbook, name }, work) {
    const pool = work.actual?.pool ?? {};
    const known = Object.hasOwn(pool, playbook) ? pool[playbook] : undefined;
    return html`<li data-testid="wanted" data-playbook=${playbook}>
      <span><bdi>${name}</bdi><span class="muted">${poolWords(known)}</span></span>
      <button type="button" class="quiet" data-testid="remove-playbook" aria-label="Remove ${name}" ?disabled=${this.#task.busy} @click=${() => this.#askRemove(playbook, name)}>
        Remove…
      </button>
    </li>`;
  }

  /** @param {Work} work */
  #adding(work) {
    const taken = new Set(work.wanted.map(({ playbook }) => playbook));
    const free = (this.#playbooks.value?.playbooks ?? []).filter(({ playbook }) => !taken.has(playbook));
    if (!free.length) return nothing;
    const chosen = free.some(({ playbook }) => playbook === this.#chosen) ? this.#chosen : "";
    return html`<div class="work-add">
      <select aria-label="A playbook for this rig" data-testid="choose-playbook" @change=${(/** @type {Event} */ event) => this.#choose(event)}>
        <option value="" ?selected=${!chosen}>Add a playbook…</option>
        ${free.map(({ playbook, newest }) => html`<option value=${playbook} ?selected=${playbook === chosen}>${newest.draft.name}</option>`)}
      </select>
      <button type="button" class="primary" data-testid="add-playbook" ?disabled=${!chosen || this.#task.busy} @click=${() => this.#change("add", chosen)}>Add</button>
    </div>`;
  }

  /** @param {Event} event */
  #choose(event) {
    this.#chosen = /** @type {HTMLSelectElement} */ (event.target).value;
    this.#app.redraw();
  }

  /** @param {string} playbook @param {string} name */
  #askRemove(playbook, name) {
    const words = "Its program ends on this rig; its other playbooks go on.";
    const question = { title: html`Remove <bdi>${name}</bdi> from this rig?`, words, no: "Keep it", yes: "Remove" };
    openQuestion(this.#app, question, () => this.#send("remove", playbook));
  }

  /** @param {"add" | "remove"} how @param {string} playbook */
  #change(how, playbook) {
    return this.#task.run(() => this.#send(how, playbook));
  }

  /** @param {"add" | "remove"} how @param {string} playbook */
  async #send(how, playbook) {
    await assign(this.#app.api, { playbooks: [playbook], machines: [this.#machine], how, pace: "at_once" });
    this.#chosen = "";
    await this.#work.load();
  }
}

/** @param {Work} work */
function stepsView({ actual, wanted }) {
  const steps = actual?.steps ?? [];
  if (!steps.length) return nothing;
  const title = typeof actual?.offered === "number" ? `What it does for revision ${actual.offered}` : "What it did last";
  return html`<div class="steps" role="group" aria-label=${title} data-testid="steps">
    <h3>${title}</h3>
    <ol>
      ${steps.map((step) => stepView(step, wanted))}
    </ol>
  </div>`;
}

/** @param {Step} step @param {Use[]} wanted */
function stepView(step, wanted) {
  const { playbook, reason } = step;
  return html`<li data-testid="step" data-step=${step.what} data-state=${step.state}>
    <span>${stepWords(step)}${playbook ? html`: <bdi class="muted">${nameIn(wanted, playbook)}</bdi>` : nothing}</span>
    ${toneMark(stepStateWords(step), "step-state")} ${downloadView(step)}
    ${reason ? html`<bdi class="step-reason" data-testid="step-reason">${reason}</bdi>` : nothing}
  </li>`;
}

/** @param {Step} step */
function downloadView(step) {
  const { what, state, done, total } = step;
  if (what !== "download" || state !== "running" || typeof done !== "number") return nothing;
  const pct = downloadedPct(step);
  const words = `${diskSize(done)}${typeof total === "number" ? ` of ${diskSize(total)}` : ""}`;
  return html`<span class="download" data-testid="download">
    ${pct === null ? nothing : html`<progress max="100" value=${pct} aria-label="Download"></progress>`}
    <span class="muted small">${words}</span>
  </span>`;
}
