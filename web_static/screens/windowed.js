// Rows of a long list, of which only those near the screen are in the document.

import { html } from "../vendor/lit-html/lit-html.js";
import { repeat } from "../vendor/lit-html/directives/repeat.js";
import { windowOnScreen } from "../grid.js";

/** @import {TemplateResult} from "../vendor/lit-html/lit-html.js" */

const PHONE = matchMedia("(max-width: 760px)");

/**
 * @template T
 * @typedef {object} List
 * @property {string} body selects the element that the rows lie in
 * @property {[number, number]} rowPx the height that screens.css gives a row, and the one on a phone
 * @property {T[]} items
 * @property {(item: T) => string} key
 */

/** @param {List<any>} list @param {number} [beyond] */
function windowIn({ body, rowPx, items }, beyond) {
  return windowOnScreen(document.querySelector(body), rowPx[PHONE.matches ? 1 : 0], items.length, beyond);
}

/**
 * @template T
 * @param {List<T>} list
 * @param {(item: T, place: number) => TemplateResult} draw
 */
export function windowedRows(list, draw) {
  const seen = windowIn(list);
  return html`<tr class="space" aria-hidden="true" .style=${`height:${seen.before}px`}></tr>
    ${repeat(list.items.slice(seen.from, seen.to), list.key, (item, i) => draw(item, seen.from + i))}
    <tr class="space" aria-hidden="true" .style=${`height:${seen.after}px`}></tr>`;
}

/**
 * What of the list is on the screen itself, without the rows that are drawn beyond its edges.
 * @template T
 * @param {List<T>} list
 * @returns {T[]}
 */
export function onScreen(list) {
  const { from, to } = windowIn(list, 0);
  return list.items.slice(from, to);
}
