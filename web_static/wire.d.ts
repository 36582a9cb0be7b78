// The wire's messages as types; written by scripts/wire_types.py, never by hand.

/**
 * What an agent looks after: the rig that it runs on, or the ASICs of a LAN.
 */
export type AgentKind = "cpu_gpu" | "asic";

/**
 * Every agent of the farm, oldest first.
 */
export interface AgentList {
  agents: AgentView[];
}

/**
 * From the page: a new agent, of 1 to 80 printable letters.
 */
export interface AgentRequest {
  name: string;
  kind: AgentKind;
}

/**
 * An agent as the page lists it. `enrolled_at` is None until it first made contact.
 */
export interface AgentView {
  agent: string;
  name: string;
  kind: AgentKind;
  simulated: boolean;
  machine: string | null;
  created_at: number;
  enrolled_at: number | null;
  agent_version: string | null;
  stranger?: Stranger | null;
}

/**
 * What was deleted and is not erased yet, the newest first.
 */
export interface Bin {
  binned: BinnedAgent[];
}

/**
 * A deleted agent that can be restored until `erased_at`.
 */
export interface BinnedAgent {
  agent: string;
  name: string;
  machine: string | null;
  binned_at: number;
  erased_at: number;
}

/**
 * Some minutes of samples. `at` ascends; each series has as many values as `at` has times.
 *
 * A closed block never changes again and is known by its machine and its first time.
 */
export interface Block {
  at: number[];
  series: Series[];
}

/**
 * From the page: signing in.
 */
export interface Credentials {
  email: string;
  password: string;
}

/**
 * Machines that reported since the last delta; everything else stands.
 */
export interface Delta {
  type: "delta";
  server_at: number;
  live: LiveColumns;
}

/**
 * First contact: the agent says what it is and shows its clock.
 */
export interface Enrolment {
  kind: AgentKind;
  agent_version: string;
  hostname: string;
  sent_at: number;
  hardware?: string[];
}

/**
 * Address and token are right. `machine` is None for an ASIC edge, which is none itself.
 */
export interface EnrolmentReply {
  farm: string;
  farm_name: string;
  agent: string;
  name: string;
  machine: string | null;
  epoch: number;
  server_at: number;
  sample_interval_s: number;
  report_interval_s: number;
}

/**
 * See `wire.faults.Fault`.
 */
export interface ErrorBody {
  code: string;
  message: string;
  field?: string;
  server_at?: number | null;
}

/**
 * The body of every answer with a status of 400 or more.
 */
export interface ErrorReply {
  error: ErrorBody;
}

/**
 * The newest events first; `next` is the token of the following page, None on the last.
 */
export interface EventList {
  events: MachineEvent[];
  next: string | null;
}

/**
 * How often a farm's machines report, and when silence means something, in seconds.
 *
 * None is the default: the commander's own interval, and limits of 1.5 and 2.5 intervals.
 */
export interface FarmSettings {
  report_interval_s?: number | null;
  late_after_s?: number | null;
  offline_after_s?: number | null;
}

/**
 * A farm as its owner set it up (`settings`), and what that comes to (`pace`).
 */
export interface FarmView {
  farm: string;
  name: string;
  settings: FarmSettings;
  pace: Pace;
  default: Pace;
}

export type FromPage = Ping | Look;

/**
 * One machine's figures between two times: samples, or buckets of `resolution_s` by their start.
 *
 * Draw no line across more than `gap_s` seconds. Counters (roll-up `increase`) come as their growth
 * per second. `late` are times whose samples arrived much later than they were taken.
 */
export interface History {
  server_at: number;
  from_at: number;
  to_at: number;
  resolution_s: number | null;
  gap_s: number;
  at: number[];
  values: Record<string, (number | null)[]>;
  late: number[];
}

/**
 * What its owner says of a machine. `client`: whose machine it is, None for the farm's own.
 */
export interface Labels {
  place?: string;
  tags?: string[];
  client?: string | null;
  parked?: Parked | null;
}

/**
 * What changes with each report. None: nothing was ever reported, or this value was not read.
 *
 * `received_at` is the commander's clock; at `late_at` and `offline_at`, by the same clock, the
 * state changes unless another report comes. `stopped`: the agent said goodbye. `interval_s`: how
 * often it reports at present. `mining` is as of the last sample.
 */
export interface LiveColumns {
  machine: string[];
  received_at: (number | null)[];
  sampled_at: (number | null)[];
  late_at: (number | null)[];
  offline_at: (number | null)[];
  stopped: boolean[];
  interval_s: (number | null)[];
  mining: Mining[][];
  values: Record<string, (number | null)[]>;
}

/**
 * From the page: these machines are on the screen now. Repeated each 60 s, forgotten after 90 s.
 */
export interface Look {
  type: "look";
  machines: string[];
}

/**
 * From the page: what is to be different; what is left out stays. `parked` None: back to work.
 */
export interface MachineChange {
  name?: string;
  place?: string;
  tags?: string[];
  client?: string | null;
  parked?: Parking | null;
}

/**
 * A machine changed its state at `at`, by the commander's clock.
 */
export interface MachineEvent {
  at: number;
  machine: string;
  state: Transition;
}

/**
 * One page of a farm's machines; `next` is the token of the following page, None on the last.
 */
export interface MachinePage {
  server_at: number;
  name: string[];
  kind: AgentKind[];
  simulated: boolean[];
  labels: Labels[];
  live: LiveColumns;
  next: string | null;
}

/**
 * What an agent tells of one machine: closed blocks, oldest first, and the block under way.
 *
 * `open` is the newest state: it holds all samples since the last closed block, those sent before
 * included. Without it a report only brings late blocks. `after` is the time of the last sample
 * before the first one here, None when the agent does not know it. `unread` and `specs` are told
 * when they change; None: as told before. `mining` belongs to the newest state.
 */
export interface MachineReport {
  machine: string;
  blocks?: Block[];
  open?: Block | null;
  after?: number | null;
  unread?: Unread[] | null;
  specs?: Specs | null;
  mining?: Mining[];
}

/**
 * All that is known of one machine now.
 *
 * `dropped`: samples that its agent had to drop. `clock_off_s`: how far its own clock is ahead.
 */
export interface MachineView {
  server_at: number;
  name: string;
  kind: AgentKind;
  simulated: boolean;
  labels: Labels;
  agent: string;
  specs: Specs | null;
  unread: Unread[];
  dropped: number;
  clock_off_s: number | null;
  live: LiveColumns;
}

/**
 * Machines were added, renamed or removed: ask for the list again.
 */
export interface MachinesChanged {
  type: "machines_changed";
  server_at: number;
}

/**
 * One row of the table. `minimum` and `maximum` are inclusive; a value outside is a misreading.
 *
 * `code` stands for the name in what is stored and never changes; `step` is the precision to which
 * values are taken and kept.
 */
export interface Metric {
  code: number;
  name: string;
  step: number;
  label: string;
  unit: string;
  roll_up: RollUp;
  minimum: number;
  maximum: number;
  help: string;
}

/**
 * The rows of `wire.metrics`: labels, units and bounds for the page.
 */
export interface MetricsTable {
  metrics: Metric[];
}

/**
 * What a machine mines at the time of its newest sample: one row for each algorithm and coin.
 *
 * `hashrate` is in `unit`, "H/s" or "Sol/s"; None: not read. `coin`: as the pool pays, where known.
 */
export interface Mining {
  algorithm: string;
  hashrate: number | null;
  unit?: "H/s" | "Sol/s";
  coin?: string | null;
}

/**
 * The answer to creating an agent: the only time that its token is shown.
 */
export interface NewAgent {
  agent: AgentView;
  url: string;
  token: string;
  command: string;
}

/**
 * What agents are asked for, and after how many seconds of silence a machine is late and offline.
 */
export interface Pace {
  sample_interval_s: number;
  report_interval_s: number;
  late_after_s: number;
  offline_after_s: number;
}

/**
 * A machine taken out of counts, coverage and alerts at `at`, until somebody puts it back.
 */
export interface Parked {
  reason: ParkedFor;
  at: number;
  note?: string;
}

/**
 * Why a machine is out of work for a while.
 */
export type ParkedFor = "repair" | "spare" | "sold";

/**
 * From the page: why a machine is parked.
 */
export interface Parking {
  reason: ParkedFor;
  note?: string;
}

/**
 * From the page, every 30 s: the connection is in use.
 */
export interface Ping {
  type: "ping";
}

/**
 * The answer to the page's ping.
 */
export interface Pong {
  type: "pong";
  server_at: number;
}

/**
 * One message agent → cloud. Newer means a larger (epoch, sequence), never a later clock.
 *
 * `interval_s` is the agent's present cadence; `goodbye` says that it stops after this report.
 * `dropped` counts samples that this agent had to drop since its epoch began, `clock_off_s` is how far
 * its own clock is ahead of the commander's, as far as it knows.
 */
export interface Report {
  epoch: number;
  sequence: number;
  sent_at: number;
  interval_s: number;
  machines: MachineReport[];
  goodbye?: boolean;
  dropped?: number;
  clock_off_s?: number | null;
  protocol?: number;
}

/**
 * The commander has stored the report; here is its clock and the cadence that it wants.
 */
export interface ReportReply {
  epoch: number;
  sequence: number;
  server_at: number;
  sample_interval_s: number;
  report_interval_s: number;
}

/**
 * How the samples of a bucket become one value.
 *
 * INCREASE is for counters: what they grew by, where a fall means that they began anew at 0.
 */
export type RollUp = "mean" | "max" | "last" | "increase";

/**
 * One metric of one machine: a value for each time of its block, None where it was not read.
 */
export interface Series {
  metric: string;
  values: (number | null)[];
}

/**
 * Who is signed in, and at which farm.
 */
export interface SessionView {
  email: string;
  farm: string;
  farm_name: string;
}

/**
 * Opens one socket, once, before `expires_at`.
 */
export interface SocketTicket {
  ticket: string;
  expires_at: number;
}

/**
 * What changes only with hardware or installation. None: not known.
 */
export interface Specs {
  hostname?: string | null;
  os?: string | null;
  architecture?: string | null;
  cpu_model?: string | null;
  cpu_cores?: number | null;
  cpu_threads?: number | null;
  memory_bytes?: number | null;
  disk_bytes?: number | null;
  addresses?: string[];
  agent_version?: string | null;
  hardware?: string[];
}

/**
 * Another machine showed this agent's token, as a copied disk would; it was refused.
 */
export interface Stranger {
  hostname: string;
  at: number;
}

export type ToPage = Delta | MachinesChanged | Pong;

/**
 * What became of a machine by itself.
 */
export type Transition = "online" | "offline" | "stopped";

/**
 * What could not be read and why: `part` is a metric's or a spec's name.
 */
export interface Unread {
  part: string;
  reason: string;
}
