// What forms share: a labelled field with its error, and the sending that goes with it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError, inWords } from "../api.js";

/** @import {App} from "../app.js" */

/** Something that is being done for a person: once at a time, and told in words when it fails. */
export class Task {
  busy = false;
  error = "";
  /** The field that was refused, by its name in the message; "": none in particular. */
  field = "";
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
  }

  /**
   * @param {() => Promise<unknown>} action
   * @returns {Promise<boolean>} whether it was done
   */
  async run(action) {
    if (this.busy) return false;
    Object.assign(this, { busy: true, error: "", field: "" });
    this.#app.redraw();
    try {
      await action();
    } catch (reason) {
      this.error = inWords(reason);
      this.field = reason instanceof ApiError ? reason.field : "";
    }
    this.busy = false;
    this.#app.redraw();
    return !this.error;
  }

  /** @param {string} name @returns {string} what is wrong with this field */
  errorAt(name) {
    return this.field === name ? this.error : "";
  }

  /** @param {string[]} names fields that say it themselves @returns {string} what remains to be said */
  errorBeside(names) {
    return names.includes(this.field) ? "" : this.error;
  }
}

/**
 * @typedef {object} TextField
 * @property {string} name
 * @property {string} label
 * @property {string} [value] at first; what is typed then stays
 * @property {string} [hint]
 * @property {string} [placeholder]
 * @property {string} [error]
 * @property {boolean} [required]
 * @property {boolean} [numeric]
 * @property {string[]} [list] what it may be, offered while typing
 * @property {(text: string) => void} [typed]
 */

/** @param {TextField} field */
export function textField({ name, label, value = "", hint = "", placeholder = "", error = "", ...more }) {
  const { required = false, numeric = false, list = [], typed = () => {} } = more;
  return html`<div class="field">
    <label for="field-${name}">${label}</label>
    <input
      id="field-${name}"
      name=${name}
      data-testid="field-${name}"
      autocomplete="off"
      inputmode=${numeric ? "decimal" : nothing}
      placeholder=${placeholder || nothing}
      list=${list.length ? `list-${name}` : nothing}
      ?required=${required}
      .value=${value}
      aria-invalid=${error ? "true" : nothing}
      aria-describedby="hint-${name} error-${name}"
      @input=${(/** @type {InputEvent} */ event) => typed(/** @type {HTMLInputElement} */ (event.target).value)}
    />
    ${list.length ? html`<datalist id="list-${name}">${list.map((one) => html`<option value=${one}></option>`)}</datalist>` : nothing}
    <span class="hint" id="hint-${name}" ?hidden=${!hint}>${hint}</span> ${fieldError(name, error)}
  </div>`;
}

/** @param {string} name @param {string} error */
export function fieldError(name, error) {
  return html`<span class="error" id="error-${name}" data-testid="error-${name}" role="alert" ?hidden=${!error}
    >${error}</span
  >`;
}

/**
 * One of several ways, said in full.
 * @param {object} way
 * @param {string} way.name
 * @param {string} way.value
 * @param {string} way.label
 * @param {string} way.meaning
 * @param {boolean} way.chosen
 * @param {() => void} [way.choose]
 */
export function choice({ name, value, label, meaning, chosen, choose = () => {} }) {
  return html`<label class="choice">
    <input
      type="radio"
      name=${name}
      value=${value}
      data-testid="${name}-${value}"
      .checked=${chosen}
      @change=${choose}
    />
    <span><b>${label}</b><span class="muted">${meaning}</span></span>
  </label>`;
}

/** Takes whoever filled the form in to the first field that was refused, once it is drawn. */
export function focusMistake() {
  requestAnimationFrame(() => {
    const field = document.querySelector('[aria-invalid="true"]');
    if (field instanceof HTMLElement) field.focus();
  });
}

/** @param {SubmitEvent} event kept from leaving the page @returns {(name: string) => string} what its fields hold */
export function filledIn(event) {
  event.preventDefault();
  const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
  return (name) => String(fields.get(name) ?? "").trim();
}
