// The commander's HTTP API of pools, wallets, programs and playbooks.

/** @import {Api} from "./api.js" */
/** @import * as Wire from "./wire.js" */

/** @typedef {"pools" | "wallets"} Shelf */
/** @typedef {"careful" | "at_once"} RolloutPace */

/** @param {string} id */
const safe = (id) => encodeURIComponent(id);

/** @param {Api} api @returns {Promise<Wire.TemplateBook>} */
export const readTemplates = (api) => api.ask("GET", "/v1/templates");

/** @param {Api} api @param {Shelf} shelf @param {object} entry */
export const addTemplate = (api, shelf, entry) => api.ask("POST", `/v1/${shelf}`, entry);

/** @param {Api} api @param {Shelf} shelf @param {string} id @param {object} entry @param {RolloutPace} pace */
export const changeTemplate = (api, shelf, id, entry, pace) => api.ask("PUT", `/v1/${shelf}/${safe(id)}?pace=${pace}`, entry);

/** @param {Api} api @param {Shelf} shelf @param {string} id @param {object} entry @returns {Promise<Wire.TemplateImpact>} nothing is kept */
export const previewTemplate = (api, shelf, id, entry) => api.ask("POST", `/v1/${shelf}/${safe(id)}/preview`, entry);

/** @param {Api} api @param {Shelf} shelf @param {string} id @returns {Promise<null>} refused where it is used */
export const deleteTemplate = (api, shelf, id) => api.ask("DELETE", `/v1/${shelf}/${safe(id)}`);

/** @param {Api} api @returns {Promise<Wire.SoftwareList>} */
export const readSoftware = (api) => api.ask("GET", "/v1/software");

/** @param {Api} api @param {Wire.SoftwareRequest} added @returns {Promise<Wire.SoftwareList>} */
export const addSoftware = (api, added) => api.ask("POST", "/v1/software", added);

/** @param {Api} api @param {string} program @param {string} version @returns {Promise<null>} one's own alone */
export const deleteSoftware = (api, program, version) =>
  api.ask("DELETE", `/v1/software?program=${safe(program)}&version=${safe(version)}`);

/** @param {Api} api @param {string} playbook @returns {Promise<Wire.PlaybookHistory>} */
export const readHistory = (api, playbook) => api.ask("GET", `/v1/playbooks/${safe(playbook)}`);

/** @param {Api} api @param {Wire.PlaybookDraft} draft @returns {Promise<Wire.FilledPreview>} nothing is kept */
export const previewPlaybook = (api, draft) => api.ask("POST", "/v1/playbook-previews", draft);

/** @param {Api} api @param {Wire.PlaybookDraft} draft @returns {Promise<Wire.PlaybookView>} */
export const addPlaybook = (api, draft) => api.ask("POST", "/v1/playbooks", draft);

/** @param {Api} api @param {string} playbook @param {Wire.PlaybookDraft} draft @param {RolloutPace} pace @returns {Promise<Wire.PlaybookView>} */
export const changePlaybook = (api, playbook, draft, pace) => api.ask("PUT", `/v1/playbooks/${safe(playbook)}?pace=${pace}`, draft);

/** @param {Api} api @param {string} playbook @returns {Promise<null>} refused where a rig is to run it */
export const deletePlaybook = (api, playbook) => api.ask("DELETE", `/v1/playbooks/${safe(playbook)}`);

/** @param {Api} api @param {string} playbook @param {{version: number, pace: RolloutPace}} wish @returns {Promise<Wire.PlaybookView>} */
export const restoreVersion = (api, playbook, wish) => api.ask("POST", `/v1/playbooks/${safe(playbook)}/versions`, wish);
