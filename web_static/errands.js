// What was wanted of an ASIC edge, in words: what waits and until when, how a search is doing, how it all ended.

import { count, duration, isolated, timeOfDay } from "./units.js";

/** @import {State} from "./state.js" */
/** @import {EdgeView, ErrandLine, ErrandResult, ErrandView, SearchState} from "./wire.js" */

/** So long an errand waits for its edge; the commander does not send it later. */
export const WAITS_S = 900;
/** As many letters of a spreadsheet go to an edge, and as many bytes of it, as JSON, with a request. */
export const CSV_MAX_LETTERS = 200_000;
const BODY_MAX_BYTES = 219_900;
const RANGES_NAMED = 3;

/** @type {Record<string, string>} */
const KINDS = {
  search: "Search",
  end_search: "End of the search",
  add_found: "Adding devices",
  import_rows: "Spreadsheet",
  remove_devices: "Removing devices",
  answer_question: "Answer",
};

/** @param {Pick<ErrandView, "kind">} errand */
export const errandName = ({ kind }) => KINDS[kind] ?? kind.replaceAll("_", " ");

/** @param {ErrandView} errand @returns {boolean} whether it waits for the edge or is under way there */
export const isOpen = ({ result, expired }) => !result && !expired;

/** @param {EdgeView | null} view @param {(errand: ErrandView) => boolean} [wanted] @returns {ErrandView[]} the oldest first */
export function openErrands(view, wanted = () => true) {
  return (view?.errands ?? []).filter((errand) => isOpen(errand) && wanted(errand)).sort((a, b) => a.number - b.number);
}

/** @param {EdgeView | null} view @param {string[]} kinds @returns {ErrandView | null} the newest of these kinds */
export function newestOf(view, kinds) {
  const those = (view?.errands ?? []).filter(({ kind }) => kinds.includes(kind));
  return those.reduce((/** @type {ErrandView | null} */ last, one) => (last && last.number > one.number ? last : one), null);
}

/** @param {EdgeView} view @returns {boolean} whether something changes each moment */
export function isUnderWay(view) {
  return view.state?.search?.state === "running" || openErrands(view).length > 0;
}

/**
 * Why an errand is not done yet, and until when that may last.
 * @param {ErrandView} errand
 * @param {EdgeView} view
 * @param {State} edge what the edge is now
 * @returns {string}
 */
export function waitingWords({ number, given_at }, view, edge) {
  const last = view.state?.search;
  if (last?.number === number && last.state === "running") return underWayWords(edge);
  const until = `Unless it is done by ${timeOfDay(given_at + WAITS_S).slice(0, 5)}, it is not sent any more.`;
  if (edge === "waiting") return `Waits for the edge, which has never reported yet. ${until}`;
  if (edge === "offline") return `Waits for the edge, which does not report now. ${until}`;
  if (edge === "stopped") return `Waits for the edge, which was stopped. ${until}`;
  if (edge === "late") return `Waits for the edge, whose report is late. ${until}`;
  return `On its way: the edge takes it with its next report, then does it. ${until}`;
}

/** @param {State} edge */
function underWayWords(edge) {
  if (edge === "online") return "Under way.";
  if (edge === "late") return "Was under way in the last report; the next one is late.";
  return `Was under way when the edge ${edge === "stopped" ? "was stopped" : "last reported; it does not report now"}.`;
}

/** @param {ErrandView} errand @returns {{tone: string, words: string}} how it ended */
export function endWords({ result, expired }) {
  if (result) return { tone: result.ok ? (worthReading(result) ? "warn" : "good") : "bad", words: result.text };
  return expired
    ? { tone: "bad", words: "It was not confirmed within 15 minutes; it is not sent any more." }
    : { tone: "soon", words: "" };
}

/** @param {ErrandResult} result @returns {number} lines that somebody should do something about */
export function worthReading({ counts = {} }) {
  return (counts.fault ?? 0) + (counts.asked ?? 0);
}

/** Fates of lines in the order of attention that they ask for. @type {Record<ErrandLine["fate"], {label: string, tone: string, counted: (many: number) => string}>} */
export const FATES = {
  fault: { label: "fault", tone: "bad", counted: (many) => (many === 1 ? "fault" : "faults") },
  asked: { label: "question", tone: "warn", counted: () => "to be answered" },
  added: { label: "added", tone: "good", counted: () => "added" },
  changed: { label: "changed", tone: "good", counted: () => "changed" },
  removed: { label: "removed", tone: "off", counted: () => "removed" },
  unchanged: { label: "unchanged", tone: "off", counted: () => "unchanged" },
};
/** @param {ErrandLine["fate"]} fate @param {boolean} [preview] nothing was done @returns {string} */
export function fateWord(fate, preview = false) {
  const done = FATES[fate]?.label ?? fate;
  return preview && (fate === "added" || fate === "changed" || fate === "removed") ? `to be ${done}` : done;
}

const FATE_NAMES = /** @type {ErrandLine["fate"][]} */ (Object.keys(FATES));
const TOLD_ORDER = /** @type {const} */ (["added", "changed", "removed", "asked", "unchanged", "fault"]);

/** @param {Record<string, number>} counts @returns {string} in the words of an edge, such as "3 added, 1 fault." */
export function countWords(counts) {
  const told = TOLD_ORDER.map((fate) => ({ fate, many: counts[fate] ?? 0 })).filter(({ many }) => many > 0);
  return `${told.map(({ fate, many }) => `${count(many)} ${FATES[fate].counted(many)}`).join(", ") || "nothing"}.`;
}

/** @param {ErrandResult} result @returns {boolean} whether its rows would change anything */
export function wouldChange({ counts = {} }) {
  return FATE_NAMES.some((fate) => fate !== "fault" && fate !== "unchanged" && Boolean(counts[fate]));
}

/** @param {ErrandLine[]} lines @returns {ErrandLine[]} what needs attention first, else as they came */
export function byAttention(lines) {
  return [...lines].sort((a, b) => FATE_NAMES.indexOf(a.fate) - FATE_NAMES.indexOf(b.fate));
}

/** @param {SearchState | null | undefined} search @param {State} edge @returns {boolean} whether it goes on, as far as anybody can know */
export function isSearching(search, edge) {
  return search?.state === "running" && (edge === "online" || edge === "late");
}

/** @param {string[]} ranges @returns {string} the first of them */
function rangesWords(ranges) {
  const more = ranges.length - RANGES_NAMED;
  return isolated(ranges.slice(0, RANGES_NAMED).join(", ")) + (more > 0 ? ` and ${count(more)} more` : "");
}

/** @param {SearchState} search @param {number} now epoch seconds @param {State} edge what the edge is now @returns {string} how far it is, or how it ended */
export function searchWords(search, now, edge) {
  const { state, began_at, tried, total, found, unknown, reason = "", ranges = [] } = search;
  const far = state === "done" ? `${count(tried)} addresses tried` : `${count(tried)} of ${count(total)} addresses tried`;
  const known = found ? `${count(found)} ${found === 1 ? "device" : "devices"} found` : "no device found";
  const odd = unknown ? `, and ${count(unknown)} that could not be identified` : "";
  const figures = `${far}, ${known}${odd}`;
  const where = ranges.length ? ` ${rangesWords(ranges)}` : "";
  if (state === "running" && edge === "online") return `Searching${where} for ${duration(now - began_at)}: ${figures}, so far.`;
  const when = `The search of${where ? `${where} at` : ""} ${timeOfDay(began_at).slice(0, 5)}`;
  if (state === "running") return `${when} was under way when the edge last reported: ${figures}.`;
  const why = reason ? ` ${/[.!?]$/.test(reason) ? reason : `${reason}.`}` : "";
  if (state === "done") return `${when} is done: ${figures}.${why}`;
  return `${when} ${state === "ended" ? "was ended" : "failed"}: ${figures}.${why}`;
}

/** @param {{name: string, same: boolean}} answer */
export function answerWords({ name, same }) {
  return same ? `${isolated(name)} is the same machine with a new control board.` : `It is not ${isolated(name)} but another machine.`;
}

/**
 * What a spreadsheet's bytes say, checked before they are sent.
 * @param {string} name of the file
 * @param {ArrayBuffer} bytes
 * @returns {{csv: string, error: string}}
 */
export function csvIn(name, bytes) {
  const fault = (/** @type {string} */ error) => ({ csv: "", error });
  const file = isolated(name);
  if (!bytes.byteLength) return fault(`${file} is empty.`);
  const csv = decoded(new Uint8Array(bytes));
  // Pictures and workbooks are in no coding of letters, and have zeros.
  if (csv?.includes("\0") || (csv === null && new Uint8Array(bytes).includes(0))) {
    return fault(`${file} is no CSV file. Save the sheet as “CSV UTF-8” in the spreadsheet program.`);
  }
  if (csv === null) return fault(`${file} is not in UTF-8. Save it as “CSV UTF-8” in the spreadsheet program.`);
  if (!csv.trim()) return fault(`${file} is empty.`);
  if (csv.length > CSV_MAX_LETTERS || new TextEncoder().encode(JSON.stringify(csv)).length > BODY_MAX_BYTES) {
    return fault(tooLarge(name));
  }
  return { csv, error: "" };
}

/** @param {string} name @returns {string} */
export function tooLarge(name) {
  const most = `${count(CSV_MAX_LETTERS)} letters, or ${count(BODY_MAX_BYTES)} bytes`;
  return `${isolated(name)} has more than ${most}, as many as go to an edge at once: split it, or take it to the edge’s computer and run “asic-edge import” there.`;
}

/** @param {Uint8Array} bytes @returns {string | null} null: in no coding that is known */
function decoded(bytes) {
  const coding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(coding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
