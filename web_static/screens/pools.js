// The pools that an ASIC is set to, and what it complains of by itself.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { poolWords, whyUnread } from "../asics.js";
import { ago, count, dateAndTime, NONE } from "../units.js";

/** @import {Appliance, MachineView, Notice, Pool} from "../wire.js" */

/** @type {Record<NonNullable<Notice["level"]>, {mark: string, words: string}>} */
const LEVELS = {
  error: { mark: "critical", words: "error" },
  warning: { mark: "alert", words: "warning" },
  note: { mark: "note", words: "note" },
};

/** @param {Appliance | null | undefined} appliance @param {number} now */
function asOf(appliance, now) {
  const at = appliance?.read_at ?? null;
  if (at === null) return nothing;
  return html`<span class="muted" data-testid="read-at" title=${`Read on ${dateAndTime(at)}`}>as of ${ago(Math.max(0, now - at))}</span>`;
}

/** @param {MachineView} view @param {boolean} current whether the machine answers now @param {number} now */
export function poolsSection({ appliance, unread }, current, now) {
  const pools = appliance?.pools ?? [];
  return html`<section aria-labelledby="pools-title">
    <div class="charts-heading">
      <h2 id="pools-title">Pools</h2>
      ${pools.length ? asOf(appliance, now) : nothing}
    </div>
    ${pools.length ? poolTable(pools, current) : html`<p class="muted">Not known: <bdi>${appliance ? whyUnread(unread ?? [], "pools") : "not read yet"}</bdi>.</p>`}
    ${noControl()}
  </section>`;
}

/** Why nothing can be set. */
function noControl() {
  return html`<p class="muted small" data-testid="no-control">
    Pools, wallets and power are not set from here: this software only reads ASICs and never writes to a device, so that
    nobody who gets into it can turn your hashrate to themselves.
  </p>`;
}

/** @param {Pool[]} pools @param {boolean} current */
function poolTable(pools, current) {
  return html`<table class="card cards pools" role="table" aria-label="Pools" data-testid="pools">
    <thead role="rowgroup">
      <tr role="row">
        ${["Pool", "User", "State", "Accepted", "Rejected"].map((label) => html`<th role="columnheader">${label}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${pools.map((pool) => poolRow(pool, current))}
    </tbody>
  </table>`;
}

/** @param {Pool} pool @param {boolean} current */
function poolRow(pool, current) {
  const { address, user, accepted, rejected } = pool;
  const shares = (/** @type {number | null | undefined} */ value) => (current && value !== null && value !== undefined ? count(value) : NONE);
  return html`<tr role="row" data-testid="pool-row">
    <th role="rowheader" scope="row"><bdi class="card-name">${address || NONE}</bdi></th>
    <td role="cell" data-label="User"><bdi>${user || NONE}</bdi></td>
    <td role="cell" data-label="State">${poolWords(pool, current)}</td>
    <td role="cell" data-label="Accepted">${shares(accepted)}</td>
    <td role="cell" data-label="Rejected">${shares(rejected)}</td>
  </tr>`;
}

/** @param {MachineView} view @param {number} now */
export function messagesSection({ appliance, unread }, now) {
  const notices = appliance?.notices ?? [];
  const reason = (unread ?? []).find(({ part }) => part === "messages")?.reason;
  return html`<section aria-labelledby="messages-title">
    <div class="charts-heading">
      <h2 id="messages-title">Its own messages</h2>
      ${appliance && !reason ? asOf(appliance, now) : nothing}
    </div>
    ${notices.length ? noticeList(notices, now) : html`<p class="muted">${noMessages(appliance, reason)}</p>`}
  </section>`;
}

/** @param {Appliance | null | undefined} appliance @param {string | undefined} reason */
function noMessages(appliance, reason) {
  if (reason) return html`Not known: <bdi>${reason}</bdi>.`;
  return appliance ? "It complains of nothing." : "Not read yet.";
}

/** @param {Notice[]} notices @param {number} now */
function noticeList(notices, now) {
  return html`<ul class="events card" data-testid="notices">
    ${notices.map(({ text, level = "error", code, at }) => {
      const { mark, words } = LEVELS[level] ?? LEVELS.error;
      return html`<li data-level=${mark} data-testid="notice-row">
        <span class="dot" role="img" aria-label=${words} title=${words}></span>
        <span class="event-words"><bdi>${text}</bdi>${code === null || code === undefined ? nothing : html`<span class="muted">code ${code}</span>`}</span>
        ${at ? html`<time class="muted" datetime=${new Date(at * 1000).toISOString()} title=${ago(Math.max(0, now - at))}>${dateAndTime(at)}</time>` : nothing}
      </li>`;
    })}
  </ul>`;
}
