// The audit log in words: what was done, to which thing, and what differs since.

import { dateAndTime, duration, isolated, NONE } from "./units.js";

/** @import {AuditLine} from "./wire.js" */

/**
 * @typedef {object} Thing
 * @property {string} name "" where the words say it all
 * @property {string} machine "" where it is none
 */

/** @typedef {{field: string, before: string, after: string}} Change "–" on the side where there is nothing */

/** What somebody did, before the name of the thing. @type {Record<string, string>} */
const ACTIONS = {
  create_farm: "made the farm",
  rename_farm: "renamed the farm",
  change_farm_settings: "changed the farm’s settings",
  invite_person: "invited",
  withdraw_invitation: "withdrew the invitation of",
  accept_invitation: "accepted an invitation",
  change_member: "changed the role of",
  remove_member: "removed",
  leave_farm: "left the farm",
  create_api_token: "made the API token",
  revoke_api_token: "revoked the API token",
  create_agent: "added the sentry",
  delete_agent: "deleted the sentry",
  restore_agent: "restored the sentry",
  renew_token: "made a new token for the sentry",
  change_machine: "changed the machine",
  give_order: "gave an order to",
  give_errand: "gave an errand to the edge",
  tell_roster: "told what changed in the roster of the edge",
  take_back_order: "took back an order to",
  watch_programs: "changed which programs are watched on",
  add_pool: "added the pool",
  change_pool: "changed the pool",
  delete_pool: "deleted the pool",
  add_wallet: "added the wallet",
  change_wallet: "changed the wallet",
  delete_wallet: "deleted the wallet",
  add_software: "added the program",
  delete_software: "deleted the program",
  add_playbook: "made the playbook",
  change_playbook: "changed the playbook",
  delete_playbook: "deleted the playbook",
  begin_rollout: "began the rollout",
  stop_rollout: "stopped the rollout",
  continue_rollout: "continued the rollout",
  rotate_key: "made a new signing key",
};

// What stands in the words already, or is whoever did it.
const UNNAMED = ["create_farm", "rename_farm", "change_farm_settings", "accept_invitation", "leave_farm"];

// Fields that name the thing, or whoever did it.
const NAMING = ["email", "machine"];

/** @type {Record<string, string>} */
const FIELDS = {
  report_interval_s: "report each",
  cut_from_bytes: "too long to be kept; bytes",
  beginning: "how it began",
};

/** @param {string} action an unknown one as it comes */
export function actionWords(action) {
  return Object.hasOwn(ACTIONS, action) ? (ACTIONS[action] ?? "") : action.replaceAll("_", " ");
}

/** @param {Pick<AuditLine, "action" | "thing" | "before" | "after">} line @returns {Thing} */
export function thingOf({ action, thing, before, after }) {
  const space = thing.indexOf(" ");
  const [kind, id] = space < 0 ? ["", thing] : [thing.slice(0, space), thing.slice(space + 1)];
  const told = { ...sideOf(before), ...sideOf(after) };
  if (kind === "machine") return { name: id, machine: id };
  const name = kind === "invitation" ? (told["email"] ?? "whoever has the link") : (told["name"] ?? id);
  return { name: UNNAMED.includes(action) ? "" : String(name), machine: String(told["machine"] ?? "") };
}

/** @param {unknown} side @returns {Record<string, unknown>} */
function sideOf(side) {
  if (side === null || side === undefined) return {};
  return typeof side === "object" && !Array.isArray(side) ? /** @type {Record<string, unknown>} */ (side) : { "": side };
}

/** @param {Pick<AuditLine, "before" | "after">} line @returns {Change[]} */
export function changesIn({ before, after }) {
  const [old, made] = [sideOf(before), sideOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(made)])].filter((name) => !NAMING.includes(name));
  return names.map((name) => ({
    field: fieldWords(name),
    before: Object.hasOwn(old, name) ? valueWords(name, old[name]) : NONE,
    after: Object.hasOwn(made, name) ? valueWords(name, made[name]) : NONE,
  }));
}

/** @param {string} name such as "late_after_s" */
function fieldWords(name) {
  if (Object.hasOwn(FIELDS, name)) return FIELDS[name] ?? name;
  return name.replace(/_(at|s)$/, "").replaceAll("_", " ");
}

/** @param {string} name @param {unknown} value @returns {string} */
function valueWords(name, value) {
  if (value === null) return name === "clients" ? "all machines" : "not set";
  if (value === "") return "empty";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number" && name.endsWith("_at")) return dateAndTime(value);
  if (typeof value === "number" && name.endsWith("_s")) return duration(value);
  if (Array.isArray(value)) return value.length ? value.map((one) => valueWords("", one)).join(", ") : "none";
  if (typeof value !== "object") return isolated(String(value));
  const parts = Object.entries(/** @type {object} */ (value));
  return parts.map(([part, of]) => `${fieldWords(part)} ${valueWords(part, of)}`).join(" · ");
}
