// What a member may do in a farm, so that nothing is offered which the commander would refuse; it decides anyway.

import { isolated } from "./units.js";

/** @import {FarmSeat, Role} from "./wire.js" */

/**
 * @typedef {object} May
 * @property {boolean} change machines: their names and labels, what runs on them, their logs
 * @property {boolean} seeAgents
 * @property {boolean} changeAgents add, delete and restore them, and make their tokens anew
 * @property {boolean} own decide about the farm itself and who belongs to it
 */

/** Every role, the strongest first, with what it may do. @type {Record<Role, string>} */
export const ROLES = {
  owner: "decides everything, also who belongs to the farm",
  operator: "changes what the farm shows them",
  viewer: "looks at what the farm shows them and changes nothing",
};

/** @param {FarmSeat | null} seat null: of no farm @returns {May} */
export function mayIn(seat) {
  const whole = seat !== null && (seat.clients ?? null) === null;
  const change = seat?.role === "operator" || seat?.role === "owner";
  return { change, seeAgents: whole, changeAgents: whole && change, own: whole && seat.role === "owner" };
}

/** @param {Pick<FarmSeat, "role" | "clients">} seat such as "operator, for the machines of Anna and Ben alone" */
export function seatWords({ role, clients }) {
  if (!clients) return role;
  const each = clients.map(isolated);
  const names = each.length > 1 ? `${each.slice(0, -1).join(", ")} and ${each.at(-1)}` : each[0];
  return each.length ? `${role}, for the machines of ${names} alone` : `${role}, for no machines`;
}
