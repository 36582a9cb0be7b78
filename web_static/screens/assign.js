// Which rigs are to run a playbook: chosen by ticks, by a search or by a tag, and brought to them with care or at once.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { assign, readPlaybooks } from "../rollout_calls.js";
import { CAREFUL_ABOVE, paceWords, RIGS_MAX, rigsFor, tagsOf } from "../rollouts.js";
import { count } from "../units.js";
import { choice, Task } from "./fields.js";
import { errorLine, unreadLine } from "./marks.js";
import { Polled } from "./polled.js";
import { rolloutAddress } from "./rollouts.js";

/** @import {Place} from "../address.js" */
/** @import {App, Screen} from "../app.js" */
/** @import {Speed} from "../rollout_calls.js" */
/** @import {Row} from "../store.js" */
/** @import {AssignRequest, PlaybookList, PlaybookView} from "../wire.js" */

/** @typedef {NonNullable<AssignRequest["how"]>} How */

// More rows than anybody ticks one by one; whoever means more searches or ticks all.
const ROWS_MAX = 200;
const AGAIN_S = 60;

/** @type {{how: How, label: string, meaning: string}[]} */
const WAYS = [
  { how: "set", label: "This playbook alone", meaning: "Whatever else these rigs run ends." },
  { how: "add", label: "Beside what they run", meaning: "Their other playbooks go on." },
  { how: "remove", label: "Not this playbook any more", meaning: "It ends on these rigs; their others go on." },
];

/** @param {How} how said again where it begins: what ends must be seen without scrolling */
function meaningOf(how) {
  return WAYS.find((way) => way.how === how)?.meaning ?? "";
}

/** What somebody has chosen so far, and the sending of it. */
class Choice {
  /** @type {Set<string>} */
  ticked = new Set();
  text = "";
  tag = "";
  /** @type {How} */
  how = "set";
  /** @type {Speed} */
  pace = "careful";
  task;
  app;
  playbook;

  /** @param {App} app @param {string} playbook "" where it is yet to be chosen */
  constructor(app, playbook) {
    this.app = app;
    this.playbook = playbook;
    this.task = new Task(app);
  }

  /** @param {Partial<Choice>} change */
  set(change) {
    Object.assign(this, change);
    this.app.redraw();
  }

  /** @param {string} machine */
  toggle(machine) {
    if (!this.ticked.delete(machine)) this.ticked.add(machine);
    this.app.redraw();
  }

  /** @param {Row[]} rows @param {boolean} on */
  tick(rows, on) {
    for (const { machine } of rows) this.ticked[on ? "add" : "delete"](machine);
    this.app.redraw();
  }

  /** Those of the ticked that are still there. */
  machines() {
    return [...this.ticked].filter((machine) => this.app.store.rows.has(machine));
  }

  send() {
    return this.task.run(async () => {
      const { playbook, how, pace } = this;
      const rollout = await assign(this.app.api, { playbooks: [playbook], machines: this.machines(), how, pace });
      this.app.go(rolloutAddress(rollout.rollout));
    });
  }
}

/** @param {App} app @param {Place} place @returns {Screen} */
export function assignScreen(app, { id }) {
  const playbooks = new Polled(app, () => readPlaybooks(app.api), () => AGAIN_S);
  const chosen = new Choice(app, id);
  return {
    title: () => "Assign",
    update: playbooks.update,
    view: () => html`<section class="assign" data-testid="assign-screen">
      <a class="back" href=${id ? "#/playbooks" : "#/rollouts"}>‹ ${id ? "Playbooks" : "Rollouts"}</a>
      <h1 tabindex="-1">${titleView(playbooks.value, id)}</h1>
      ${unreadLine(playbooks.error, playbooks.load)} ${playbooks.value ? content(chosen, playbooks.value, id) : nothing}
    </section>`,
  };
}

/** @param {PlaybookList | null} list @param {string} id */
function titleView(list, id) {
  const name = nameOf(list?.playbooks ?? [], id);
  return name ? html`Assign <bdi>${name}</bdi> to rigs` : "Assign a playbook to rigs";
}

/** @param {PlaybookView[]} playbooks @param {string} id */
function nameOf(playbooks, id) {
  return playbooks.find(({ playbook }) => playbook === id)?.newest.draft.name ?? "";
}

/** @param {Choice} chosen @param {PlaybookList} list @param {string} id that the address names */
function content(chosen, { playbooks }, id) {
  if (!playbooks.length) return emptyView();
  if (id && !nameOf(playbooks, id)) {
    return html`<p class="card empty" data-testid="playbook-gone">There is no such playbook. <a href="#/assign">Choose another</a></p>`;
  }
  if (!chosen.app.store.listings) return html`<p class="muted">Reading the machines…</p>`;
  return html`<form @submit=${(/** @type {SubmitEvent} */ event) => submit(event, chosen)}>
    ${id ? nothing : playbookField(chosen, playbooks)} ${rigsField(chosen)} ${wayField(chosen)} ${footer(chosen)}
  </form>`;
}

function emptyView() {
  return html`<div class="card empty" data-testid="empty">
    <p class="big">There is no playbook yet.</p>
    <p class="muted">A playbook says which program a rig runs, and for which pools and wallets. <a href="#/playbooks">Make the first one</a></p>
  </div>`;
}

/** @param {SubmitEvent} event @param {Choice} chosen */
function submit(event, chosen) {
  event.preventDefault();
  if (!hindrance(chosen)) chosen.send();
}

/** @param {Choice} chosen @param {PlaybookView[]} playbooks */
function playbookField(chosen, playbooks) {
  return html`<label class="playbook-choice"
    >Playbook
    <select data-testid="choose-playbook" @change=${(/** @type {Event} */ event) => chosen.set({ playbook: valueOf(event) })}>
      <option value="" ?selected=${!chosen.playbook}>Choose one…</option>
      ${playbooks.map(({ playbook, newest }) => html`<option value=${playbook} ?selected=${playbook === chosen.playbook}>${newest.draft.name}</option>`)}
    </select>
  </label>`;
}

/** @param {Event} event */
function valueOf(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}

/** @param {Choice} chosen */
function rigsField(chosen) {
  const { app, text, tag, ticked } = chosen;
  const [all, tags] = [[...app.store.rows.values()], tagsOf(app.store.rows.values())];
  const shown = rigsFor(all, text, tag);
  const allTicked = shown.length > 0 && shown.every(({ machine }) => ticked.has(machine));
  return html`<fieldset data-testid="rigs">
    <legend>Rigs</legend>
    <input
      type="search"
      aria-label="Find a rig by its name, place, tag or client"
      placeholder="Find by name, place, tag, client"
      data-testid="find-rigs"
      autocomplete="off"
      .value=${text}
      @input=${(/** @type {InputEvent} */ event) => chosen.set({ text: valueOf(event) })}
      @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && event.preventDefault()}
    />
    ${tags.length ? html`<div class="tag-choices" role="group" aria-label="By tag">${tags.slice(0, 30).map((one) => tagButton(chosen, one))}</div>` : nothing}
    ${shown.length
      ? html`<label class="tick tick-all"
            ><input type="checkbox" data-testid="tick-all" .checked=${allTicked} @change=${() => chosen.tick(shown, !allTicked)} />
            All ${count(shown.length)} ${text || tag ? "found" : "rigs"}</label
          >
          <div class="card ticks">${shown.slice(0, ROWS_MAX).map((row) => tickView(chosen, row))}</div>`
      : html`<p class="card empty">No rig matches.</p>`}
    ${shown.length > ROWS_MAX ? html`<p class="muted">${count(shown.length - ROWS_MAX)} more are not listed: search for them, or tick all.</p>` : nothing}
  </fieldset>`;
}

/** @param {Choice} chosen @param {{tag: string, rigs: number}} one */
function tagButton(chosen, { tag, rigs }) {
  const pressed = chosen.tag === tag;
  return html`<button type="button" data-testid="by-tag" aria-pressed=${String(pressed)} @click=${() => chosen.set({ tag: pressed ? "" : tag })}>
    <bdi>${tag}</bdi> <span class="muted">${count(rigs)}</span>
  </button>`;
}

/** @param {Choice} chosen @param {Row} row */
function tickView(chosen, { machine, name, labels }) {
  return html`<label class="tick">
    <input type="checkbox" data-testid="tick" data-machine=${machine} .checked=${chosen.ticked.has(machine)} @change=${() => chosen.toggle(machine)} />
    <span class="tick-name"><bdi>${name}</bdi>${labels.place ? html`<bdi class="muted small">${labels.place}</bdi>` : nothing}</span>
  </label>`;
}

/** @param {Choice} chosen */
function wayField(chosen) {
  return html`<fieldset class="ways">
    <legend>What they are to run</legend>
    ${WAYS.map(({ how, label, meaning }) => choice({ name: "how", value: how, label, meaning, chosen: chosen.how === how, choose: () => chosen.set({ how }) }))}
  </fieldset>`;
}

/** @param {Choice} chosen @returns {string} why it cannot begin yet, "" where it can */
function hindrance(chosen) {
  const rigs = chosen.machines().length;
  if (!chosen.playbook) return "Choose a playbook.";
  if (!rigs) return "Tick the rigs.";
  return rigs > RIGS_MAX ? `At most ${count(RIGS_MAX)} rigs at a time.` : "";
}

/** @param {Choice} chosen it stays on the screen, so that nobody scrolls past a thousand rigs to begin */
function footer(chosen) {
  const [rigs, hindered] = [chosen.machines().length, hindrance(chosen)];
  return html`<div class="begin card">
    ${errorLine(chosen.task.told)}
    ${rigs > CAREFUL_ABOVE ? paceField(chosen) : nothing}
    <p class="muted small" role="status" data-testid="pace-words">${hindered || `${meaningOf(chosen.how)} ${paceWords(rigs, chosen.pace)}`}</p>
    <button type="submit" class="primary" data-testid="begin" ?disabled=${Boolean(hindered) || chosen.task.busy}>
      ${rigs ? `Begin on ${count(rigs)} ${rigs === 1 ? "rig" : "rigs"}` : "Begin"}
    </button>
  </div>`;
}

/** @param {Choice} chosen */
function paceField(chosen) {
  /** @param {Speed} pace @param {string} label */
  const button = (pace, label) => html`<button type="button" data-testid="pace-${pace}" aria-pressed=${String(chosen.pace === pace)} @click=${() => chosen.set({ pace })}>${label}</button>`;
  return html`<div class="segments" role="group" aria-label="How fast">${button("careful", "Careful")}${button("at_once", "At once")}</div>`;
}
