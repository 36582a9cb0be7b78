// What its owner says of a machine, as words to find it by and as people type it.

/** @import {Labels} from "./wire.js" */

/** @param {{name: string, labels: Labels}} told @returns {string} in small letters, one label a line */
export function wordsOf({ name, labels: { place = "", tags = [], client } }) {
  return [name, place, ...tags, client ?? ""].join("\n").toLowerCase();
}

/** @param {string} text @returns {string[]} each tag once, without the # that people type before it */
export function tagsIn(text) {
  const tags = text.split(",").map((tag) => tag.trim().replace(/^#/, "").trim());
  return [...new Set(tags.filter(Boolean))];
}
