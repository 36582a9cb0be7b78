// The bin below the sentries: what was deleted and can still be restored.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ago, dateAndTime, until } from "../units.js";
import { restore } from "./deletion.js";
import { windowedRows } from "./windowed.js";

/** @import {App} from "../app.js" */
/** @import {BinnedAgent} from "../wire.js" */
/** @import {Task} from "./fields.js" */
/** @import {List} from "./windowed.js" */

/** @param {App} app @param {BinnedAgent[]} binned @param {Task} task */
export function binView(app, binned, task) {
  const now = app.clock.running();
  return html`<section class="bin" data-testid="bin" aria-labelledby="bin-title">
    <h2 id="bin-title" tabindex="-1">Bin</h2>
    <p class="muted">
      Deleted sentries, with their machines and their history. Restored, they report again with nothing changed on the
      rig.
    </p>
    ${binned.length ? binTable(app, binned, task, now) : html`<p class="muted">It is empty.</p>`}
  </section>`;
}

/** @param {App} app @param {BinnedAgent[]} binned @param {Task} task @param {number} now */
function binTable(app, binned, task, now) {
  /** @type {List<BinnedAgent>} */
  const list = { body: ".bin-list tbody", rowPx: [52, 86], items: binned, key: ({ agent }) => agent };
  return html`<table class="grid bin-list" role="table" aria-label="Bin" aria-rowcount=${binned.length}>
    <tbody role="rowgroup">
      ${windowedRows(list, (one) => binRow(app, one, task, now))}
    </tbody>
  </table>`;
}

/** @param {App} app @param {BinnedAgent} one @param {Task} task @param {number} now */
function binRow(app, one, task, now) {
  const { agent, name, binned_at, erased_at } = one;
  return html`<tr role="row" data-testid="binned-row" data-agent=${agent}>
    <td role="cell" class="name-cell"><span class="name" title=${name}>${name}</span></td>
    <td role="cell" class="muted" title=${dateAndTime(binned_at)}>deleted ${ago(Math.max(0, now - binned_at))}</td>
    <td role="cell" class="muted" title=${dateAndTime(erased_at)}>erased ${until(erased_at - now)}</td>
    <td role="cell" class="end">
      <button
        type="button"
        class="quiet"
        data-testid="restore"
        aria-label="Restore ${name}"
        ?disabled=${task.busy}
        @click=${() => task.run(() => restore(app, one))}
      >
        Restore
      </button>
    </td>
  </tr>`;
}

/** @param {BinnedAgent[] | null} binned a way to the bin, which may lie far below */
export function binLink(binned) {
  if (!binned?.length) return nothing;
  const go = () => {
    const title = document.getElementById("bin-title");
    title?.scrollIntoView({ block: "center" });
    title?.focus({ preventScroll: true });
  };
  return html`<button type="button" class="quiet" data-testid="to-bin" @click=${go}>Bin (${binned.length})</button>`;
}
