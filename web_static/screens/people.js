// Who belongs to the farm and who is invited, as its owners decide.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { ApiError, inWords } from "../api.js";
import { seatWords } from "../may.js";
import { dateAndTime, dayOf, until } from "../units.js";
import { openDialog } from "./dialogs.js";
import { focusMistake, Task, whenLiveAgain } from "./fields.js";
import { openInvite } from "./invite.js";
import { errorLine, unreadLine } from "./marks.js";
import { openQuestion } from "./question.js";
import { seatDraft, seatFields, seatIn } from "./seat_fields.js";

/** @import {App, Screen} from "../app.js" */
/** @import {InvitationView, MemberList, MemberView, Role} from "../wire.js" */

/** @typedef {{role: Role, clients: string[] | null}} Seat */

// From so many members on they are sought rather than looked through.
const SOUGHT_FROM = 20;
// Somebody else was faster.
const GONE = ["member_unknown", "invitation_unknown"];
const LAST_OWNER = "The last owner: make somebody else an owner first.";

class People {
  /** @type {MemberList | null} */
  list = null;
  sought = "";
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

  /**
   * Do something to a member or an invitation, and show how they all are after it.
   * @param {() => Promise<unknown>} act
   * @param {string} gone said where somebody else has removed them meanwhile
   */
  async #doTo(act, gone) {
    try {
      await act();
    } catch (reason) {
      if (!(reason instanceof ApiError && GONE.includes(reason.code))) throw reason;
      this.#app.say({ text: gone });
    }
    await this.load();
  }

  /** @param {string} text */
  seek(text) {
    this.sought = text.trim().toLowerCase();
    this.#app.redraw();
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
    const change = async () => {
      const { email, role, clients } = await app.api.changeMember(member.member, seat);
      // Whoever is an owner no more sees this page no more, nor can take it back.
      if (this.isMe(member)) return app.reread();
      const undo = () => this.change(member, { role: member.role, clients: member.clients });
      const act = () => undo().catch((reason) => app.say({ text: inWords(reason) }));
      app.say({ text: `${email} is now ${seatWords({ role, clients })}.`, label: "Undo", act });
    };
    await this.#doTo(change, `${member.email} does not belong to the farm any more.`);
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
    };
    const act = () => this.#doTo(remove, `${email} was removed already.`);
    const title = me ? "Leave the farm?" : html`Remove <bdi>${email}</bdi>?`;
    const words = me
      ? "You see nothing of it any more, and your API tokens for it end. Only an owner can invite you again."
      : "They see nothing of the farm any more, at once, and their API tokens for it end. You can invite them again.";
    openQuestion(app, { title, words, no: me ? "Stay" : "Keep them", yes: me ? "Leave" : "Remove" }, act);
  }

  /** @param {InvitationView} invitation */
  askToWithdraw({ invitation, email }) {
    const withdraw = () =>
      this.#doTo(() => this.#app.api.withdrawInvitation(invitation), "That invitation was accepted or withdrawn meanwhile.");
    const title = email ? html`Withdraw the invitation of <bdi>${email}</bdi>?` : "Withdraw the invitation?";
    const words = "Its link stops working. Whoever has it already and wants to join needs another one.";
    openQuestion(this.#app, { title, words, no: "Keep it", yes: "Withdraw" }, withdraw);
  }
}

/** @param {App} app @returns {Screen} */
export function peopleScreen(app) {
  const people = new People(app);
  people.load();
  return { title: () => "People", update: whenLiveAgain(app, () => people.load()), view: () => screenView(app, people) };
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
    ${unreadLine(task.told, () => people.load())} ${list || task.error ? nothing : html`<p class="muted">Reading…</p>`}
    ${list ? html`${invitationsView(app, people, list.invitations)} ${membersView(app, people, list.members)}` : nothing}
  </div>`;
}

/** @param {App} app @param {People} people @param {MemberView[]} members */
function membersView(app, people, members) {
  const many = members.length >= SOUGHT_FROM;
  const found = many ? members.filter(({ email }) => email.toLowerCase().includes(people.sought)) : members;
  return html`<section class="card">
    <h2>${many ? `${members.length} members` : "Members"}</h2>
    ${many ? filterField(people) : nothing}
    <ul class="rows">
      ${found.map((member) => memberRow(app, people, member))}
    </ul>
    ${found.length ? nothing : html`<p class="muted" data-testid="none-found">No member’s address holds that.</p>`}
    ${members.length === 1 ? html`<p class="muted">Nobody else belongs to it yet.</p>` : nothing}
  </section>`;
}

/** @param {People} people */
function filterField(people) {
  return html`<input
    type="search"
    aria-label="Filter"
    placeholder="Filter by address"
    data-testid="filter"
    @input=${(/** @type {InputEvent} */ event) => people.seek(/** @type {HTMLInputElement} */ (event.target).value)}
  />`;
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
        <button type="button" ?disabled=${task.busy} @click=${() => dialog.close()}>Cancel</button>
        <button class="primary" data-testid="save-member" ?disabled=${task.busy}>${task.busy ? "Saving…" : "Save"}</button>
      </div>
    </form>`,
    task,
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
