// Who belongs to the farm and who is invited, as its owners decide.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { inWords } from "../api.js";
import { seatWords } from "../may.js";
import { dateAndTime, dayOf, until } from "../units.js";
import { openDialog } from "./dialogs.js";
import { focusMistake, Task } from "./fields.js";
import { openInvite } from "./invite.js";
import { errorLine } from "./marks.js";
import { openQuestion } from "./question.js";
import { seatDraft, seatFields, seatIn } from "./seat_fields.js";

/** @import {App, Screen} from "../app.js" */
/** @import {InvitationView, MemberList, MemberView, Role} from "../wire.js" */

/** @typedef {{role: Role, clients: string[] | null}} Seat */

const LAST_OWNER = "The last owner: make somebody else an owner first.";

class People {
  /** @type {MemberList | null} */
  list = null;
  task;
  #app;

  /** @param {App} app */
  constructor(app) {
    this.#app = app;
    this.task = new Task(app);
  }

  load() {
    return this.task.run(async () => {
      this.list = await this.#app.api.members();
    });
  }

  invite() {
    openInvite(this.#app, () => this.load());
  }

  /** @param {MemberView} member */
  isMe({ email }) {
    return email === this.#app.session?.email;
  }

  /** @param {MemberView} member */
  isLastOwner({ role }) {
    return role === "owner" && this.list?.members.filter((each) => each.role === "owner").length === 1;
  }

  /** @param {MemberView} member @param {Seat} seat */
  async change(member, seat) {
    const app = this.#app;
    const { email, role, clients } = await app.api.changeMember(member.member, seat);
    // Whoever is an owner no more sees this page no more, nor can take it back.
    if (this.isMe(member)) return app.reread();
    const undo = () => this.change(member, { role: member.role, clients: member.clients });
    const act = () => undo().catch((reason) => app.say({ text: inWords(reason) }));
    app.say({ text: `${email} is now ${seatWords({ role, clients })}.`, label: "Undo", act });
    await this.load();
  }

  /** @param {MemberView} member */
  askToRemove(member) {
    const [app, { email, role, clients }] = [this.#app, member];
    const me = this.isMe(member);
    const remove = async () => {
      await app.api.removeMember(member.member);
      if (me) return app.reread();
      const act = () => openInvite(app, () => this.load(), { email, role, clients });
      app.say({ text: `${email} was removed.`, label: "Invite again", act });
      await this.load();
    };
    const title = me ? "Leave the farm?" : html`Remove <bdi>${email}</bdi>?`;
    const words = me
      ? "You see nothing of it any more, and your API tokens for it end. Only an owner can invite you again."
      : "They see nothing of the farm any more, at once, and their API tokens for it end. You can invite them again.";
    openQuestion(app, { title, words, no: me ? "Stay" : "Keep them", yes: me ? "Leave" : "Remove" }, remove);
  }

  /** @param {InvitationView} invitation */
  askToWithdraw({ invitation, email }) {
    const withdraw = async () => {
      await this.#app.api.withdrawInvitation(invitation);
      await this.load();
    };
    const title = email ? html`Withdraw the invitation of <bdi>${email}</bdi>?` : "Withdraw the invitation?";
    const words = "Its link stops working. Whoever has it already and wants to join needs another one.";
    openQuestion(this.#app, { title, words, no: "Keep it", yes: "Withdraw" }, withdraw);
  }
}

/** @param {App} app @returns {Screen} */
export function peopleScreen(app) {
  const people = new People(app);
  people.load();
  return { title: () => "People", view: () => screenView(app, people) };
}

/** @param {App} app @param {People} people */
function screenView(app, people) {
  const { list, task } = people;
  return html`<div class="sections" data-testid="people">
    <div class="heading">
      <div>
        <h1 tabindex="-1">People</h1>
        <p class="muted">Who belongs to <bdi>${app.seat?.name}</bdi>, and what they may do there.</p>
      </div>
      <button type="button" class="primary" data-testid="invite" @click=${() => people.invite()}>Invite</button>
    </div>
    ${errorLine(task.told)} ${list || task.error ? nothing : html`<p class="muted">Reading…</p>`}
    ${list ? html`${membersView(app, people, list.members)} ${invitationsView(app, people, list.invitations)}` : nothing}
  </div>`;
}

/** @param {App} app @param {People} people @param {MemberView[]} members */
function membersView(app, people, members) {
  return html`<section class="card">
    <h2>Members</h2>
    <ul class="rows">
      ${members.map((member) => memberRow(app, people, member))}
    </ul>
    ${members.length === 1 ? html`<p class="muted">Nobody else belongs to it yet.</p>` : nothing}
  </section>`;
}

/** @param {App} app @param {People} people @param {MemberView} member */
function memberRow(app, people, member) {
  const { email, joined_at } = member;
  const [last, me] = [people.isLastOwner(member), people.isMe(member)];
  return html`<li data-testid="member" data-email=${email}>
    <span>
      <b><bdi>${email}</bdi></b>${me ? " (you)" : nothing}
      <span class="muted"
        ><bdi>${seatWords(member)}</bdi> · <span title=${dateAndTime(joined_at)}>since ${dayOf(joined_at)} ${new Date(joined_at * 1000).getFullYear()}</span></span
      >
      ${last ? html`<span class="muted" id="last-owner">${LAST_OWNER}</span>` : nothing}
    </span>
    <span class="deeds">
      <button
        type="button"
        data-testid="change-member"
        class="quiet"
        aria-label="Change ${email}"
        aria-describedby=${last ? "last-owner" : nothing}
        ?disabled=${last}
        @click=${() => openChange(app, people, member)}
      >
        Change
      </button>
      <button
        type="button"
        data-testid="remove-member"
        class="quiet danger-text"
        aria-label=${me ? "Leave the farm" : `Remove ${email}`}
        aria-describedby=${last ? "last-owner" : nothing}
        ?disabled=${last}
        @click=${() => people.askToRemove(member)}
      >
        ${me ? "Leave" : "Remove"}
      </button>
    </span>
  </li>`;
}

/** @param {App} app @param {People} people @param {MemberView} member */
function openChange(app, people, member) {
  const [task, draft] = [new Task(app), seatDraft(member.role, member.clients)];
  /** @param {SubmitEvent} event @param {HTMLDialogElement} dialog */
  const submit = async (event, dialog) => {
    event.preventDefault();
    if (await task.run(async () => people.change(member, seatIn(draft)))) dialog.close();
    else focusMistake();
  };
  const warned = () => people.isMe(member) && draft.role !== "owner";
  openDialog(
    app,
    (dialog) => html`<form @submit=${(/** @type {SubmitEvent} */ event) => submit(event, dialog)}>
      <h2 id="dialog-title">What may <bdi>${member.email}</bdi> do?</h2>
      ${seatFields(app, draft, task)}
      ${warned() ? html`<p class="note" role="alert">You cannot take this back yourself: only another owner can.</p>` : nothing}
      ${errorLine(task.errorBeside(["role", "clients"]))}
      <div class="actions">
        <button type="button" @click=${() => dialog.close()}>Cancel</button>
        <button class="primary" data-testid="save-member" ?disabled=${task.busy}>${task.busy ? "Saving…" : "Save"}</button>
      </div>
    </form>`,
  );
}

/** @param {App} app @param {People} people @param {InvitationView[]} invitations */
function invitationsView(app, people, invitations) {
  return html`<section class="card">
    <h2>Open invitations</h2>
    ${invitations.length ? nothing : html`<p class="muted">None. An invitation is open for 7 days, and is accepted once.</p>`}
    <ul class="rows">
      ${invitations.map((one) => invitationRow(app, people, one))}
    </ul>
  </section>`;
}

/** @param {App} app @param {People} people @param {InvitationView} one */
function invitationRow(app, people, one) {
  const { email, invited_by, expires_at } = one;
  return html`<li data-testid="open-invitation">
    <span>
      ${email ? html`<b><bdi>${email}</bdi></b>` : html`<b>Whoever uses its link first</b>`}
      <span class="muted"
        ><bdi>${seatWords(one)}</bdi> ·
        <span title=${dateAndTime(expires_at)}>expires ${until(expires_at - app.clock.running())}</span> · by
        <bdi>${invited_by}</bdi></span
      >
    </span>
    <button type="button" class="quiet" data-testid="withdraw" aria-label="Withdraw the invitation of ${email ?? "whoever has its link"}" @click=${() => people.askToWithdraw(one)}>
      Withdraw
    </button>
  </li>`;
}
