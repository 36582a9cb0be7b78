// The fields of a wallet.

import { html } from "../vendor/lit-html/lit-html.js";
import { coinOf, KNOWN_COINS } from "../templates.js";
import { textField } from "./fields.js";
import { openTemplateForm } from "./template_form.js";

/** @import {App} from "../app.js" */
/** @import {WalletTemplate} from "../wire.js" */
/** @import {Task} from "./fields.js" */

const NAMES = ["name", "coin", "address"];
const HINT = `Such as XMR. Addresses of ${KNOWN_COINS.join(", ")} are checked; an account at a pool is a wallet of a coin that you name yourself.`;

/** @param {App} app @param {WalletTemplate | null} wallet null: a new one @param {() => unknown} saved */
export function openWalletForm(app, wallet, saved) {
  const entry = (/** @type {(name: string) => string} */ typed) => ({ name: typed("name"), coin: coinOf(typed("coin")), address: typed("address") });
  openTemplateForm(app, { shelf: "wallets", one: "wallet", id: wallet?.wallet ?? "", names: NAMES, fields: (task) => fields(task, wallet), entry }, saved);
}

/** @param {Task} task @param {WalletTemplate | null} wallet */
function fields(task, wallet) {
  const { name = "", coin = "", address = "" } = wallet?.entry ?? {};
  return html`${textField({ name: "name", label: "Name", value: name, required: true, error: task.errorAt("name") })}
    ${textField({ name: "coin", label: "Coin", value: coin, list: KNOWN_COINS, hint: HINT, required: true, error: task.errorAt("coin") })}
    ${textField({ name: "address", label: "Address", value: address, required: true, error: task.errorAt("address") })}`;
}
