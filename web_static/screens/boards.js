// The boards and fans of an ASIC: what each does now, or why that is not known.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { whyUnread } from "../asics.js";
import { cardsOf, hashUnit } from "../devices.js";
import { exactly, figure, NONE } from "../units.js";
import { bar } from "./marks.js";

/** @import {App} from "../app.js" */
/** @import {Card} from "../devices.js" */
/** @import {Row} from "../store.js" */
/** @import {MachineView} from "../wire.js" */

/** @typedef {{metric: string, label: string, unit: string}} Column */

/** @param {string} unit of hashrates @returns {Column[]} */
function columnsOf(unit) {
  return [
    { metric: "board_hashrate", label: "Hashrate", unit },
    { metric: "board_chips", label: "Chips", unit: "chips" },
    { metric: "board_chip_c", label: "Hottest chip", unit: "°C" },
    { metric: "board_temperature_c", label: "Board temp.", unit: "°C" },
    { metric: "board_frequency_hz", label: "Frequency", unit: "Hz" },
  ];
}

/**
 * @param {App} app
 * @param {Row} row
 * @param {MachineView} view
 * @param {string} silence why nothing is known of them now; "" where they are read
 */
export function boardsSection(app, row, view, silence) {
  const parts = silence ? [] : cardsOf(app.metrics, view);
  const of = (/** @type {string} */ kind) => parts.filter(({ device }) => device.startsWith(`${kind}-`));
  return html`<section aria-labelledby="boards-title">
      <h2 id="boards-title">Boards</h2>
      ${of("board").length ? boardTable(app, view, of("board"), hashUnit(row.live.mining)) : missing(view, "boards", silence)}
    </section>
    <section aria-labelledby="fans-title">
      <h2 id="fans-title">Fans</h2>
      ${of("fan").length ? fanList(app, view, of("fan")) : missing(view, "fans", silence)}
    </section>`;
}

/** @param {MachineView} view @param {string} part @param {string} silence */
function missing({ unread, silence: before }, part, silence) {
  const reason = silence || (before ? "it answers again since a moment ago" : "") || whyUnread(unread ?? [], part);
  return html`<p class="muted" data-testid="no-${part}">Not known: <bdi>${reason}</bdi>.</p>`;
}

/** @param {App} app @param {MachineView} view @param {Card[]} boards @param {string} unit */
function boardTable(app, view, boards, unit) {
  const columns = columnsOf(unit);
  return html`<table class="card cards" role="table" aria-label="Boards" data-testid="boards">
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader">Board</th>
        ${columns.map(({ label }) => html`<th role="columnheader">${label}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${boards.map(
        (board) => html`<tr role="row" data-testid="board-row" data-device=${board.device}>
          <th role="rowheader" scope="row"><span class="card-name">${board.label}</span></th>
          ${columns.map((column) => boardCell(app, view, board, column))}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

/** @param {App} app @param {MachineView} view @param {Card} board @param {Column} column */
function boardCell(app, view, { device }, { metric, label, unit }) {
  // A figure of nobody knows what is none.
  const value = unit === "/s" ? null : (view.values?.[`${metric}@${device}`] ?? null);
  return html`<td role="cell" data-metric=${metric} data-label=${label}>
    ${value === null
      ? notKnown(app, whyUnread(view.unread ?? [], unit === "/s" ? "hashrate" : metric, device))
      : html`<span title=${exactly(value, unit)}>${figure(value, unit)}</span>${bar(metric, value)}`}
  </td>`;
}

/** @param {App} app @param {string} reason for a pointer that rests on it, and said where it is tapped */
function notKnown(app, reason) {
  const say = () => app.say({ text: `Not read: ${reason}` });
  return html`<button type="button" class="unread" data-testid="not-read" title=${reason} aria-label="Not read: ${reason}" @click=${say}>${NONE}</button>`;
}

/** @param {App} app @param {MachineView} view @param {Card[]} fans */
function fanList(app, view, fans) {
  return html`<ul class="fans card" data-testid="fans">
    ${fans.map(({ device, label }) => {
      const speed = view.values?.[`fan_rpm@${device}`] ?? null;
      return html`<li>
        <span class="muted">${label}</span>
        <b class=${speed === 0 ? "tone-bad" : nothing}
          >${speed === null ? notKnown(app, whyUnread(view.unread ?? [], "fan_rpm", device)) : speed === 0 ? "stands still" : figure(speed, "rpm")}</b
        >
      </li>`;
    })}
  </ul>`;
}
