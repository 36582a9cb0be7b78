// Adding found devices to an edge's roster: their names by a rule, and what is said of all of them.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { exampleOf, USUAL_RULE, wordMistakes } from "../found.js";
import { tagsIn } from "../labels.js";
import { count } from "../units.js";
import { openDialog } from "./dialogs.js";
import { focusMistake, Task, textField } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Words} from "../found.js" */
/** @import {FoundDevice} from "../wire.js" */
/** @import {EdgeReading} from "../edge_reading.js" */
/** @import {FoundTable} from "./found_table.js" */

export class Adding {
  #app;
  #known;
  #table;
  #task;
  /** @type {Words} */
  #draft = { rule: "", place: "", client: "", tags: "" };
  /** @type {Partial<Words>} */
  #mistakes = {};

  /** @param {App} app @param {EdgeReading} known @param {FoundTable} table */
  constructor(app, known, table) {
    this.#app = app;
    this.#known = known;
    this.#table = table;
    this.#task = new Task(app);
  }

  /** @param {FoundDevice[]} found @param {boolean} busy a search or another addition is under way */
  view(found, busy) {
    const ticked = this.#table.ticked(found);
    return html`<div class="edge-bar card" ?data-ticked=${ticked.length > 0}>
      <span class="muted" role="status" data-testid="ticked">${busyWords(ticked.length, busy)}</span>
      <button type="button" class="primary" data-testid="add-found" ?disabled=${!ticked.length || busy} @click=${() => this.#open(ticked)}>
        Add ${devices(ticked.length)}…
      </button>
    </div>`;
  }

  /** @param {FoundDevice[]} ticked */
  #open(ticked) {
    this.#mistakes = {};
    this.#task.error = "";
    openDialog(this.#app, (dialog) => this.#dialog(dialog, ticked), this.#task);
  }

  /** @param {HTMLDialogElement} dialog @param {FoundDevice[]} ticked */
  #dialog(dialog, ticked) {
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      return this.#add(dialog, ticked);
    };
    const { busy, error } = this.#task;
    return html`<form data-testid="adding" @submit=${submit} novalidate>
      <h2 id="dialog-title">Add ${devices(ticked.length)} to the roster</h2>
      ${this.#field("rule", "Names by a rule", USUAL_RULE, this.#ruleHint(ticked))}
      ${this.#field("place", "Place", "", "Where they all stand, or empty.")}
      ${this.#field("client", "Client", "", "Whose they all are, or empty for your own.")}
      ${this.#field("tags", "Tags", "", "Words to find them by, with commas between them.")} ${errorLine(error)}
      <div class="actions">
        <button type="button" ?disabled=${busy} @click=${() => dialog.close()}>Cancel</button>
        <button class="primary" data-testid="confirm-add" ?disabled=${busy}>Add ${devices(ticked.length)}</button>
      </div>
    </form>`;
  }

  /** @param {FoundDevice[]} ticked */
  #ruleHint([first]) {
    const { rule, place } = this.#draft;
    const example = first ? exampleOf(rule.trim(), first, place.trim()) : "";
    return html`${first ? html`${first.address} becomes <bdi><b data-testid="name-example">${example}</b></bdi>.` : nothing} Fields:
      {make} {model} {ip} {ip1} {ip2} {ip3} {ip4} {mac} {mac6} {hostname} {place}. A name that is taken gets a number behind it.`;
  }

  /** @param {keyof Words} name @param {string} label @param {string} placeholder @param {any} hint */
  #field(name, label, placeholder, hint) {
    const typed = (/** @type {string} */ text) => {
      this.#draft = { ...this.#draft, [name]: text };
      this.#mistakes = { ...this.#mistakes, [name]: "" };
      this.#app.redraw();
    };
    return textField({ name, label, placeholder, hint, value: this.#draft[name], error: this.#mistakes[name] ?? "", typed });
  }

  /** @param {HTMLDialogElement} dialog @param {FoundDevice[]} ticked */
  async #add(dialog, ticked) {
    this.#mistakes = wordMistakes(this.#draft);
    if (Object.values(this.#mistakes).some(Boolean)) {
      this.#app.redraw();
      return focusMistake();
    }
    const { rule, place, client, tags } = this.#draft;
    const words = { rule: rule.trim(), place: place.trim(), client: client.trim(), tags: tagsIn(tags) };
    const addresses = ticked.map(({ address }) => address);
    if (!(await this.#task.run(() => this.#known.give({ type: "add_found", addresses, ...words })))) return;
    this.#table.untick();
    dialog.close();
    scrollTo(0, 0); // to what waits, and then to how it ended
  }
}

/** @param {number} many */
function devices(many) {
  return `${count(many)} ${many === 1 ? "device" : "devices"}`;
}

/** @param {number} ticked @param {boolean} busy */
function busyWords(ticked, busy) {
  if (busy) return "What is under way has to end first.";
  return ticked ? `${devices(ticked)} ticked` : "Tick the devices to add.";
}
