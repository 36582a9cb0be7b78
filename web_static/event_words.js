// What happened, in words: a machine's own changes of state and everything that its sentry tells.

/** @import {EventLevel, MachineEvent} from "./wire.js" */

/** @type {Record<string, string>} */
const STATES = {
  online: "came online",
  offline: "went offline",
  stopped: "stopped: its sentry said goodbye",
};

/** @type {Record<string, string>} */
const KINDS = {
  started: "Started",
  adopted: "Found running, and kept so",
  stopped: "Stopped",
  exited: "Ended by itself",
  start_failed: "Could not be started",
  not_minded: "Cannot be looked after as it should",
  refused: "Not started: something is in the way",
  left_behind: "An earlier run is still there",
  crash_loop: "Ends again and again",
  api_silent: "Does not answer",
  api_exposed: "Its interface is open to other computers",
  api_unreadable: "Its answers cannot be read",
  miner_paused: "Paused by itself",
  no_hashrate: "Mines nothing",
  gpu_stopped: "A card does not mine",
  gpu_dead: "A card is dead",
  hashrate_low: "Hashrate is low",
  no_shares: "No share was accepted",
  rejects: "The pool refuses shares",
  rejects_many: "The pool refuses many shares",
  pool_unreachable: "The pool cannot be reached",
  gpu_lost: "A card is lost",
  driver_hung: "The graphics driver hangs",
  too_hot: "Too hot",
  cannot_be_killed: "Cannot be ended",
  reboot: "The rig restarts",
  owner: "Asked for by you",
  gpu_appeared: "A card is new",
  gpu_gone: "A card is gone",
  gpu_moved: "A card has moved",
  order_expired: "An order lapsed",
  device_message: "The device itself says",
  assignment_accepted: "Runs what was assigned",
  assignment_failed: "Could not begin what was assigned",
  pool_changed: "Changed to another pool",
};

/** @type {Record<EventLevel, string>} */
export const LEVELS = { note: "note", alert: "needs a look", critical: "critical" };

/** @param {MachineEvent} event an unknown kind as it comes */
export function eventWords({ state, kind, over }) {
  if (state) return STATES[state] ?? state;
  const known = kind && Object.hasOwn(KINDS, kind) ? KINDS[kind] : kind?.replaceAll("_", " ");
  return `${known ?? "?"}${over ? ": over" : ""}`;
}

/** @param {MachineEvent} event @returns {EventLevel} how much it matters now: what is over asks for nothing */
export function levelOf({ level, over }) {
  return over ? "note" : (level ?? "note");
}
