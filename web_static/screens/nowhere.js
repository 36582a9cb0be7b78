// What is shown where an address leads nowhere, or to what somebody may not see.

import { html } from "../vendor/lit-html/lit-html.js";
import { seatWords } from "../may.js";

/** @import {Screen} from "../app.js" */
/** @import {FarmSeat} from "../wire.js" */

/** @returns {Screen} */
export function missingScreen() {
  return {
    title: () => "No such page",
    view: () => html`<h1 tabindex="-1">No such page</h1>
      <p>This address leads nowhere. <a href="#/machines">Go to the machines</a></p>`,
  };
}

/** @param {FarmSeat} seat @param {{label: string, needs: string}} page @returns {Screen} */
export function refusedScreen(seat, { label, needs }) {
  return {
    title: () => label,
    view: () => html`<h1 tabindex="-1">${label}</h1>
      <p data-testid="refused">
        This page is for ${needs}. In <bdi>${seat.name}</bdi> you are <bdi>${seatWords(seat)}</bdi>.
        <a href="#/machines">Go to the machines</a>
      </p>`,
  };
}
