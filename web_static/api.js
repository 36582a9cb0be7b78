// The commander's HTTP API as functions; whatever goes wrong becomes an error in words.

/** @import * as Wire from "./wire.js" */

const TIMEOUT_MS = 20_000;
const PAGE_ROWS = 500;
const EVENTS = 10;
const FARM_EVENTS = 50;
const UNREACHABLE = "The commander cannot be reached. Check the network and try again.";
const SILENT = "The commander did not answer in time. Try again.";

/** A request that was refused or never answered (`status` 0); its message is for people. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message
   * @param {string} [field] the value that was refused, "" for none in particular
   * @param {number} [wait_s] how long to wait before the next try, 0 where nothing is said
   */
  constructor(status, code, message, field = "", wait_s = 0) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
    this.wait_s = wait_s;
  }
}

/** @param {unknown} error answers words that a person can use */
export function inWords(error) {
  return error instanceof ApiError ? error.message : `Something went wrong in this page: ${error}`;
}

/** @param {Response} response */
async function refusal(response) {
  /** @type {Wire.ErrorReply | null} */
  const reply = await response.json().catch(() => null);
  const message = reply?.error?.message ?? `The commander answered with an error (${response.status}).`;
  const { code = "unknown", field = "" } = reply?.error ?? {};
  return new ApiError(response.status, code, message, field, Number(response.headers.get("Retry-After")) || 0);
}

/** @param {string} id */
const safe = (id) => encodeURIComponent(id);

export class Api {
  #fetch;
  #refused;
  #farm;

  /**
   * @param {typeof fetch} fetch
   * @param {(error: ApiError) => void} refused called with each refusal, before whoever asked is told
   * @param {string} [farm] that all requests are about
   */
  constructor(fetch, refused, farm = "") {
    this.#fetch = fetch;
    this.#refused = refused;
    this.#farm = farm;
  }

  /** @param {string} farm "" for none @returns {Api} the same about another farm */
  of(farm) {
    return new Api(this.#fetch, this.#refused, farm);
  }

  /**
   * For calls that stand in a module of their own.
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  ask(method, path, body) {
    return this.#ask(method, path, body);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async #ask(method, path, body) {
    const response = await this.#send(method, path, body);
    if (response.status === 202 || response.status === 204) return null;
    if (response.ok) return response.json();
    const error = await refusal(response);
    this.#refused(error);
    throw error;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   */
  async #send(method, path, body) {
    const fetch = this.#fetch;
    try {
      return await fetch(path, {
        method,
        cache: "no-store",
        headers: {
          ...(body ? { "Content-Type": "application/json" } : {}),
          ...(this.#farm ? { "Rig-Farm": this.#farm } : {}),
        },
        body: body ? JSON.stringify(body) : null,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      const late = error instanceof DOMException && error.name === "TimeoutError";
      throw new ApiError(0, "unreachable", late ? SILENT : UNREACHABLE);
    }
  }

  /** @returns {Promise<Wire.SessionView>} */
  session() {
    return this.#ask("GET", "/v1/session");
  }

  /** @returns {Promise<Wire.SignInOptions>} */
  signInOptions() {
    return this.#ask("GET", "/v1/sign-in");
  }

  /** @param {Wire.Credentials} credentials @returns {Promise<Wire.SessionView>} */
  signIn(credentials) {
    return this.#ask("POST", "/v1/session", credentials);
  }

  /** @returns {Promise<null>} */
  signOut() {
    return this.#ask("DELETE", "/v1/session");
  }

  /** @param {string} email @returns {Promise<null>} whether or not there is such an account */
  forgotPassword(email) {
    return this.#ask("POST", "/v1/passwords/forgotten", { email });
  }

  /** @param {Wire.PasswordReset} reset @returns {Promise<null>} every session of the account ends */
  resetPassword(reset) {
    return this.#ask("POST", "/v1/passwords/reset", reset);
  }

  /** @param {Wire.PasswordChange} change @returns {Promise<Wire.SessionView>} every other session ends */
  changePassword(change) {
    return this.#ask("PUT", "/v1/account/password", change);
  }

  /** @param {string} password @returns {Promise<Wire.SecondFactorOffer>} */
  offerSecondFactor(password) {
    return this.#ask("POST", "/v1/account/second-factor", { password });
  }

  /** @param {string} code of what was offered @returns {Promise<Wire.RecoveryCodes>} */
  proveSecondFactor(code) {
    return this.#ask("PUT", "/v1/account/second-factor", { code });
  }

  /** @param {Wire.SecondFactorEnd} proof @returns {Promise<null>} */
  endSecondFactor(proof) {
    return this.#ask("POST", "/v1/account/second-factor/end", proof);
  }

  /** @returns {Promise<Wire.SessionList>} */
  sessions() {
    return this.#ask("GET", "/v1/account/sessions");
  }

  /** @param {string} session @returns {Promise<null>} */
  endSession(session) {
    return this.#ask("DELETE", `/v1/account/sessions/${safe(session)}`);
  }

  /** @returns {Promise<null>} */
  endOtherSessions() {
    return this.#ask("DELETE", "/v1/account/sessions");
  }

  /** @param {string} name @returns {Promise<Wire.FarmSeat>} */
  createFarm(name) {
    return this.#ask("POST", "/v1/farms", { name });
  }

  /** @returns {Promise<null>} whoever asks belongs to the farm no more */
  leaveFarm() {
    return this.#ask("DELETE", "/v1/membership");
  }

  /** @param {string} secret of an invitation's link @returns {Promise<Wire.InvitationOffer>} */
  lookAtInvitation(secret) {
    return this.#ask("POST", "/v1/invitations/look", { secret });
  }

  /** @param {string} secret @returns {Promise<Wire.SessionView>} whoever asks belongs to one farm more */
  acceptInvitation(secret) {
    return this.#ask("POST", "/v1/invitations/accept", { secret });
  }

  /** @param {Wire.Joining} joining @returns {Promise<Wire.SessionView>} a new account is signed in */
  join(joining) {
    return this.#ask("POST", "/v1/invitations/join", joining);
  }

  /** @returns {Promise<Wire.MemberList>} */
  members() {
    return this.#ask("GET", "/v1/members");
  }

  /** @param {string} member @param {Wire.MemberChange} change @returns {Promise<Wire.MemberView>} */
  changeMember(member, change) {
    return this.#ask("PATCH", `/v1/members/${safe(member)}`, change);
  }

  /** @param {string} member @returns {Promise<null>} */
  removeMember(member) {
    return this.#ask("DELETE", `/v1/members/${safe(member)}`);
  }

  /** @param {Wire.InvitationRequest} wanted @returns {Promise<Wire.NewInvitation>} */
  invite(wanted) {
    return this.#ask("POST", "/v1/invitations", wanted);
  }

  /** @param {string} invitation @returns {Promise<null>} */
  withdrawInvitation(invitation) {
    return this.#ask("DELETE", `/v1/invitations/${safe(invitation)}`);
  }

  /** @returns {Promise<Wire.ApiTokenList>} */
  apiTokens() {
    return this.#ask("GET", "/v1/api-tokens");
  }

  /** @param {Wire.ApiTokenRequest} wanted @returns {Promise<Wire.NewApiToken>} */
  createApiToken(wanted) {
    return this.#ask("POST", "/v1/api-tokens", wanted);
  }

  /** @param {string} token @returns {Promise<null>} */
  revokeApiToken(token) {
    return this.#ask("DELETE", `/v1/api-tokens/${safe(token)}`);
  }

  /** @param {string | null} after @param {number} limit @returns {Promise<Wire.AuditPage>} */
  audit(after, limit) {
    return this.#ask("GET", `/v1/audit?limit=${limit}${after === null ? "" : `&after=${safe(after)}`}`);
  }

  /** @returns {Promise<Wire.MetricsTable>} */
  metrics() {
    return this.#ask("GET", "/v1/metrics");
  }

  /** @returns {Promise<Wire.AgentList>} */
  agents() {
    return this.#ask("GET", "/v1/agents");
  }

  /** @param {string} name @param {Wire.AgentKind} kind @returns {Promise<Wire.NewAgent>} */
  createAgent(name, kind) {
    return this.#ask("POST", "/v1/agents", { name, kind });
  }

  /** @param {string} agent @returns {Promise<null>} */
  deleteAgent(agent) {
    return this.#ask("DELETE", `/v1/agents/${safe(agent)}`);
  }

  /** @param {string} agent @returns {Promise<Wire.NewAgent>} the former token ends at once */
  renewToken(agent) {
    return this.#ask("POST", `/v1/agents/${safe(agent)}/token`);
  }

  /** @param {string} agent an ASIC edge @returns {Promise<Wire.EdgeView>} */
  edge(agent) {
    return this.#ask("GET", `/v1/agents/${safe(agent)}`);
  }

  /** @param {string} agent @param {Wire.ErrandRequest["errand"]} errand what is wanted of it @returns {Promise<Wire.ErrandView>} */
  giveErrand(agent, errand) {
    return this.#ask("POST", `/v1/agents/${safe(agent)}/errands`, { errand });
  }

  /** @param {string} agent @param {number} number @returns {Promise<Wire.ErrandView>} with all lines of its result */
  errand(agent, number) {
    return this.#ask("GET", `/v1/agents/${safe(agent)}/errands/${number}`);
  }

  /** @returns {Promise<Wire.Bin>} */
  bin() {
    return this.#ask("GET", "/v1/bin");
  }

  /** @param {string} agent @returns {Promise<null>} */
  restore(agent) {
    return this.#ask("POST", `/v1/bin/${safe(agent)}/restore`);
  }

  /** @returns {Promise<Wire.FarmView>} */
  farm() {
    return this.#ask("GET", "/v1/farm");
  }

  /** @param {string} name @returns {Promise<Wire.FarmView>} */
  renameFarm(name) {
    return this.#ask("PATCH", "/v1/farm", { name });
  }

  /** @param {Wire.FarmSettings} settings @returns {Promise<Wire.FarmView>} */
  saveFarm(settings) {
    return this.#ask("PUT", "/v1/farm/settings", settings);
  }

  /** @param {string | null} after @returns {Promise<Wire.MachinePage>} */
  machines(after) {
    const from = after === null ? "" : `&after=${safe(after)}`;
    return this.#ask("GET", `/v1/machines?limit=${PAGE_ROWS}${from}`);
  }

  /** @param {string} machine @returns {Promise<Wire.MachineView>} */
  machine(machine) {
    return this.#ask("GET", `/v1/machines/${safe(machine)}`);
  }

  /** @param {string} machine @param {Wire.MachineChange} change @returns {Promise<Wire.MachineView>} */
  changeMachine(machine, change) {
    return this.#ask("PATCH", `/v1/machines/${safe(machine)}`, change);
  }

  /** @param {string} machine @param {Wire.OrderRequest} wanted @returns {Promise<Wire.Order>} */
  order(machine, wanted) {
    return this.#ask("POST", `/v1/machines/${safe(machine)}/orders`, wanted);
  }

  /** @param {string} machine @param {number} number of an order that waits @returns {Promise<unknown>} */
  takeBack(machine, number) {
    return this.#ask("DELETE", `/v1/machines/${safe(machine)}/orders/${number}`);
  }

  /** @param {string} machine @param {Wire.WatchedProgram[]} watched all of them @returns {Promise<unknown>} */
  watch(machine, watched) {
    return this.#ask("PUT", `/v1/machines/${safe(machine)}/watched`, { watched });
  }

  /** @param {string} machine @param {string} program @returns {Promise<Wire.ProgramLog>} 404 where none came lately */
  log(machine, program) {
    return this.#ask("GET", `/v1/machines/${safe(machine)}/log?program=${safe(program)}`);
  }

  /** @param {string | null} after @returns {Promise<Wire.EventList>} of all machines */
  events(after) {
    return this.#ask("GET", `/v1/events?limit=${FARM_EVENTS}${after === null ? "" : `&after=${safe(after)}`}`);
  }

  /** @param {string} machine @returns {Promise<Wire.EventList>} its last few */
  machineEvents(machine) {
    return this.#ask("GET", `/v1/machines/${safe(machine)}/events?limit=${EVENTS}`);
  }

  /** @param {string} machine @param {string} span @returns {Promise<Wire.History>} */
  history(machine, span) {
    return this.#ask("GET", `/v1/machines/${safe(machine)}/history?span=${safe(span)}`);
  }

  /** @returns {Promise<Wire.SocketTicket>} */
  socketTicket() {
    return this.#ask("POST", "/v1/socket-tickets");
  }
}
