// The commander's HTTP API of what rigs run, and of changes of it on their way.

/** @import {Api} from "./api.js" */
/** @import * as Wire from "./wire.js" */

/** @typedef {"careful" | "at_once"} Speed */
// The wire has two things named Pace; the types know the other one.
/** @typedef {Omit<Wire.AssignRequest, "pace"> & {pace: Speed}} Assignment */

/** @param {string} id */
const safe = (id) => encodeURIComponent(id);

/** @param {Api} api @returns {Promise<Wire.PlaybookList>} */
export const readPlaybooks = (api) => api.ask("GET", "/v1/playbooks");

/** @param {Api} api @param {Assignment} wanted @returns {Promise<Wire.Rollout>} */
export const assign = (api, wanted) => api.ask("POST", "/v1/assignments", wanted);

/** @param {Api} api @returns {Promise<Wire.RolloutList>} */
export const readRollouts = (api) => api.ask("GET", "/v1/rollouts");

/** @param {Api} api @param {string} rollout @param {"stop" | "continue" | "back"} deed @returns {Promise<Wire.Rollout>} "back": the one that leads back */
export const turnRollout = (api, rollout, deed) => api.ask("POST", `/v1/rollouts/${safe(rollout)}/${deed}`);

/** @param {Api} api @param {string} machine @returns {Promise<Wire.RigWork>} */
export const readRigWork = (api, machine) => api.ask("GET", `/v1/machines/${safe(machine)}/work`);

/** @param {Api} api @returns {Promise<Wire.AstrayList>} */
export const readAstray = (api) => api.ask("GET", "/v1/astray");
