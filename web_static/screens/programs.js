// The mining programs of a machine: how each stands, what can be asked of it, and what is on its way.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { hashingOf } from "../mining.js";
import { makesSense, orderWords, rejectedPct, stateWords, waitingFor } from "../programs.js";
import { stateOf } from "../state.js";
import { count, dateAndTime, duration, figure, NONE } from "../units.js";
import { Task } from "./fields.js";
import { errorLine } from "./marks.js";
import { askPause, askTakeOver } from "./program_dialogs.js";
import { Logs } from "./program_log.js";
import { Watching } from "./watching.js";

/** @import {App} from "../app.js" */
/** @import {Row} from "../store.js" */
/** @import {Action, MachineView, Order, OrderRequest, Program} from "../wire.js" */
/** @import {Now} from "./machine_row.js" */

/** @typedef {{label: string, text: unknown, title?: string}} Fact */
/** @typedef {Exclude<Action, "log">} Deed */

/** @type {{action: Deed, label: string}[]} */
const BUTTONS = [
  { action: "start", label: "Start" },
  { action: "stop", label: "Stop" },
  { action: "restart", label: "Restart" },
  { action: "pause", label: "Pause…" },
];

export class Programs {
  #app;
  #machine;
  #load;
  #task;
  #logs;
  #watching;

  /** @param {App} app @param {string} machine @param {() => Promise<void>} load reads the machine anew */
  constructor(app, machine, load) {
    this.#app = app;
    this.#machine = machine;
    this.#load = load;
    this.#task = new Task(app);
    this.#logs = new Logs(app, machine, load);
    this.#watching = new Watching(app, machine, load);
  }

  /** @param {MachineView | null} view @param {number} now */
  update(view, now) {
    this.#logs.update(view?.orders ?? [], now);
  }

  /** @param {Row} row @param {MachineView} view @param {Now} now */
  view(row, view, now) {
    if (row.live.received_at === null || row.kind !== "cpu_gpu") return nothing;
    const programs = view.programs ?? [];
    return html`<section class="programs" aria-labelledby="programs-title" data-testid="programs">
      <h2 id="programs-title">Mining programs</h2>
      ${programs.length ? nothing : html`<p class="muted">Its sentry runs none and reads none.</p>`}
      ${errorLine(this.#task.error)} ${programs.map((program) => this.#program(program, row, view, now))}
      ${this.#app.may.change ? this.#watching.view(view) : nothing}
    </section>`;
  }

  /** @param {Program} program @param {Row} row @param {MachineView} view @param {Now} now */
  #program(program, row, view, now) {
    const { words, tone } = stateWords(program.state);
    const managed = program.managed ?? true;
    return html`<article class="card program" data-testid="program" data-program=${program.program}>
      <div class="program-heading">
        <h3><bdi>${program.program}</bdi></h3>
        <span class="state tone-${tone}" data-testid="program-state"><span class="dot" aria-hidden="true"></span><bdi>${words}</bdi></span>
        ${managed ? nothing : html`<span class="badge">not managed</span>`}
        ${program.reason ? html`<bdi class="muted" data-testid="program-reason">${program.reason}</bdi>` : nothing}
      </div>
      <dl class="program-facts">${factsOf(program, row, view).map(factView)}</dl>
      ${managed ? this.#managed(program, row, view, now) : unmanagedNote()}
    </article>`;
  }

  /** @param {Program} program @param {Row} row @param {MachineView} view @param {Now} now */
  #managed(program, row, view, now) {
    if (!this.#app.may.change) return nothing;
    return html`${this.#deeds(program, row, view, now)} ${this.#logs.view(program.program, now.ages)}`;
  }

  /** @param {Program} program @param {Row} row @param {MachineView} view @param {Now} now */
  #deeds(program, row, view, now) {
    const waiting = waitingFor(view.orders ?? [], program.program);
    const silent = !["online", "late"].includes(stateOf(row.live, now.states));
    const hindered = this.#task.busy || waiting.length > 0 || silent;
    const button = (/** @type {{action: Deed, label: string}} */ { action, label }) => html`<button
      type="button"
      data-testid="program-${action}"
      aria-label="${label} ${program.program}"
      title=${silent ? "The rig does not report, so it cannot be told anything" : nothing}
      ?disabled=${hindered || !makesSense(action, program)}
      @click=${() => this.#ask(action, program)}
    >
      ${label}
    </button>`;
    return html`<div class="deeds">
        ${BUTTONS.map(button)}
        <button
          type="button"
          class="quiet"
          data-testid="show-log"
          aria-expanded=${this.#logs.isOpen(program.program) ? "true" : "false"}
          ?disabled=${silent && !this.#logs.isOpen(program.program)}
          @click=${() => this.#logs.toggle(program.program, now.ages)}
        >
          ${this.#logs.isOpen(program.program) ? "Hide log" : "Show log"}
        </button>
      </div>
      ${waiting.map((order) => this.#waiting(order, row, silent))}`;
  }

  /** @param {Order} order @param {Row} row @param {boolean} silent */
  #waiting(order, { live }, silent) {
    const when = silent ? "it goes when the rig reports again" : `it takes up to ${duration(live.interval_s ?? 60)}`;
    return html`<p class="waiting-order" role="status" data-testid="waiting-order">
      <span>${orderWords(order)} is on its way to the rig; ${when}.</span>
      <button
        type="button"
        class="quiet"
        data-testid="take-back"
        ?disabled=${this.#task.busy}
        @click=${() => this.#send(() => this.#app.api.takeBack(this.#machine, order.number))}
      >
        Take back
      </button>
    </p>`;
  }

  /** @param {Deed} action @param {Program} program asks what is to be asked before */
  #ask(action, program) {
    /** @param {Partial<OrderRequest>} [more] */
    const send = (more = {}) =>
      this.#send(() => this.#app.api.order(this.#machine, { action, program: program.program, ...more }));
    if (action === "pause") askPause(this.#app, program, (for_s) => send({ for_s }));
    else if (action === "start" && program.state === "refused") {
      askTakeOver(this.#app, program, () => send({ take_over: true }));
    } else send();
  }

  /** @param {() => Promise<unknown>} request what came of it is read anew, also where it was refused */
  #send(request) {
    return this.#task.run(async () => {
      try {
        await request();
      } finally {
        await this.#load();
      }
    });
  }
}

function unmanagedNote() {
  return html`<p class="muted small">
    Somebody else started it, so it is only read, never started or stopped. To take it over, give this rig a playbook
    for the same program and press Start there: you are asked before anything happens.
  </p>`;
}

/** @param {Program} program @param {Row} row @param {MachineView} view @returns {Fact[]} */
function factsOf(program, row, view) {
  const { miner, version, running_s, pool } = program;
  const since = typeof running_s === "number" && row.live.sampled_at !== null ? row.live.sampled_at - running_s : null;
  return [
    { label: "Program", text: [miner, version].filter(Boolean).join(" ") },
    ...(typeof running_s === "number"
      ? [{ label: "Runs for", text: duration(running_s), title: since === null ? "" : `Since ${dateAndTime(since)}` }]
      : []),
    ...hashrateFacts(row, view),
    { label: "Shares", text: shares(program), title: "Accepted and rejected since the program started" },
    { label: "Pool", text: pool ? html`<bdi>${pool}</bdi> ${connection(program)}` : connection(program) },
  ];
}

/** @param {Row} row @param {MachineView} view the report has hashrates of the rig: whose they are is known where one program runs @returns {Fact[]} */
function hashrateFacts({ live }, { programs = [] }) {
  if (programs.length !== 1) return [];
  return hashingOf(live.mining).map(({ algorithm, hashrate, unit }) => ({
    label: algorithm,
    text: figure(hashrate, unit),
    title: hashrate === null ? "Not read in the last report" : "",
  }));
}

/** @param {Program} program */
function shares(program) {
  const { accepted, rejected } = program;
  if (typeof accepted !== "number") return NONE;
  const pct = rejectedPct(program);
  const refused = typeof rejected === "number" ? `, ${count(rejected)} rejected` : "";
  return `${count(accepted)} accepted${refused}${pct === null ? "" : ` (${figure(pct, "%")})`}`;
}

/** @param {Program} program */
function connection({ pool_connected }) {
  if (typeof pool_connected !== "boolean") return nothing;
  const [words, tone] = pool_connected ? ["connected", "good"] : ["not connected", "bad"];
  return html`<span class="tone-${tone}">${words}</span>`;
}

/** @param {Fact} fact */
function factView({ label, text, title = "" }) {
  return html`<div title=${title || nothing}><dt><bdi>${label}</bdi></dt><dd>${text === nothing || text === "" ? NONE : text}</dd></div>`;
}
