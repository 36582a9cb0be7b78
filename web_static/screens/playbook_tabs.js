// The pages around playbooks, one link each.

import { html, nothing } from "../vendor/lit-html/lit-html.js";

const TABS = [
  ["", "Playbooks"],
  ["templates", "Pools and wallets"],
  ["software", "Software"],
];

/** @param {string} current */
export function playbookTabs(current) {
  return html`<nav class="tabs" aria-label="Playbooks">
    ${TABS.map(([place, label]) => html`<a href=${place ? `#/playbooks/${place}` : "#/playbooks"} aria-current=${place === current ? "page" : nothing}>${label}</a>`)}
  </nav>`;
}
