// The section of the account that lists the browsers that are signed in, and signs them out.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { browserWords } from "../browsers.js";
import { ago, dateAndTime } from "../units.js";
import { Task } from "./fields.js";
import { unreadLine } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {SessionRow} from "../wire.js" */

// When somebody was last seen is known to the hour.
const HOUR_S = 3600;

export class Sessions {
  #app;
  #task;
  /** @type {SessionRow[] | null} */
  #sessions = null;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.#task = new Task(app);
  }

  load() {
    return this.#do(async () => {});
  }

  /** @param {() => Promise<unknown>} action after which they are read anew */
  #do(action) {
    return this.#task.run(async () => {
      await action();
      this.#sessions = (await this.#app.api.sessions()).sessions;
    });
  }

  view() {
    const [sessions, task] = [this.#sessions, this.#task];
    const others = sessions?.some(({ current }) => !current);
    return html`<section class="card" data-testid="sessions">
      <div class="heading">
        <h2>Where you are signed in</h2>
        ${others
          ? html`<button type="button" data-testid="end-others" ?disabled=${task.busy} @click=${() => this.#do(() => this.#app.api.endOtherSessions())}>
              Sign out all others
            </button>`
          : nothing}
      </div>
      ${unreadLine(task.told, () => this.load())} ${sessions || task.error ? nothing : html`<p class="muted">Reading…</p>`}
      <ul class="rows">
        ${sessions?.map((one) => this.#row(one))}
      </ul>
    </section>`;
  }

  /** @param {SessionRow} one */
  #row({ session, browser, address, created_at, seen_at, current }) {
    const words = browserWords(browser);
    const age = this.#app.clock.running() - seen_at;
    const seen = current ? "this browser" : age < HOUR_S ? "seen within the hour" : `seen ${ago(age)}`;
    return html`<li data-testid="session" data-current=${String(current)}>
      <span title=${browser}>
        <b>${words}</b>
        <span class="muted"
          ><bdi>${address || "address not known"}</bdi> · ${seen} ·
          <span title=${dateAndTime(created_at)}>signed in ${ago(Math.max(0, this.#app.clock.running() - created_at))}</span></span
        >
      </span>
      ${current
        ? nothing
        : html`<button
            type="button"
            class="quiet"
            data-testid="end-session"
            aria-label="Sign out ${words}"
            ?disabled=${this.#task.busy}
            @click=${() => this.#do(() => this.#app.api.endSession(session))}
          >
            Sign out
          </button>`}
    </li>`;
  }
}
