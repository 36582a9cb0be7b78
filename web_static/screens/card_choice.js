// The choice of the cards whose lines are drawn: the key to the charts' colours, and one switch for each card.

import { html } from "../vendor/lit-html/lit-html.js";
import { LINES_MOST } from "../devices.js";

/** @import {App} from "../app.js" */
/** @import {Card} from "../devices.js" */

export class CardChoice {
  #app;
  /** null: not chosen, so the first few. @type {Set<string> | null} */
  #chosen = null;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {Card[]} cards @param {Card} card @returns {boolean} whether its lines are drawn */
  has(cards, card) {
    return this.#chosen ? this.#chosen.has(card.device) : cards.indexOf(card) < LINES_MOST;
  }

  /** @param {Card[]} cards @param {string} words what they are: "cards" */
  view(cards, words) {
    const shown = cards.filter((card) => this.has(cards, card));
    const title = words.charAt(0).toUpperCase() + words.slice(1);
    const one = shown.length === 1 ? (shown[0]?.device ?? "") : "";
    return html`<div class="charts-heading" data-testid="card-choice">
      <h2>${title}</h2>
      <label class="card-select"
        >Show
        <select data-testid="choose-card" @change=${(/** @type {Event} */ event) => this.#only(valueOf(event))}>
          <option value="" ?selected=${one === ""}>several ${words}</option>
          ${cards.map(({ device, label }) => html`<option value=${device} ?selected=${device === one}>${label}</option>`)}
        </select>
      </label>
      <div class="key" role="group" aria-label="${title} in the charts">
        ${cards.map((card, place) => this.#button(cards, card, place))}
      </div>
    </div>`;
  }

  /** @param {Card[]} cards @param {Card} card @param {number} place */
  #button(cards, card, place) {
    const { device, label, known } = card;
    return html`<button
      type="button"
      data-testid="toggle-card"
      title=${known?.name ?? device}
      aria-pressed=${this.has(cards, card) ? "true" : "false"}
      @click=${() => this.#toggle(cards, device)}
    >
      <svg class="line-${place % LINES_MOST}" width="18" height="10" aria-hidden="true">
        <line x1="0" x2="18" y1="5" y2="5" stroke-dasharray=${place < LINES_MOST ? "none" : "5 3"}></line></svg
      ><bdi>${label}</bdi>
    </button>`;
  }

  /** @param {string} device "": the first few */
  #only(device) {
    this.#chosen = device ? new Set([device]) : null;
    this.#app.redraw();
  }

  /** @param {Card[]} cards @param {string} device */
  #toggle(cards, device) {
    const shown = new Set(cards.filter((card) => this.has(cards, card)).map((card) => card.device));
    if (!shown.delete(device)) shown.add(device);
    // Without any line there would be nothing to see.
    this.#chosen = shown.size ? shown : null;
    this.#app.redraw();
  }
}

/** @param {Event} event */
function valueOf(event) {
  return /** @type {HTMLSelectElement} */ (event.target).value;
}
