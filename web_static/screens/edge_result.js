// Errands of an edge as they stand: those that wait, and how the others ended with every line worth reading.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { guard } from "../vendor/lit-html/directives/guard.js";
import { byAttention, countWords, endWords, errandName, FATES, fateWord, openErrands, waitingWords, worthReading } from "../errands.js";
import { count, dateAndTime, timeOfDay } from "../units.js";

/** @import {App} from "../app.js" */
/** @import {EdgeState, ErrandLine, ErrandView} from "../wire.js" */
/** @import {EdgeReading} from "../edge_reading.js" */

const SHOWN_AT_FIRST = 100;

/** @param {EdgeReading} known what waits, and for how long it may */
export function waitingView(known) {
  const { view, reporting } = known;
  const open = openErrands(view);
  if (!view || !open.length) return nothing;
  return html`<ul class="edge-waiting" data-testid="waiting-errands" aria-label="Wanted of this edge">
    ${open.map(
      (errand) => html`<li data-testid="waiting-errand" data-kind=${errand.kind}>
        <span class="spinner" aria-hidden="true"></span>
        <span><b>${errandName(errand)}</b> (${timeOfDay(errand.given_at).slice(0, 5)}). ${waitingWords(errand, view, reporting)}</span>
      </li>`,
    )}
  </ul>`;
}

/** Which results show all their lines. */
export class Results {
  /** @type {Set<number>} */
  #whole = new Set();
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
  }

  /** @param {ErrandView | null} errand that has ended @param {EdgeReading} known @param {unknown} [more] what can be done next */
  view(errand, known, more = nothing) {
    if (!errand || !(errand.result || errand.expired)) return nothing;
    const { tone, words } = endWords(errand);
    const lines = errand.result ? known.linesOf(errand) : [];
    return html`<section class="edge-result card" data-testid="errand-result" data-errand=${errand.number} aria-label=${`${errandName(errand)}: result`}>
      <h2>${errandName(errand)} <span class="muted" title=${dateAndTime(errand.given_at)}>${timeOfDay(errand.given_at).slice(0, 5)}</span></h2>
      ${words === countWords(errand.result?.counts ?? {}) ? nothing : html`<p role="status" class="tone-${tone}"><bdi>${words}</bdi></p>`}
      ${errand.result ? this.#counts(errand.result, errand.preview) : nothing} ${more}
      ${lines === null ? html`<p class="muted">Reading its lines…</p>` : nothing}
      ${lines?.length ? this.#lines(errand, lines) : nothing}
    </section>`;
  }

  /** @param {import("../wire.js").ErrandResult} result @param {boolean} [preview] whose words say what would be done */
  #counts(result, preview) {
    const { counts = {} } = result;
    const odd = worthReading(result);
    if (!Object.keys(counts).length || (preview && !odd)) return nothing;
    return html`<p role="status" data-testid="errand-counts">
      ${preview ? nothing : countWords(counts)}
      ${odd ? html`<b>${odd === 1 ? "One line needs" : `${count(odd)} lines need`} your attention.</b>` : nothing}
    </p>`;
  }

  /** @param {ErrandView} errand @param {ErrandLine[]} lines */
  #lines({ number, preview }, lines) {
    const whole = this.#whole.has(number);
    const hidden = whole ? 0 : Math.max(0, lines.length - SHOWN_AT_FIRST);
    const all = () => {
      this.#whole.add(number);
      this.#app.redraw();
    };
    return html`${guard([lines, whole], () => linesTable(this.#app, byAttention(lines).slice(0, lines.length - hidden), preview))}
    ${hidden ? html`<p><button type="button" data-testid="all-lines" @click=${all}>Show ${count(hidden)} more</button></p>` : nothing}`;
  }
}

/** @param {App} app @param {ErrandLine[]} lines @param {boolean} [preview] */
function linesTable(app, lines, preview) {
  return html`<ul class="edge-lines" data-testid="errand-lines">
    ${lines.map(
      ({ of, fate, text }) => html`<li data-fate=${fate}>
        <bdi class="muted">${ofWords(app, of)}</bdi>
        <span class="tone-${FATES[fate]?.tone ?? "off"}">${fateWord(fate, preview)}</span>
        <bdi>${text}</bdi>
      </li>`,
    )}
  </ul>`;
}

/** @param {App} app @param {string} of the number of a line, an address, or a machine */
function ofWords(app, of) {
  return /^\d+$/.test(of) ? `line ${of}` : (app.store.rows.get(of)?.name ?? of);
}

/** @param {EdgeState | null} state once it is known, that is after the edge has told of what was added */
export function elsewhereNote(state) {
  const many = state?.elsewhere ?? 0;
  if (!many) return nothing;
  return html`<p class="note" data-testid="read-elsewhere">
    ${many === 1 ? "One device of this edge’s roster is" : `${count(many)} devices of this edge’s roster are`} read by another edge, and
    ${many === 1 ? "stands" : "stand"} in <a href="#/asics">the list of ASICs</a> with the name, place, client and tags that were given
    there.
  </p>`;
}

/** @param {EdgeReading} known every errand of the last day */
export function pastView({ view }) {
  const past = (view?.errands ?? []).filter(({ result, expired }) => result || expired).slice(0, 8);
  if (!past.length) return nothing;
  return html`<section>
    <h2>Done in the last day</h2>
    <ul class="edge-past card" data-testid="past-errands">
      ${past.map((errand) => {
        const { tone, words } = endWords(errand);
        return html`<li>
          <time class="muted" title=${dateAndTime(errand.given_at)}>${timeOfDay(errand.given_at).slice(0, 5)}</time>
          <b>${errandName(errand)}</b> <bdi class="tone-${tone}">${words}</bdi>
        </li>`;
      })}
    </ul>
  </section>`;
}
