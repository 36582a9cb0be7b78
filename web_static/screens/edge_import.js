// Devices of an ASIC edge from a spreadsheet: what its rows would change, then the change itself.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { CSV_MAX_LETTERS, csvIn, newestOf, tooLarge, wouldChange } from "../errands.js";
import { count } from "../units.js";
import { elsewhereNote } from "./edge_result.js";
import { fieldError, Task } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {EdgeView, ErrandView} from "../wire.js" */
/** @import {EdgeReading} from "../edge_reading.js" */
/** @import {Results} from "./edge_result.js" */

// Beyond this no file has so few letters, in whatever coding.
const READ_MAX_BYTES = 4 * CSV_MAX_LETTERS;

const NO_FILE = { name: "", csv: "", error: "" };

export class EdgeImport {
  #app;
  #known;
  #results;
  #task;
  #file = NO_FILE;
  /** The errand that shows what the chosen file would change. */
  #previewed = 0;

  /** @param {App} app @param {EdgeReading} known @param {Results} results */
  constructor(app, known, results) {
    this.#app = app;
    this.#known = known;
    this.#results = results;
    this.#task = new Task(app);
  }

  /** @param {EdgeView} view */
  view(view) {
    const last = newestOf(view, ["import_rows"]);
    return html`<section class="edge-import" data-testid="edge-import">
      ${this.#form()} ${this.#results.view(last, this.#known, last?.preview ? this.#next(last) : elsewhereNote(view.state))}
    </section>`;
  }

  #form() {
    const { csv, error } = this.#file;
    const busy = this.#task.busy || this.#known.open(["import_rows"]).length > 0;
    const submit = (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      return this.#preview();
    };
    return html`<form class="card edge-form" @submit=${submit}>
      <div class="field">
        <label for="field-csv">Spreadsheet, as CSV</label>
        <input
          id="field-csv"
          type="file"
          data-testid="csv"
          accept=".csv,.tsv,.txt,text/csv"
          aria-invalid=${error ? "true" : nothing}
          aria-describedby="hint-csv error-csv"
          @click=${(/** @type {Event} */ event) => this.#forget(/** @type {HTMLInputElement} */ (event.target))}
          @change=${(/** @type {Event} */ event) => this.#choose(/** @type {HTMLInputElement} */ (event.target))}
        />
        <span class="hint" id="hint-csv">
          Columns: address or mac (or both), name, place, client, tags. Saved as “CSV UTF-8”, at most ${count(CSV_MAX_LETTERS)}
          letters. An empty cell takes nothing away. Nothing is changed before you have seen it.
        </span>
        ${fieldError("csv", error)}
      </div>
      ${errorLine(this.#task.error)}
      <div class="actions">
        <button class="primary" data-testid="preview" ?disabled=${!csv || busy}>Show what it would change</button>
      </div>
    </form>`;
  }

  /** The same file, mended meanwhile, would be no change of what is chosen. @param {HTMLInputElement} input */
  #forget(input) {
    input.value = "";
    this.#file = NO_FILE;
    this.#previewed = 0;
    this.#app.redraw();
  }

  /** @param {HTMLInputElement} input */
  async #choose(input) {
    const file = input.files?.[0];
    this.#file = file ? await readFile(file) : NO_FILE;
    this.#app.redraw();
  }

  #preview() {
    const { csv } = this.#file;
    return this.#task.run(async () => {
      const { number } = await this.#known.give({ type: "import_rows", csv, apply: false });
      this.#previewed = number;
    });
  }

  #apply() {
    const { csv } = this.#file;
    return this.#task.run(() => this.#known.give({ type: "import_rows", csv, apply: true }));
  }

  /** @param {ErrandView | null} last what can be done after it, by whoever has the file here */
  #next(last) {
    if (!last?.result?.ok || !last.preview) return nothing;
    if (last.number !== this.#previewed) return html`<p class="muted">To apply rows, choose their file again: this page does not keep it.</p>`;
    if (!wouldChange(last.result)) return html`<p class="muted">There is nothing to apply.</p>`;
    return html`<div class="actions">
      <span class="muted">Rows with a fault are left out, the others are taken.</span>
      <button type="button" class="primary" data-testid="apply" ?disabled=${this.#task.busy} @click=${() => this.#apply()}>
        Apply <bdi>${this.#file.name}</bdi>
      </button>
    </div>`;
  }
}

/** @param {File} file */
async function readFile(file) {
  const { name, size } = file;
  if (size > READ_MAX_BYTES) return { name, csv: "", error: tooLarge(name) };
  try {
    return { name, ...csvIn(name, await file.arrayBuffer()) };
  } catch {
    // Changed, moved or unplugged since it was chosen.
    return { name, csv: "", error: "The file cannot be read any more; choose it again." };
  }
}
