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
 * @param {number} [list.beyond] rows that count beyond the screen's edges
 * @returns {Window}
 */
export function windowOf({ top, screen, rowHeight, count, beyond = OVERSCAN }) {
  const first = Math.floor(-top / rowHeight) - beyond;
  const last = Math.ceil((screen - top) / rowHeight) + beyond;
  const from = Math.max(0, Math.min(first, count));
  const to = Math.max(from, Math.min(last, count));
  return { from, to, before: from * rowHeight, after: (count - to) * rowHeight };
}

/**
 * The window of a list whose rows lie in `body`; before it was drawn it counts as at the top.
 * @param {Element | null} body
 * @param {number} rowHeight
 * @param {number} count
 * @param {number} [beyond]
 */
export function windowOnScreen(body, rowHeight, count, beyond) {
  const top = body?.getBoundingClientRect().top ?? 0;
  return windowOf({ top, screen: innerHeight, rowHeight, count, ...(beyond === undefined ? {} : { beyond }) });
}
