// What a machine mines: a row for each algorithm and coin.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { unitOf } from "../mining.js";
import { ageOf } from "../state.js";
import { ago, exactly, figure, NONE } from "../units.js";

/** @import {Live} from "../store.js" */
/** @import {Mining} from "../wire.js" */

/** @param {Live} live @param {number} now */
export function miningTiles(live, now) {
  return live.mining.map((row) => miningTile(row, ago(ageOf(live, now))));
}

/** @param {Mining} row @param {string} age */
function miningTile(row, age) {
  const { algorithm, coin, hashrate } = row;
  const unit = unitOf(row);
  const [value, title] =
    hashrate === null ? [NONE, "not read in the last report"] : [figure(hashrate, unit), exactly(hashrate, unit)];
  return html`<div class="tile card" data-testid="mining-row">
    <span class="label"><bdi>${algorithm}</bdi>${coin ? html` · <bdi>${coin}</bdi>` : nothing}</span>
    <b title=${title}>${value}</b>
    <span class="muted">${hashrate === null ? title : age}</span>
  </div>`;
}
