// Programs that somebody else runs on a rig and that are only to be read: the list, and the form that adds one.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { MINERS, withWatched } from "../programs.js";
import { filledIn, focusMistake, Task, textField } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {MachineView, WatchedProgram} from "../wire.js" */

const MOST = 8;

export class Watching {
  #app;
  #machine;
  #load;
  #task;
  /** What this page itself found wrong, by field. @type {Record<string, string>} */
  #mistakes = {};

  /** @param {App} app @param {string} machine @param {() => Promise<void>} load reads the machine anew */
  constructor(app, machine, load) {
    this.#app = app;
    this.#machine = machine;
    this.#load = load;
    this.#task = new Task(app);
  }

  /** @param {MachineView} view */
  view(view) {
    const watched = view.watched ?? [];
    return html`<details class="watching" data-testid="watching">
      <summary>Watch a program that runs already${watched.length ? ` (${watched.length} watched)` : ""}</summary>
      <p class="muted small">
        A mining program that somebody else started on this rig: its figures show here, and nothing is done to it. Its
        interface has to be open on 127.0.0.1 of the rig.
      </p>
      ${watched.length ? this.#list(watched) : nothing}
      ${watched.length < MOST ? this.#form(view, watched) : html`<p class="muted">More than ${MOST} are not watched.</p>`}
      ${errorLine(this.#task.error)}
    </details>`;
  }

  /** @param {WatchedProgram[]} watched */
  #list(watched) {
    return html`<ul class="watched">
      ${watched.map(
        (one) => html`<li data-testid="watched">
          <span><b><bdi>${one.program}</bdi></b> <span class="muted"><bdi>${one.miner}</bdi>, port ${one.port}</span></span>
          <button
            type="button"
            class="quiet danger-text"
            aria-label="Do not watch ${one.program} any more"
            ?disabled=${this.#task.busy}
            @click=${() => this.#save(watched.filter((other) => other !== one))}
          >
            Remove
          </button>
        </li>`,
      )}
    </ul>`;
  }

  /** @param {MachineView} view @param {WatchedProgram[]} watched */
  #form(view, watched) {
    /** @param {SubmitEvent} event */
    const submit = async (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      const field = filledIn(event);
      const [miner, port] = [field("miner").toLowerCase(), Number(field("port"))];
      this.#mistakes = mistakesIn(miner, port);
      if (Object.keys(this.#mistakes).length) return this.#tellMistakes();
      const taken = (view.programs ?? []).map(({ program }) => program);
      if (await this.#save(withWatched(watched, taken, miner, port))) form.reset();
    };
    return html`<form class="watch-form" @submit=${submit} novalidate>
      ${textField({
        name: "miner",
        label: "Program",
        placeholder: "xmrig",
        list: MINERS,
        error: this.#mistakes.miner ?? "",
      })}
      ${textField({ name: "port", label: "Port of its interface", numeric: true, error: this.#mistakes.port ?? "" })}
      <button class="primary" data-testid="watch" ?disabled=${this.#task.busy}>Watch</button>
    </form>`;
  }

  #tellMistakes() {
    this.#app.redraw();
    focusMistake();
  }

  /** @param {WatchedProgram[]} watched */
  #save(watched) {
    return this.#task.run(async () => {
      await this.#app.api.watch(this.#machine, watched);
      await this.#load();
    });
  }
}

/** @param {string} miner @param {number} port @returns {Record<string, string>} */
function mistakesIn(miner, port) {
  return {
    ...(MINERS.includes(miner) ? {} : { miner: `One of ${MINERS.join(", ")}.` }),
    ...(Number.isInteger(port) && port >= 1 && port <= 65_535 ? {} : { port: "A number from 1 to 65535." }),
  };
}
