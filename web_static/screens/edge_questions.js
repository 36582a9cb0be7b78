// Whether a device is a machine that is known, with a new control board: what only a person can say.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { answerWords } from "../errands.js";
import { Task } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {AnswerQuestion, EdgeView, OpenQuestion} from "../wire.js" */
/** @import {EdgeReading} from "../edge_reading.js" */

export class Questions {
  #app;
  #known;
  #task;
  /** Errands that bring answers given in this window, by their question. @type {Map<number, number>} */
  #given = new Map();

  /** @param {App} app @param {EdgeReading} known */
  constructor(app, known) {
    this.#app = app;
    this.#known = known;
    this.#task = new Task(app);
  }

  /** @param {EdgeView} view */
  view({ state }) {
    const { questions = [], answers = [] } = state ?? {};
    if (!questions.length && !answers.length) return nothing;
    return html`<section class="edge-questions">
      ${questions.length
        ? html`<h2>Same machine, new control board?</h2>
            <ul class="card" data-testid="questions">
              ${questions.map((one) => this.#question(one))}
            </ul>`
        : nothing}
      ${answers.length ? this.#answers(answers) : nothing} ${errorLine(this.#task.error)}
    </section>`;
  }

  /** @param {OpenQuestion} question */
  #question({ number, name, address, mac, because }) {
    return html`<li data-testid="question" data-question=${number}>
      <div>
        <p>Is the device at <b>${address}</b>${mac ? html` (MAC ${mac})` : nothing} <b><bdi>${name}</bdi></b> with a new control board?</p>
        <p class="muted"><bdi>${because}</bdi></p>
      </div>
      ${this.#buttons(number, [["same", "Same machine", `Same machine as ${name}`], ["different", "Another machine", `Another machine than ${name}`]])}
    </li>`;
  }

  /** @param {{number: number, name: string, same: boolean}[]} answers */
  #answers(answers) {
    return html`<details class="edge-answers" data-testid="answers">
      <summary>Answers that can be taken back (${answers.length})</summary>
      <ul class="card">
        ${answers.map(
          (answer) => html`<li data-testid="answer" data-question=${answer.number}>
            <div>${answerWords(answer)}</div>
            ${this.#buttons(answer.number, [["undo", "Undo", `Undo: ${answer.name}`]])}
          </li>`,
        )}
      </ul>
    </details>`;
  }

  /** @param {number} question @param {[AnswerQuestion["answer"], string, string][]} ways each with its label, short and in full */
  #buttons(question, ways) {
    if (!this.#app.may.changeAgents) return nothing;
    if (this.#isOnItsWay(question)) return html`<p class="muted" role="status">Told to the edge…</p>`;
    return html`<div class="actions">
      ${ways.map(
        ([answer, label, full]) => html`<button
          type="button"
          data-testid="answer-${answer}"
          aria-label=${full}
          ?disabled=${this.#task.busy}
          @click=${() => this.#answer(question, answer)}
        >
          ${label}
        </button>`,
      )}
    </div>`;
  }

  /** @param {number} question */
  #isOnItsWay(question) {
    const number = this.#given.get(question);
    return this.#known.open(["answer_question"]).some((errand) => errand.number === number);
  }

  /** @param {number} question @param {AnswerQuestion["answer"]} answer */
  #answer(question, answer) {
    return this.#task.run(async () => {
      const { number } = await this.#known.give({ type: "answer_question", question, answer });
      this.#given.set(question, number);
    });
  }
}
