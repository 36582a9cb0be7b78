// How a change comes to the rigs that it touches: one first, or all at once.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { CAREFUL_ABOVE } from "../rollouts.js";
import { counted } from "../templates.js";
import { choice } from "./fields.js";

/** @import {RolloutPace} from "../template_calls.js" */

/** @param {number} rigs @param {RolloutPace} pace @param {(pace: RolloutPace) => void} choose */
export function paceFields(rigs, pace, choose) {
  if (rigs <= CAREFUL_ABOVE) return nothing;
  /** @param {RolloutPace} value @param {string} label @param {string} meaning */
  const one = (value, label, meaning) => choice({ name: "pace", value, label, meaning, chosen: pace === value, choose: () => choose(value) });
  return html`<fieldset>
    <legend>How it comes to ${counted(rigs, "rig")}</legend>
    ${one("careful", "One rig first", "the others follow once it tells of an accepted share")} ${one("at_once", "All at once", "without waiting for anything")}
  </fieldset>`;
}
