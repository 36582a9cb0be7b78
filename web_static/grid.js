// Windowing: of a long list only the rows near the screen are in the document.

/**
 * @typedef {object} Window
 * @property {number} from the first row drawn
 * @property {number} to the row after the last one drawn
 * @property {number} before height in px that stands for the rows before
 * @property {number} after
 */

// Rows drawn beyond the screen's edges, so that scrolling and the Tab key find them there.
const OVERSCAN = 12;

/**
 * @param {object} list
 * @param {number} list.top where the list begins, in px from the screen's upper edge; negative when scrolled
 * @param {number} list.screen the screen's height in px
 * @param {number} list.rowHeight
 * @param {number} list.count
 * @returns {Window}
 */
export function windowOf({ top, screen, rowHeight, count }) {
  const first = Math.floor(-top / rowHeight) - OVERSCAN;
  const last = Math.ceil((screen - top) / rowHeight) + OVERSCAN;
  const from = Math.max(0, Math.min(first, count));
  const to = Math.max(from, Math.min(last, count));
  return { from, to, before: from * rowHeight, after: (count - to) * rowHeight };
}

/**
 * The window of a list whose rows lie in `body`; before it was drawn it counts as at the top.
 * @param {Element | null} body
 * @param {number} rowHeight
 * @param {number} count
 */
export function windowOnScreen(body, rowHeight, count) {
  const top = body?.getBoundingClientRect().top ?? 0;
  return windowOf({ top, screen: innerHeight, rowHeight, count });
}
