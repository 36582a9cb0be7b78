// What forms share: a labelled field with its error, and the sending that goes with it.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError, inWords } from "../api.js";
import { duration } from "../units.js";

/** @import {App} from "../app.js" */

/** Something that is being done for a person: once at a time, and told in words when it fails. */
export class Task {
  busy = false;
  error = "";
  /** The field that was refused, by its name in the message; "": none in particular. */
  field = "";
  #app;
  /** When a task that was tried too often may be tried again, epoch milliseconds; 0: it was not. */
  #restsUntil = 0;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
  }

  /** For so many seconds nothing may be tried. */
  get rest_s() {
    return Math.max(0, Math.ceil((this.#restsUntil - Date.now()) / 1000));
  }

  /** What went wrong; where it was tried too often, how long to wait, and then that it may be tried. */
  get told() {
    if (!this.#restsUntil) return this.error;
    return this.rest_s ? `That was too often. Try again in ${duration(this.rest_s)}.` : "You can try again now.";
  }

  /**
   * @param {() => Promise<unknown>} action
   * @returns {Promise<boolean>} whether it was done
   */
  async run(action) {
    if (this.busy) return false;
    Object.assign(this, { busy: true, error: "", field: "" });
    this.#restsUntil = 0;
    this.#app.redraw();
    try {
      await action();
    } catch (reason) {
      this.error = inWords(reason);
      this.field = reason instanceof ApiError ? reason.field : "";
      if (reason instanceof ApiError && reason.status === 429) this.#restsUntil = Date.now() + reason.wait_s * 1000;
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

/**
 * @typedef {object} PasswordField
 * @property {string} name
 * @property {string} label
 * @property {"current-password" | "new-password"} autocomplete
 * @property {string} [hint]
 * @property {string} [error]
 */

/** @param {PasswordField} field */
export function passwordField({ name, label, autocomplete, hint = "", error = "" }) {
  return html`<div class="field">
    <label for="field-${name}">${label}</label>
    <input
      id="field-${name}"
      name=${name}
      type="password"
      data-testid=${name}
      autocomplete=${autocomplete}
      maxlength="1024"
      required
      aria-invalid=${error ? "true" : nothing}
      aria-describedby="hint-${name} error-${name}"
    />
    <span class="hint" id="hint-${name}" ?hidden=${!hint}>${hint}</span> ${fieldError(name, error)}
  </div>`;
}

/** @param {string} error a new password, twice, so that nobody is locked out by a slip of the finger */
export function newPasswordFields(error) {
  const again = error === DIFFERENT;
  return html`${passwordField({
    name: "new",
    label: "New password",
    autocomplete: "new-password",
    hint: "At least 10 letters; a sentence is better than a word.",
    error: again ? "" : error,
  })}
  ${passwordField({ name: "again", label: "New password once more", autocomplete: "new-password", error: again ? error : "" })}`;
}

const DIFFERENT = "This is not the same password.";

/**
 * @param {(name: string) => string} typed
 * @returns {string} the password that both fields hold
 */
export function newPasswordIn(typed) {
  if (typed("new") !== typed("again")) throw new ApiError(0, "different", DIFFERENT, "new");
  return typed("new");
}

/** @param {string} hint @param {string} [error] of a second factor */
export function codeField(hint, error = "") {
  return html`<div class="field">
    <label for="field-code">Code</label>
    <input
      id="field-code"
      name="code"
      data-testid="code"
      autocomplete="one-time-code"
      autocapitalize="none"
      spellcheck="false"
      maxlength="32"
      required
      aria-invalid=${error ? "true" : nothing}
      aria-describedby="hint-code error-code"
    />
    <span class="hint" id="hint-code">${hint}</span> ${fieldError("code", error)}
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

/**
 * @param {App} app
 * @param {() => unknown} again what is read anew when a lost connection is back
 * @returns {() => void} a screen's update
 */
export function whenLiveAgain(app, again) {
  let wasLost = false;
  return () => {
    const { connection } = app.socket;
    if (connection === "live" && wasLost) again();
    wasLost = connection === "lost";
  };
}

/** @param {string} selector of what takes the focus, once it is drawn in the place of what had it */
export function focusOn(selector) {
  requestAnimationFrame(() => {
    const found = document.querySelector(selector);
    if (found instanceof HTMLElement) found.focus();
  });
}

/** Takes whoever filled the form in to the first field that was refused, once it is drawn. */
export function focusMistake() {
  focusOn('[aria-invalid="true"]');
}

/** @param {SubmitEvent} event kept from leaving the page @returns {(name: string) => string} what its fields hold, as it was typed */
export function typedIn(event) {
  event.preventDefault();
  const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
  return (name) => String(fields.get(name) ?? "");
}

/** @param {SubmitEvent} event kept from leaving the page @returns {(name: string) => string} what its fields hold */
export function filledIn(event) {
  const typed = typedIn(event);
  return (name) => typed(name).trim();
}
