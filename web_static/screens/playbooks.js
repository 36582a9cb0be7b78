// Playbooks: the list of them, and which of their pages an address leads to.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { readPlaybooks } from "../rollout_calls.js";
import { counted } from "../templates.js";
import { dateAndTime } from "../units.js";
import { Task, whenLiveAgain } from "./fields.js";
import { unreadLine } from "./marks.js";
import { playbookFormScreen } from "./playbook_form.js";
import { playbookTabs } from "./playbook_tabs.js";
import { playbookVersionsScreen } from "./playbook_versions.js";
import { softwareScreen } from "./software.js";
import { templatesScreen } from "./templates.js";

/** @import {Place} from "../address.js" */
/** @import {App, Screen} from "../app.js" */
/** @import {PlaybookView} from "../wire.js" */

/** @type {Record<string, (app: App) => Screen>} */
const PAGES = { "": listScreen, templates: templatesScreen, software: softwareScreen, new: (app) => playbookFormScreen(app, "") };

/** @param {App} app @param {Place} place @returns {Screen} */
export function playbooksScreen(app, { id, query }) {
  const page = Object.hasOwn(PAGES, id) ? PAGES[id] : null;
  if (page) return page(app);
  return query.get("show") === "edit" ? playbookFormScreen(app, id) : playbookVersionsScreen(app, id);
}

/** @param {App} app @returns {Screen} */
function listScreen(app) {
  const task = new Task(app);
  /** @type {PlaybookView[] | null} */
  let playbooks = null;
  const load = () =>
    task.run(async () => {
      ({ playbooks } = await readPlaybooks(app.api));
    });
  load();
  return {
    title: () => "Playbooks",
    update: whenLiveAgain(app, load),
    view: () => html`${playbookTabs("")}
      <div class="sections wide" data-testid="playbooks">
        <div class="heading">
          <div><h1 tabindex="-1">Playbooks</h1><p class="muted">What rigs run: a program in one version, its start scripts, and pools with wallets.</p></div>
          <a class="button primary" href="#/playbooks/new" data-testid="new-playbook">New playbook</a>
        </div>
        ${unreadLine(task.error, load)} ${playbooks || task.error ? nothing : html`<p class="muted">Reading…</p>`}
        ${playbooks ? listView(playbooks) : nothing}
      </div>`,
  };
}

/** @param {PlaybookView[]} playbooks */
function listView(playbooks) {
  if (!playbooks.length) {
    return html`<section class="card empty" data-testid="empty">
      <p class="big">No playbooks yet.</p>
      <p class="muted">First write down <a href="#/playbooks/templates">a pool and a wallet</a>, then make a playbook that names them.</p>
    </section>`;
  }
  return html`<section class="card">
    <ul class="rows">
      ${playbooks.map(rowView)}
    </ul>
  </section>`;
}

/** @param {PlaybookView} playbook */
function rowView({ playbook, newest, rigs, changed }) {
  const { draft, version, pools, at, by } = newest;
  return html`<li data-testid="playbook">
    <span>
      <b><a href="#/playbooks/${encodeURIComponent(playbook)}"><bdi>${draft.name}</bdi></a></b>
      <span class="muted"><bdi>${draft.program} ${draft.program_version}</bdi> · <bdi>${pools.join(", ")}</bdi></span>
      <span class="muted">version ${version}, ${dateAndTime(at)} by <bdi>${by}</bdi></span>
    </span>
    <span class="rig-count">${rigs ? counted(rigs, "rig") : html`<span class="muted">on no rig</span>`}${changed ? html`<span class="warn">${changed} not yet on version ${version}</span>` : nothing}</span>
  </li>`;
}
