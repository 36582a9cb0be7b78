// The pools of a playbook in order of preference, each with the wallet that it pays to.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { moved, poolWords } from "../templates.js";

/** @import {PoolChoice, TemplateBook} from "../wire.js" */

export const POOLS_MAX = 8;
const GONE = "no longer in the address book";

/** @param {TemplateBook} book @param {PoolChoice[]} pools @param {(pools: PoolChoice[]) => void} set */
export function poolFields(book, pools, set) {
  const wallet = book.wallets[0]?.wallet ?? "";
  const free = book.pools.find(({ pool }) => !pools.some((one) => one.pool === pool)) ?? book.pools[0];
  const add = () => set([...pools, { pool: free?.pool ?? "", wallet: pools.at(-1)?.wallet ?? wallet }]);
  return html`<fieldset data-testid="playbook-pools">
    <legend>Pools, the best first</legend>
    ${book.pools.length && book.wallets.length ? nothing : html`<p>First <a href="#/playbooks/templates">write down a pool and a wallet</a>.</p>`}
    <ol class="pool-rows">
      ${pools.map((choice, at) => poolRow(book, pools, choice, at, set))}
    </ol>
    <p><button type="button" data-testid="add-pool" ?disabled=${pools.length >= POOLS_MAX || !free} @click=${add}>Add a pool</button></p>
  </fieldset>`;
}

/** @param {TemplateBook} book @param {PoolChoice[]} pools @param {PoolChoice} choice @param {number} at @param {(pools: PoolChoice[]) => void} set */
function poolRow(book, pools, choice, at, set) {
  /** @param {Partial<PoolChoice>} change */
  const change = (change) => set(pools.map((one, number) => (number === at ? { ...one, ...change } : one)));
  const knownPools = book.pools.map(({ pool, entry }) => named(pool, `${entry.name} (${poolWords(entry)})`));
  const knownWallets = book.wallets.map(({ wallet, entry }) => named(wallet, `${entry.name} (${entry.coin})`));
  const number = at + 1;
  return html`<li>
    ${options(`Pool ${number}`, choice.pool, knownPools, (pool) => change({ pool }))}
    ${options(`Wallet of pool ${number}`, choice.wallet, knownWallets, (wallet) => change({ wallet }))}
    <span class="row-buttons">
      <button type="button" class="quiet" aria-label="Pool ${number} earlier" ?disabled=${at === 0} @click=${() => set(moved(pools, at, at - 1))}>↑</button>
      <button type="button" class="quiet" aria-label="Pool ${number} later" ?disabled=${number === pools.length} @click=${() => set(moved(pools, at, at + 1))}>↓</button>
      <button type="button" class="quiet danger-text" aria-label="Without pool ${number}" ?disabled=${pools.length === 1} @click=${() => set(pools.filter((_, other) => other !== at))}>Remove</button>
    </span>
  </li>`;
}

/** @param {string} id @param {string} words @returns {[string, string]} */
const named = (id, words) => [id, words];

/** @param {string} label @param {string} chosen @param {[string, string][]} known @param {(id: string) => void} set */
export function options(label, chosen, known, set) {
  const gone = chosen && !known.some(([id]) => id === chosen);
  return html`<label>${label}<select @change=${(/** @type {Event} */ event) => set(/** @type {HTMLSelectElement} */ (event.target).value)}>
    ${gone ? html`<option value=${chosen} selected>${GONE}</option>` : nothing}
    ${known.map(([id, words]) => html`<option value=${id} .selected=${id === chosen}>${words}</option>`)}
  </select></label>`;
}
