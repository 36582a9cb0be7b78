// The form of a playbook: a program, pools with wallets, start scripts, and beside them what a rig would get.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { inWords } from "../api.js";
import { readPlaybooks } from "../rollout_calls.js";
import { withScript } from "../scripts.js";
import { addPlaybook, changePlaybook, previewPlaybook, readSoftware, readTemplates } from "../template_calls.js";
import { counted, installable, SYSTEMS } from "../templates.js";
import { focusMistake, Task, textField } from "./fields.js";
import { errorLine, unreadLine } from "./marks.js";
import { options, poolFields } from "./playbook_pools.js";
import { scriptField } from "./script_field.js";
import { paceFields } from "./template_pace.js";

/** @import {App, Screen} from "../app.js" */
/** @import {RolloutPace} from "../template_calls.js" */
/** @import {FilledPreview, PlaybookDraft, PlaybookView, SoftwareList, System, TemplateBook} from "../wire.js" */

const PREVIEW_MS = 400;
const FIELDS = ["name", "devices", "note"];

/** What stands in the form, what it needs to know, and the filled scripts as they were last told. */
class Form {
  task;
  /** @type {TemplateBook | null} */
  book = null;
  /** @type {SoftwareList | null} */
  software = null;
  /** @type {PlaybookView | null} the one that is changed, null for a new one */
  view = null;
  /** @type {PlaybookDraft} */
  draft = { name: "", program: "", program_version: "", pools: [], scripts: {}, devices: [], note: "" };
  /** @type {FilledPreview | null} */
  preview = null;
  previewError = "";
  missing = false;
  /** @type {RolloutPace} */
  pace = "careful";
  #timer = 0;
  #asked = 0;

  /** @param {App} app @param {string} playbook "" for a new one */
  constructor(app, playbook) {
    this.app = app;
    this.playbook = playbook;
    this.task = new Task(app);
  }

  load = () =>
    this.task.run(async () => {
      const { api } = this.app;
      const [book, software, { playbooks }] = await Promise.all([readTemplates(api), readSoftware(api), readPlaybooks(api)]);
      Object.assign(this, { book, software, view: playbooks.find(({ playbook }) => playbook === this.playbook) ?? null });
      this.missing = Boolean(this.playbook) && !this.view;
      if (this.view) this.set(this.view.newest.draft);
      else this.#begin(book, software);
    });

  /** @param {TemplateBook} book @param {SoftwareList} software */
  #begin({ pools, wallets }, { software }) {
    const [pool, wallet] = [pools[0]?.pool, wallets[0]?.wallet];
    this.draft.pools = pool && wallet ? [{ pool, wallet }] : [];
    this.choose((software.find(({ program }) => program === "xmrig") ?? software[0])?.program ?? "");
  }

  /** @param {Partial<PlaybookDraft>} change */
  set(change) {
    this.draft = { ...this.draft, ...change };
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#look(), PREVIEW_MS);
    this.app.redraw();
  }

  /** @returns {[string, string][]} versions of a program that can be installed at all @param {string} program */
  versions(program) {
    const known = this.software?.software.filter((one) => one.program === program && installable(one).length) ?? [];
    return known.map(({ version, own }) => [version, own ? `${version} (your own)` : version]);
  }

  /** @returns {System[]} */
  systems() {
    const { program, program_version } = this.draft;
    return [...new Set(this.software?.software.filter((one) => one.program === program && one.version === program_version).flatMap(installable))];
  }

  /** @param {System} system */
  template(system) {
    return this.software?.scripts[this.draft.program]?.[system] ?? "";
  }

  /** A program in its newest version; scripts that nobody wrote in are those of the program. @param {string} program @param {string} [version] */
  choose(program, version = this.versions(program)[0]?.[0] ?? "") {
    const before = this.draft.scripts;
    const own = new Set(Object.entries(before).filter(([system, script]) => script !== this.template(/** @type {System} */ (system))).map(([system]) => system));
    this.draft = { ...this.draft, program, program_version: version };
    const kept = Object.keys(before).length ? this.systems().filter((one) => one in before) : [];
    const systems = kept.length ? kept : this.systems().slice(0, 1);
    this.set({ scripts: Object.fromEntries(systems.map((one) => [one, own.has(one) ? (before[one] ?? "") : this.template(one)])) });
  }

  async #look() {
    const asked = ++this.#asked;
    const { name, pools, scripts } = this.draft;
    this.previewError = "";
    if (!pools.length || !Object.keys(scripts).length) return this.#told(null, "Choose a pool and a system first.");
    try {
      const preview = await previewPlaybook(this.app.api, { ...this.draft, name: name || "new" });
      if (asked === this.#asked) this.#told(preview, "");
    } catch (reason) {
      if (asked === this.#asked) this.#told(null, inWords(reason));
    }
  }

  /** @param {FilledPreview | null} preview @param {string} error */
  #told(preview, error) {
    Object.assign(this, { preview, previewError: error });
    this.app.redraw();
  }

  /** @param {SubmitEvent} event */
  submit = async (event) => {
    event.preventDefault();
    let made = this.playbook;
    const save = async () => {
      const { api } = this.app;
      const view = this.playbook ? await changePlaybook(api, this.playbook, this.draft, this.pace) : await addPlaybook(api, this.draft);
      made = view.playbook;
    };
    if (await this.task.run(save)) location.hash = `#/playbooks/${encodeURIComponent(made)}`;
    else focusMistake();
  };
}

/** @param {App} app @param {string} playbook "" for a new one @returns {Screen} */
export function playbookFormScreen(app, playbook) {
  const form = new Form(app, playbook);
  form.load();
  const title = playbook ? "Edit playbook" : "New playbook";
  return {
    title: () => title,
    view: () => html`<a class="back" href=${playbook ? `#/playbooks/${encodeURIComponent(playbook)}` : "#/playbooks"}>← ${playbook ? "The playbook" : "Playbooks"}</a>
      <div class="playbook-form" data-testid="playbook-form">
        <h1 tabindex="-1">${title}</h1>
        ${form.missing ? html`<p>There is no such playbook. <a href="#/playbooks">See all</a></p>` : form.software ? formView(form) : html`${unreadLine(form.task.error, form.load)}<p class="muted" ?hidden=${Boolean(form.task.error)}>Reading…</p>`}
      </div>`,
  };
}

/** @param {Form} form */
function formView(form) {
  const { draft, task, view, book } = form;
  const devices = (/** @type {string} */ text) => form.set({ devices: text.split(/[\s,]+/).filter(Boolean) });
  const choosePace = (/** @type {RolloutPace} */ pace) => {
    form.pace = pace;
    form.app.redraw();
  };
  return html`<form class="halves" @submit=${form.submit}>
    <div class="card half">
      ${textField({ name: "name", label: "Name", value: view?.newest.draft.name ?? "", required: true, typed: (name) => form.set({ name: name.trim() }), error: task.errorAt("name") })}
      ${programFields(form)} ${book ? poolFields(book, draft.pools, (pools) => form.set({ pools })) : nothing}
      ${systemFields(form)}
      ${textField({ name: "devices", label: "Devices", value: (view?.newest.draft.devices ?? []).join(", "), hint: "Such as 0000:01:00.0 or cpu0, with commas. Empty: all.", typed: devices, error: task.errorBeside(["name"]) && task.field.startsWith("devices") ? task.error : "" })}
      ${textField({ name: "note", label: "Note", value: view?.newest.draft.note ?? "", typed: (note) => form.set({ note: note.trim() }), error: task.errorAt("note") })}
      ${view?.rigs ? html`<p class="muted">It is wanted on ${counted(view.rigs, "rig")}, which get the new version.</p> ${paceFields(view.rigs, form.pace, choosePace)}` : nothing}
      ${errorLine(FIELDS.some((one) => task.field.startsWith(one)) ? "" : task.error)}
      <div class="actions"><button class="primary" data-testid="save-playbook" ?disabled=${task.busy}>${task.busy ? "Saving…" : view ? "Save as a new version" : "Make it"}</button></div>
    </div>
    ${previewView(form)}
  </form>`;
}

/** @param {Form} form */
function programFields(form) {
  const { program, program_version } = form.draft;
  const programs = [...new Set(form.software?.software.filter((one) => installable(one).length).map((one) => one.program))];
  return html`<div class="pair">
    ${options("Program", program, programs.map((one) => [one, one]), (one) => form.choose(one))}
    ${options("Version", program_version, form.versions(program), (one) => form.choose(program, one))}
  </div>
  <p class="muted small">Not there? See <a href="#/playbooks/software">why, or add your own</a>.</p>`;
}

/** @param {Form} form */
function systemFields(form) {
  const { scripts } = form.draft;
  const problems = form.preview?.problems ?? [];
  /** @param {System} system */
  const toggle = (system) => form.set({ scripts: withScript(scripts, system, system in scripts ? null : form.template(system)) });
  return html`<fieldset>
      <legend>Start scripts</legend>
      <p class="owner-code" data-testid="owner-code"><b>A script is your own code.</b> It runs on every rig with this playbook, as it stands: write only what you understand.</p>
      ${form.systems().map((system) => html`<label class="tick"><input type="checkbox" data-testid="system-${system}" .checked=${system in scripts} @change=${() => toggle(system)} /><span>for ${SYSTEMS[system]}</span></label>`)}
    </fieldset>
    ${form.systems().filter((system) => system in scripts).map((system) => {
      const script = scripts[system] ?? "";
      const again = () => form.set({ scripts: withScript(scripts, system, form.template(system)) });
      const template = form.template(system);
      return html`${scriptField(system, script, problems, (text) => form.set({ scripts: { ...form.draft.scripts, [system]: text } }))}
        ${template && template !== script ? html`<p><button type="button" class="quiet" @click=${again}>Begin again with the template of ${form.draft.program}</button></p>` : nothing}`;
    })}
    <details><summary>What may stand in a script</summary>
      <p class="muted">${["pool_address", "pool_host", "pool_port", "pool_password", "mining_address", "worker", "rig_name", "api_port"].map((name) => html`<code>{{${name}}}</code> `)}
      stand for the rig’s and the pool’s values; <code>{{pool_tls|text with TLS|text without}}</code> for one of two texts; what is between <code>{{#pools}}</code> and <code>{{/pools}}</code> stands once for each pool, for programs that change between pools themselves.</p>
    </details>`;
}

/** @param {Form} form */
function previewView({ preview, previewError }) {
  const filled = Object.entries(preview?.scripts ?? {});
  return html`<section class="card half preview" aria-label="Filled script" data-testid="preview">
    <h2>What a rig called rig-1 would get</h2>
    ${errorLine(previewError)}
    ${preview?.problems?.length ? html`<p class="error">Something is wrong in a script: it is marked there.</p>` : nothing}
    ${filled.map(([system, scripts]) =>
      scripts.map((script, at) => html`<div><p class="muted">${SYSTEMS[/** @type {System} */ (system)]}${scripts.length > 1 ? `, with pool ${at + 1}` : ""}</p><pre class="filled" tabindex="0" dir="ltr" data-testid="filled">${script}</pre></div>`),
    )}
    ${preview || previewError ? nothing : html`<p class="muted">Filling…</p>`}
  </section>`;
}
