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
   */
  constructor(status, code, message, field = "") {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
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
  return new ApiError(response.status, reply?.error?.code ?? "unknown", message, reply?.error?.field ?? "");
}

/** @param {string} id */
const safe = (id) => encodeURIComponent(id);

export class Api {
  #fetch;
  #signedOut;

  /**
   * @param {typeof fetch} fetch
   * @param {() => void} signedOut called when the session turns out to be over
   */
  constructor(fetch, signedOut) {
    this.#fetch = fetch;
    this.#signedOut = signedOut;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async #ask(method, path, body) {
    const response = await this.#send(method, path, body);
    if (response.status === 204) return null;
    if (response.ok) return response.json();
    const error = await refusal(response);
    if (error.status === 401 && path !== "/v1/session") this.#signedOut();
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
        headers: body ? { "Content-Type": "application/json" } : {},
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

  /** @param {string} email @param {string} password @returns {Promise<Wire.SessionView>} */
  signIn(email, password) {
    return this.#ask("POST", "/v1/session", { email, password });
  }

  /** @returns {Promise<null>} */
  signOut() {
    return this.#ask("DELETE", "/v1/session");
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
