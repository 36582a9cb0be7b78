// Pools and wallets: each with where it is used.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { deleteTemplate, readTemplates } from "../template_calls.js";
import { poolWords, usedWords, useWords } from "../templates.js";
import { dateAndTime } from "../units.js";
import { Task, whenLiveAgain } from "./fields.js";
import { unreadLine } from "./marks.js";
import { playbookTabs } from "./playbook_tabs.js";
import { openPoolForm } from "./pool_form.js";
import { openQuestion } from "./question.js";
import { openWalletForm } from "./wallet_form.js";

/** @import {App, Screen} from "../app.js" */
/** @import {Shelf} from "../template_calls.js" */
/** @import {PoolTemplate, TemplateBook, Use, WalletTemplate} from "../wire.js" */

/** @param {App} app @returns {Screen} */
export function templatesScreen(app) {
  const task = new Task(app);
  /** @type {TemplateBook | null} */
  let book = null;
  const load = () =>
    task.run(async () => {
      book = await readTemplates(app.api);
    });
  load();
  return {
    title: () => "Pools and wallets",
    update: whenLiveAgain(app, load),
    view: () => html`${playbookTabs("templates")}
      <div class="sections wide" data-testid="templates">
        <div><h1 tabindex="-1">Pools and wallets</h1><p class="muted">Playbooks name them. Changing one changes every playbook that uses it.</p></div>
        ${unreadLine(task.error, load)} ${book || task.error ? nothing : html`<p class="muted">Reading…</p>`}
        ${book ? html`${poolsView(app, book.pools, load)} ${walletsView(app, book.wallets, load)}` : nothing}
      </div>`,
  };
}

/** @param {App} app @param {PoolTemplate[]} pools @param {() => unknown} load */
function poolsView(app, pools, load) {
  return html`<section class="card" data-testid="pools">
    <div class="heading"><h2>Pools</h2><button type="button" data-testid="new-pool" @click=${() => openPoolForm(app, null, load)}>New pool</button></div>
    ${pools.length ? nothing : html`<p class="muted">No pools yet: a playbook needs one.</p>`}
    <ul class="rows">
      ${pools.map((pool) => {
        const text = html`<span class="muted"><bdi>${poolWords(pool.entry)}</bdi></span>`;
        return rowView(app, { ...pool, id: pool.pool, shelf: "pools", name: pool.entry.name, text, edit: () => openPoolForm(app, pool, load) }, load);
      })}
    </ul>
  </section>`;
}

/** @param {App} app @param {WalletTemplate[]} wallets @param {() => unknown} load */
function walletsView(app, wallets, load) {
  return html`<section class="card" data-testid="wallets">
    <div class="heading"><h2>Wallets</h2><button type="button" data-testid="new-wallet" @click=${() => openWalletForm(app, null, load)}>New wallet</button></div>
    ${wallets.length ? nothing : html`<p class="muted">No wallets yet: a playbook needs one.</p>`}
    <ul class="rows">
      ${wallets.map((wallet) => {
        const text = html`<span class="muted"><span>${wallet.entry.coin} ${checkedMark(wallet)}</span> <code>${wallet.entry.address}</code></span>`;
        return rowView(app, { ...wallet, id: wallet.wallet, shelf: "wallets", name: wallet.entry.name, text, edit: () => openWalletForm(app, wallet, load) }, load);
      })}
    </ul>
  </section>`;
}

/** @param {WalletTemplate} wallet */
function checkedMark({ checked }) {
  if (checked === "valid") return html`<span class="badge good" title="The address has its coin’s form and checksum">checked</span>`;
  return html`<span class="badge" title="Nobody knows whether this is an address: look twice">unchecked</span>`;
}

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {Shelf} shelf
 * @property {string} name
 * @property {unknown} text
 * @property {Use[]} [used]
 * @property {number} changed_at
 * @property {string} changed_by
 * @property {() => void} edit
 */

/** @param {App} app @param {Row} row @param {() => unknown} load */
function rowView(app, row, load) {
  const { name, text, used = [], changed_at, changed_by, edit } = row;
  return html`<li data-testid="template">
    <span>
      <b><bdi>${name}</bdi></b> ${text}
      <span class="muted">changed ${dateAndTime(changed_at)} by <bdi>${changed_by}</bdi></span>
      ${usedView(used)}
    </span>
    <span class="row-buttons">
      <button type="button" class="quiet" data-testid="edit-template" aria-label="Edit ${name}" @click=${edit}>Edit</button>
      <button type="button" class="quiet danger-text" data-testid="delete-template" aria-label="Delete ${name}" @click=${() => askToDelete(app, row, load)}>Delete</button>
    </span>
  </li>`;
}

/** @param {Use[]} used */
function usedView(used) {
  if (!used.length) return html`<span class="muted">${usedWords(used)}</span>`;
  return html`<details class="used" data-testid="used">
    <summary>${usedWords(used)}</summary>
    <ul class="uses">
      ${used.map((use) => html`<li><a href="#/playbooks/${encodeURIComponent(use.playbook)}"><bdi>${useWords(use)}</bdi></a></li>`)}
    </ul>
  </details>`;
}

/** @param {App} app @param {Row} row @param {() => unknown} load */
function askToDelete(app, { id, shelf, name, used = [] }, load) {
  const words = used.length ? `It is used ${usedWords(used)}: choose another there first, or it cannot be deleted.` : "No playbook uses it.";
  const act = async () => {
    await deleteTemplate(app.api, shelf, id);
    await load();
  };
  openQuestion(app, { title: html`Delete <bdi>${name}</bdi>?`, words, no: "Keep it", yes: "Delete" }, act);
}
