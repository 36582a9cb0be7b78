// What is shown where the address names no farm that somebody belongs to; and the dialog that makes a farm.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { farmAddress, farmNamed } from "../address.js";
import { seatWords } from "../may.js";
import { openDialog } from "./dialogs.js";
import { filledIn, Task, textField } from "./fields.js";
import { errorLine } from "./marks.js";

/** @import {App, Screen} from "../app.js" */

/** @param {App} app @returns {Screen} */
export function farmChoiceScreen(app) {
  const choice = choiceOf(app);
  return {
    title: () => choice.title,
    view: () => html`<section class="farm-choice card" data-testid="farm-choice">
      <h1 tabindex="-1">${choice.title}</h1>
      <p class="muted">${choice.words}</p>
      ${farmLinks(app)}
      <div class="actions">${newFarmButton(app)}</div>
    </section>`,
  };
}

/** @param {App} app */
function choiceOf({ session }) {
  const email = session?.email ?? "";
  if (!session?.farms.length) {
    const way = `Open the link of an invitation while you are signed in as ${email}, or make a farm of your own.`;
    return { title: "You belong to no farm", words: way };
  }
  if (farmNamed(location.search)) {
    return { title: "There is no such farm", words: "It does not exist, or you do not belong to it. These are yours:" };
  }
  return { title: "In which farm?", words: "This address leads to a page of one farm, and you belong to several." };
}

/** @param {App} app the same page of each farm */
function farmLinks({ session }) {
  if (!session?.farms.length) return nothing;
  const hash = farmNamed(location.search) ? "#/machines" : location.hash;
  return html`<ul class="farm-links">
    ${session.farms.map(
      (seat) => html`<li>
        <a class="choice" href=${farmAddress(seat.farm, hash)}
          ><b>${seat.name}</b><span class="muted">${seatWords(seat)}</span></a
        >
      </li>`,
    )}
  </ul>`;
}

/** @param {App} app */
export function newFarmButton(app) {
  return html`<button type="button" data-testid="new-farm" @click=${() => openNewFarm(app)}>New farm</button>`;
}

/** @param {App} app */
function openNewFarm(app) {
  openFarmName(app, { title: "New farm", name: "", action: "Make it" }, async (name) => {
    const { farm } = await app.api.createFarm(name);
    await app.reread();
    app.visit(farmAddress(farm));
  });
}

/**
 * Asks for a farm's name.
 * @param {App} app
 * @param {{title: string, name: string, action: string}} words
 * @param {(name: string) => Promise<unknown>} save
 */
export function openFarmName(app, { title, name, action }, save) {
  const task = new Task(app);
  /** @param {SubmitEvent} event @param {HTMLDialogElement} dialog */
  const submit = async (event, dialog) => {
    const typed = filledIn(event)("name");
    if (await task.run(() => save(typed))) dialog.close();
  };
  openDialog(
    app,
    (dialog) => html`<form @submit=${(/** @type {SubmitEvent} */ event) => submit(event, dialog)}>
      <h2 id="dialog-title">${title}</h2>
      ${textField({ name: "name", label: "Name", value: name, required: true, error: task.errorAt("name") })}
      ${errorLine(task.errorBeside(["name"]))}
      <div class="actions">
        <button type="button" @click=${() => dialog.close()}>Cancel</button>
        <button class="primary" data-testid="save-farm-name" ?disabled=${task.busy}>
          ${task.busy ? "Saving…" : action}
        </button>
      </div>
    </form>`,
  );
}
