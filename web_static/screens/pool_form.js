// The fields of a pool.

import { html } from "../vendor/lit-html/lit-html.js";
import { coinOf, KNOWN_COINS } from "../templates.js";
import { textField } from "./fields.js";
import { openTemplateForm } from "./template_form.js";

/** @import {App} from "../app.js" */
/** @import {PoolTemplate} from "../wire.js" */
/** @import {Task} from "./fields.js" */

const NAMES = ["name", "address", "coin", "algorithm", "region", "password"];

/** @param {App} app @param {PoolTemplate | null} pool null: a new one @param {() => unknown} saved */
export function openPoolForm(app, pool, saved) {
  const entry = (/** @type {(name: string) => string} */ typed) => ({
    name: typed("name"),
    address: typed("address"),
    tls: typed("tls") === "on",
    coin: coinOf(typed("coin")) || null,
    algorithm: typed("algorithm"),
    region: typed("region"),
    password: typed("password") || "x",
  });
  openTemplateForm(app, { shelf: "pools", one: "pool", id: pool?.pool ?? "", names: NAMES, fields: (task) => fields(task, pool), entry }, saved);
}

/** @param {Task} task @param {PoolTemplate | null} pool */
function fields(task, pool) {
  const { name = "", address = "", tls = false, coin = null, algorithm = "", region = "", password = "x" } = pool?.entry ?? {};
  const error = (/** @type {string} */ field) => task.errorAt(field);
  return html`${textField({ name: "name", label: "Name", value: name, required: true, error: error("name") })}
    ${textField({ name: "address", label: "Address", value: address, hint: "Host and port, such as pool.example:3333.", required: true, error: error("address") })}
    <label class="tick"><input type="checkbox" name="tls" data-testid="field-tls" ?checked=${tls} /><span>It is reached with TLS</span></label>
    ${textField({ name: "coin", label: "Coin that it pays", value: coin ?? "", list: KNOWN_COINS, hint: "Such as XMR. Empty where it pays several.", error: error("coin") })}
    ${textField({ name: "algorithm", label: "Algorithm", value: algorithm, hint: "For yourself; the script says what is mined.", error: error("algorithm") })}
    ${textField({ name: "region", label: "Region", value: region, error: error("region") })}
    ${textField({ name: "password", label: "Password", value: password, hint: "“x” where the pool asks for none.", error: error("password") })}`;
}
