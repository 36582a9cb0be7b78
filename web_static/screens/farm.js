// The farm's settings: how often its machines report, and when silence means something.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { inWords } from "../api.js";
import { DEFAULT_DRAFT, draftOf, ECONOMY_S, isSame, isSaved, mistakesIn, paceOf, settingsOf, shownPace } from "../farm_settings.js";
import { duration, each } from "../units.js";
import { openFarmName } from "./farm_choice.js";
import { choice, focusMistake, Task, textField } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App, Screen} from "../app.js" */
/** @import {Choice, Draft, Mistakes} from "../farm_settings.js" */
/** @import {FarmSettings, FarmView, Pace} from "../wire.js" */

/** @typedef {keyof FarmSettings} Field */

const FIELDS = ["report_interval_s", "late_after_s", "offline_after_s"];

/** What a person has before them: what is stored, what they made of it, and what came of the last try. */
class Settings {
  /** @type {FarmView | null} */
  farm = null;
  /** @type {Draft} */
  draft = DEFAULT_DRAFT;
  /** @type {Mistakes} */
  mistakes = {};
  saved = false;
  /** What another window has saved since this form was read. @type {FarmView | null} */
  theirs = null;
  trouble = "";
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.task = new Task(app);
  }

  async load() {
    this.trouble = "";
    try {
      this.#show(await this.#app.api.farm());
    } catch (reason) {
      this.trouble = inWords(reason);
    }
    this.#app.redraw();
  }

  /** @param {FarmView} farm */
  #show(farm) {
    [this.farm, this.draft, this.mistakes, this.theirs] = [farm, draftOf(farm.settings), {}, null];
  }

  /** Take over what another window saved, in place of what was typed here. */
  takeTheirs() {
    if (this.theirs) this.#show(this.theirs);
    this.#app.redraw();
  }

  /** @param {Partial<Draft>} change */
  change(change) {
    [this.draft, this.mistakes, this.saved] = [{ ...this.draft, ...change }, {}, false];
    Object.assign(this.task, { error: "", field: "" });
    this.#app.redraw();
  }

  async save() {
    this.mistakes = mistakesIn(this.draft);
    this.saved = false;
    this.#app.redraw();
    if (Object.keys(this.mistakes).length) return focusMistake();
    const done = await this.task.run(() => this.#send());
    this.saved = done && this.theirs === null;
    this.#app.redraw();
    if (!done) focusMistake();
  }

  /** Settings replace each other whole: what another window has saved meanwhile is not undone without a word. */
  async #send() {
    const stored = await this.#app.api.farm();
    const known = this.theirs ?? this.farm;
    if (known && !isSame(stored.settings, known.settings)) this.theirs = stored;
    else this.#show(await this.#app.api.saveFarm(settingsOf(this.draft)));
  }

  /** @param {Field} name */
  errorAt(name) {
    return this.mistakes[name] ?? this.task.errorAt(name);
  }
}

/** @param {App} app @returns {Screen} */
export function farmScreen(app) {
  const settings = new Settings(app);
  settings.load();
  return {
    title: () => "Farm",
    view: () => html`<section class="farm-settings" data-testid="farm">
      <div class="heading">
        <h1 tabindex="-1">${app.seat?.name ?? "Farm"}</h1>
        ${app.may.own ? renameButton(app) : nothing}
      </div>
      ${settings.farm ? settingsView(app, settings, settings.farm) : beforeView(settings)}
    </section>`,
  };
}

/** @param {Settings} settings */
function beforeView(settings) {
  if (!settings.trouble) return html`<p class="muted">Reading…</p>`;
  return html`${errorLine(settings.trouble)}
    <p><button type="button" @click=${() => settings.load()}>Try again</button></p>`;
}

/** @param {App} app */
function renameButton(app) {
  const words = { title: "Rename the farm", name: app.seat?.name ?? "", action: "Rename" };
  const save = async (/** @type {string} */ name) => {
    await app.api.renameFarm(name);
    await app.reread();
  };
  return html`<button type="button" data-testid="rename-farm" @click=${() => openFarmName(app, words, save)}>Rename</button>`;
}

/** @param {App} app @param {Settings} settings @param {FarmView} farm */
function settingsView(app, settings, farm) {
  if (app.may.own) return formView(settings, farm);
  return html`${meaning(farm.pace)}
    <p class="muted">An owner of the farm can change this.</p>`;
}

/** @param {Settings} settings @param {FarmView} farm */
function formView(settings, farm) {
  const { task, draft } = settings;
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    settings.save();
  };
  return html`<form class="card" novalidate @submit=${submit}>
    <fieldset>
      <legend><h2>How often machines report</h2></legend>
      ${cadenceChoices(settings, farm)}
    </fieldset>
    <h2>When silence means something</h2>
    <div class="limits">
      ${limitField(settings, "late_after_s", "late", "Late after (seconds)", paceOf({ ...draft, late: "" }, farm.default).late_after_s)}
      ${limitField(settings, "offline_after_s", "offline", "Offline after (seconds)", paceOf({ ...draft, offline: "" }, farm.default).offline_after_s)}
    </div>
    ${meaning(shownPace(draft, farm))} ${settings.theirs ? overtaken(settings, settings.theirs) : nothing}
    ${errorLine(task.errorBeside(FIELDS))}
    <div class="actions">
      ${answer(settings, farm)}
      <button type="button" data-testid="reset-farm" @click=${() => settings.change(DEFAULT_DRAFT)}>
        Back to default
      </button>
      <button class="primary" data-testid="save-farm" ?disabled=${task.busy}>${task.busy ? "Saving…" : "Save"}</button>
    </div>
  </form>`;
}

/** @param {Settings} settings @param {FarmView} farm */
function cadenceChoices(settings, { default: standard }) {
  const { draft } = settings;
  /** @param {Choice} value @param {string} label @param {string} said */
  const one = (value, label, said) => {
    const choose = () => settings.change({ choice: value });
    return choice({ name: "cadence", value, label, meaning: said, chosen: draft.choice === value, choose });
  };
  const usual = paceOf(DEFAULT_DRAFT, standard).offline_after_s;
  const slow = paceOf({ ...DEFAULT_DRAFT, choice: "economy" }, standard).offline_after_s;
  return html`${one("default", `Default: ${each(standard.report_interval_s)}`, `An outage is noticed after ${duration(usual)}.`)}
  ${one("economy", `Economy: ${each(ECONOMY_S)}`, economyWords(slow, usual))}
  ${one("own", "Own", "Each so many seconds, from 10 to 3,600.")} ${draft.choice === "own" ? html`<div class="limits own">${ownField(settings)}</div>` : nothing}`;
}

/** @param {number} slow @param {number} usual seconds until an outage is noticed */
function economyWords(slow, usual) {
  return (
    `An outage is noticed after ${duration(slow)} instead of ${duration(usual)}. ` +
    "In return a rig costs about a third on AWS: about $0.034 a month instead of $0.10 at a report each minute. " +
    "Machines that somebody looks at still report each 5 s."
  );
}

/** @param {Settings} settings */
function ownField(settings) {
  return textField({
    name: "report_interval_s",
    label: "Seconds between reports",
    value: settings.draft.seconds,
    numeric: true,
    error: settings.errorAt("report_interval_s"),
    typed: (seconds) => settings.change({ seconds }),
  });
}

/**
 * @param {Settings} settings
 * @param {Field} name
 * @param {"late" | "offline"} part
 * @param {string} label
 * @param {number} standard
 */
function limitField(settings, name, part, label, standard) {
  return textField({
    name,
    label,
    value: settings.draft[part],
    placeholder: `${standard} (default)`,
    numeric: true,
    error: settings.errorAt(name),
    typed: (text) => settings.change({ [part]: text }),
  });
}

/** @param {Omit<Pace, "sample_interval_s">} pace */
function meaning({ report_interval_s, late_after_s, offline_after_s }) {
  return html`<p class="meaning" data-testid="meaning">
    Machines report ${each(report_interval_s)}. One that is silent is late after ${duration(late_after_s)}.
    <b>An outage is noticed after ${duration(offline_after_s)}.</b>
  </p>`;
}

/** @param {Settings} settings @param {FarmView} theirs */
function overtaken(settings, { pace }) {
  return html`<div class="parked-note asks" role="alert" data-testid="overtaken">
    <p>
      <b>Meanwhile another window saved other settings:</b> a report ${each(pace.report_interval_s)}, late after
      ${duration(pace.late_after_s)}, offline after ${duration(pace.offline_after_s)}. Save again to replace them.
    </p>
    <button type="button" data-testid="take-theirs" @click=${() => settings.takeTheirs()}>Take those</button>
  </div>`;
}

/** @param {Settings} settings @param {FarmView} farm */
function answer({ saved, draft }, { settings }) {
  const open = saved || isSaved(draft, settings) ? "" : "Not saved yet.";
  const words = saved ? "Saved. Each machine takes it up with its next report." : open;
  return html`<p class="answer ${saved ? "done" : "muted"}" role="status" data-testid="farm-answer">${words}</p>`;
}
