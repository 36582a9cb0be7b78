// What its owner says of a machine, as words to find it by and as people type it.

/** @import {Labels, MachineChange} from "./wire.js" */

/** @param {{name: string, model: string | null, labels: Labels}} told @returns {string} in small letters, one label a line */
export function wordsOf({ name, model, labels: { place = "", tags = [], client } }) {
  return [name, place, ...tags, client ?? "", ...(model ? [model] : [])].join("\n").toLowerCase();
}

/** @param {string} text @returns {string[]} each tag once, without the # that people type before it */
export function tagsIn(text) {
  const tags = text.split(",").map((tag) => tag.trim().replace(/^#/, "").trim());
  return [...new Set(tags.filter(Boolean))];
}

// Control characters, blanks other than the usual one, letters that are empty, and marks for other shapes of a letter.
const UNSEEN =
  /(?![ \u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Z}]|[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b-\u180f\ufe00-\ufe0d]/u;

/** @param {string} text without blanks around it @returns {boolean} whether the commander would refuse it for a letter that nobody can see; some it knows alone */
export const hidesSomething = (text) => UNSEEN.test(text);

/** @type {Record<string, (text: string) => MachineChange>} */
const FIELDS = {
  name: (name) => ({ name }),
  place: (place) => ({ place }),
  tags: (tags) => ({ tags: tagsIn(tags) }),
  client: (client) => ({ client: client || null }),
};

/**
 * @param {Record<string, string>} before the form when it was opened
 * @param {Record<string, string>} after
 * @returns {MachineChange} only what was touched: the rest may have been changed in another window meanwhile
 */
export function changeIn(before, after) {
  const touched = Object.entries(FIELDS).filter(([field]) => (after[field] ?? "") !== (before[field] ?? ""));
  return Object.assign({}, ...touched.map(([field, change]) => change(after[field] ?? "")));
}
