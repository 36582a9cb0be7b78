// The wire's messages as types; written by scripts/wire_types.py, never by hand.

/**
 * What an owner wants of a program. LOG: its last lines.
 */
export type Action = "start" | "stop" | "restart" | "pause" | "log";

/**
 * Put these of the last search into the roster; `rule` names them as `asic-edge scan --name` does.
 */
export interface AddFound {
  type: "add_found";
  addresses: string[];
  rule?: string;
  place?: string;
  client?: string;
  tags?: string[];
}

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
 * Is it the same machine with a new control board? `undo` takes an answer back.
 */
export interface AnswerQuestion {
  type: "answer_question";
  question: number;
  answer: "different" | "same" | "undo";
}

/**
 * One's own tokens of the farm; an owner sees everybody's. The newest first.
 */
export interface ApiTokenList {
  tokens: ApiTokenView[];
}

/**
 * From the page: a token for programs, at most as strong as who asks for it.
 */
export interface ApiTokenRequest {
  name: string;
  role: Role;
  days: number;
  clients?: string[] | null;
}

/**
 * An API token of a member; it can do no more than `email` can, whatever it says.
 */
export interface ApiTokenView {
  token: string;
  name: string;
  email: string;
  role: Role;
  clients: string[] | null;
  created_at: number;
  expires_at: number;
}

/**
 * What a full reading, at `read_at`, tells of an ASIC beside its figures; told with each such reading.
 */
export interface Appliance {
  pools?: Pool[];
  notices?: Notice[];
  login?: Login | null;
  read_at?: number | null;
}

/**
 * What is downloaded to install a program: never anything but the bytes with this digest.
 *
 * `executable`: its path within the archive; of a `file`, the name that it gets.
 */
export interface Archive {
  url: string;
  sha256: string;
  kind: "file" | "tar.bz2" | "tar.gz" | "tar.xz" | "zip";
  executable: string;
}

/**
 * How often the devices of a model were asked since the edge started, by kind of question.
 *
 * `connections`: how many at once its devices are asked on; `least_s`: between two readings of one.
 */
export interface AskedModel {
  model: string;
  devices: number;
  identified: number;
  light: number;
  full: number;
  connections: number;
  least_s: number;
}

/**
 * From the page: which playbooks these rigs run, named or by a tag.
 */
export interface AssignRequest {
  playbooks: string[];
  machines?: string[];
  tag?: string;
  how?: "add" | "remove" | "set";
  pace?: Speed;
}

/**
 * What a rig runs, and what it does for a newer one. (epoch, revision): last accepted; 0, 0: none yet.
 *
 * `offered`: the revision that it works on or that failed, with its steps; `pool`: of each playbook the one
 * that it mines for, from 0.
 */
export interface AssignmentState {
  epoch: number;
  revision: number;
  offered?: number | null;
  steps?: Step[];
  pool?: Record<string, number>;
}

/**
 * The longest astray first.
 */
export interface AstrayList {
  rigs: AstrayRig[];
}

/**
 * A rig that is not where it should be, and why as far as is known.
 */
export interface AstrayRig {
  machine: string;
  name: string;
  wanted: number;
  actual: number;
  since: number;
  reason: string;
}

/**
 * Who did what to which thing. `before` and `after` hold what differs; None where there is none.
 *
 * `sha256` is of `previous` and of all that stands here (cloud.domain.audit), so lines form a chain.
 */
export interface AuditLine {
  number: number;
  at: number;
  by: string;
  address: string;
  action: string;
  thing: string;
  before: unknown;
  after: unknown;
  previous: string;
  sha256: string;
}

/**
 * The newest lines first; `next` is the token of the following page, None on the last.
 */
export interface AuditPage {
  lines: AuditLine[];
  next: string | null;
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
 * Whether a library knows the coin's addresses, and this one has the right form and checksum.
 */
export type Checked = "valid" | "unchecked";

/**
 * From the page: signing in. `code` is of the second factor, or a recovery code, where one is on.
 */
export interface Credentials {
  email: string;
  password: string;
  code?: string;
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
 * A card in a machine, by an id that goes with the card: made of its UUID, else of what else is known.
 *
 * `address` is its PCI address as "0000:01:00.0". None: not known.
 */
export interface Device {
  device: string;
  name?: string | null;
  vendor?: "amd" | "intel" | "nvidia" | null;
  address?: string | null;
  uuid?: string | null;
  vbios?: string | null;
  driver?: string | null;
  memory_bytes?: number | null;
}

/**
 * Where a rig's document lies, in a reply: an address that works until `until`, and its newest revision.
 *
 * A rig keeps the address, and asks there by itself when the commander is silent.
 */
export interface DocumentPlace {
  url: string;
  until: number;
  epoch: number;
  revision: number;
}

/**
 * How an edge is doing, with each of its reports of a newest state.
 *
 * `networks`: own addresses as "192.168.1.5/24". `elsewhere`: devices that another edge reads. `trouble`:
 * what a person should know, in sentences. `found` is told when it changes; None: as told before.
 * `errands_done`: the largest number of an errand that it has ended; `results` until they are accepted.
 */
export interface EdgeState {
  devices: number;
  reads: number;
  elsewhere: number;
  refused: number;
  round_s: number;
  errands_done?: number;
  networks?: string[];
  round?: RoundState | null;
  slow?: SlowDevice[];
  silent?: SilentDevice[];
  silent_count?: number;
  asked?: AskedModel[];
  logins?: LoginCounts;
  questions?: OpenQuestion[];
  answers?: GivenAnswer[];
  waiting?: number;
  trouble?: string[];
  search?: SearchState | null;
  found?: FoundDevice[] | null;
  results?: ErrandResult[];
}

/**
 * All that is known of an ASIC edge now, by the commander's clock; `state` None: it never reported.
 *
 * At `late_at` and `offline_at` its state changes unless another report comes; `stopped`: it said goodbye.
 * `found` is of the search in `state`. `errands`: those that wait and those that ended, the newest first,
 * without the lines of their results.
 */
export interface EdgeView {
  server_at: number;
  agent: AgentView;
  received_at: number | null;
  late_at: number | null;
  offline_at: number | null;
  stopped: boolean;
  state: EdgeState | null;
  found: FoundDevice[];
  errands: ErrandView[];
}

/**
 * Stop the search under way.
 */
export interface EndSearch {
  type: "end_search";
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
  key?: string | null;
  document?: DocumentPlace | null;
}

/**
 * What became of one row, address or device. `of`: its line's number or its address.
 */
export interface ErrandLine {
  of: string;
  fate: "added" | "asked" | "changed" | "fault" | "removed" | "unchanged";
  text: string;
}

/**
 * From the page: what is wanted of the edge.
 */
export interface ErrandRequest {
  errand: Search | EndSearch | AddFound | ImportRows | RemoveDevices | AnswerQuestion;
}

/**
 * How an errand ended. `counts` are of all lines by fate, `lines` those that are worth reading.
 */
export interface ErrandResult {
  number: number;
  ok: boolean;
  text: string;
  counts?: Record<string, number>;
  lines?: ErrandLine[];
}

/**
 * An errand of the last day. `kind` is its tag. No `result` yet: it waits for the edge, or is under way.
 *
 * `expired`: it is not sent any more, and the edge has not said what came of it; `result` says why. What
 * the edge says later takes its place. `preview`: of rows of a spreadsheet that were only to be looked at.
 */
export interface ErrandView {
  number: number;
  kind: string;
  given_at: number;
  result?: ErrandResult | null;
  expired?: boolean;
  preview?: boolean;
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
 * How much an event matters to a person.
 */
export type EventLevel = "note" | "alert" | "critical";

/**
 * The newest events first; `next` is the token of the following page, None on the last.
 */
export interface EventList {
  events: MachineEvent[];
  next: string | null;
}

/**
 * From the page: a new farm, or another name for one, of 1 to 80 printable letters.
 */
export interface FarmRequest {
  name: string;
}

/**
 * A farm that somebody belongs to. `clients`: whose machines alone they see there, None for all.
 */
export interface FarmSeat {
  farm: string;
  name: string;
  role: Role;
  clients?: string[] | null;
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

/**
 * A draft as a rig would get it, one script for each pool; `problems` of those that cannot be filled.
 */
export interface FilledPreview {
  scripts: Record<string, string[]>;
  problems?: ScriptProblem[];
}

/**
 * What answers at an address. `name`: of the device in the roster that was last there, None: it is new.
 *
 * `reason` says why it could not be identified.
 */
export interface FoundDevice {
  address: string;
  make?: string | null;
  model?: string | null;
  name?: string | null;
  reason?: string | null;
}

export type FromPage = Ping | Look;

/**
 * An answer that can be taken back.
 */
export interface GivenAnswer {
  number: number;
  name: string;
  same: boolean;
}

/**
 * An errand on its way; carried out once, in the order of the numbers.
 */
export interface GivenErrand {
  number: number;
  errand: Search | EndSearch | AddFound | ImportRows | RemoveDevices | AnswerQuestion;
}

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
 * Rows of a spreadsheet, as `asic-edge import` takes them; not `apply`: only what they would change.
 */
export interface ImportRows {
  type: "import_rows";
  csv: string;
  apply?: boolean;
}

/**
 * What an invitation is to; `has_account`: the invited address can sign in here already.
 */
export interface InvitationOffer {
  farm_name: string;
  role: Role;
  clients: string[] | null;
  invited_by: string;
  expires_at: number;
  email: string | null;
  has_account: boolean;
}

/**
 * From the page: somebody is to join the farm.
 */
export interface InvitationRequest {
  role: Role;
  clients?: string[] | null;
  email?: string | null;
}

/**
 * From the page: the secret of an invitation's link, `#/invitation/<secret>`.
 */
export interface InvitationSecret {
  secret: string;
}

/**
 * An open invitation; with an `email` only that address can accept it.
 */
export interface InvitationView {
  invitation: string;
  email: string | null;
  role: Role;
  clients: string[] | null;
  invited_by: string;
  created_at: number;
  expires_at: number;
}

/**
 * From the page: a new account for whoever holds the secret.
 */
export interface Joining {
  secret: string;
  email: string;
  password: string;
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
 * often it reports at present. `mining` is as of the last sample. `silence`: of the ASICs that give their
 * edge no answer, by machine.
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
  silence?: Record<string, NoReply>;
}

/**
 * The last lines of a program's log, redacted, as the order with this number asked.
 */
export interface LogLines {
  order: number;
  program: string;
  lines: string[];
}

/**
 * What became of a device's login. It stays on the edge; this word is all that leaves the LAN.
 */
export type Login = "works" | "refused" | "not_needed";

/**
 * Of how many devices the login works, was refused, is not needed, or is not known to do either.
 */
export interface LoginCounts {
  works?: number;
  refused?: number;
  not_needed?: number;
  unknown?: number;
}

/**
 * From the page: these machines are on the screen now. Repeated each 60 s, forgotten after 90 s.
 *
 * The id of an ASIC edge may be among them, where the whole farm is seen.
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
 * A machine changed its `state` at `at`, or its agent told of something: then `kind` is a RigEvent's.
 *
 * One of both is set. Times are the commander's clock for `state`, the rig's for `kind`.
 */
export interface MachineEvent {
  at: number;
  machine: string;
  state?: Transition | null;
  kind?: string | null;
  reason?: string;
  level?: EventLevel;
  program?: string;
  subject?: string;
  over?: boolean;
}

/**
 * One page of a farm's machines; `next` is the token of the following page, None on the last.
 *
 * `model`: make and model of an ASIC. `agent`: who reads it; None for whom the farm's agents are not shown.
 */
export interface MachinePage {
  server_at: number;
  name: string[];
  kind: AgentKind[];
  agent: (string | null)[];
  model: (string | null)[];
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
 * when they change; None: as told before. `mining` and `programs` belong to the newest state.
 *
 * `events` go with the newest state, oldest first, until it is accepted; `orders_done` is the largest
 * number of an order that the agent has carried out, or seen that it cannot; `log` answers one.
 *
 * Of an ASIC `open` holds the last reading alone: closed blocks bring all readings, and nothing stands in
 * for one. `batch` is its seat's (`wire.edge.batch_of`); all newest states of a batch go in one report.
 * `silence` in place of `open`: it gave no answer, and nothing is known of it now.
 */
export interface MachineReport {
  machine: string;
  blocks?: Block[];
  open?: Block | null;
  after?: number | null;
  unread?: Unread[] | null;
  specs?: Specs | null;
  mining?: Mining[];
  programs?: Program[];
  events?: RigEvent[];
  orders_done?: number;
  log?: LogLines | null;
  batch?: number | null;
  silence?: NoReply | null;
  appliance?: Appliance | null;
  assignment?: AssignmentState | null;
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
  values: Record<string, number | null>;
  programs?: Program[];
  orders?: Order[];
  watched?: WatchedProgram[];
  silence?: NoReply | null;
  appliance?: Appliance | null;
}

/**
 * Machines were added, renamed or removed: ask for the list again.
 */
export interface MachinesChanged {
  type: "machines_changed";
  server_at: number;
}

/**
 * From the page: what is to be different; what is left out stays. `clients` None: all machines.
 */
export interface MemberChange {
  role?: Role;
  clients?: string[] | null;
}

/**
 * Who belongs to the farm, and who is invited; by address.
 */
export interface MemberList {
  members: MemberView[];
  invitations: InvitationView[];
}

/**
 * Somebody who belongs to the farm.
 */
export interface MemberView {
  member: string;
  email: string;
  role: Role;
  clients: string[] | null;
  joined_at: number;
}

/**
 * One row of the table. `minimum` and `maximum` are inclusive; a value outside is a misreading.
 *
 * `of` MACHINE has no subject in its series, the others always have one. `code` stands for the name in
 * what is stored and never changes; `step` is the precision to which values are taken and kept.
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
  of?: Of;
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
 * `hashrate` is in `unit`; None: not read. `coin`: as the pool pays, where known. `expected`: the hashrate
 * that the machine itself says it should have; `pool`: the one that is mined for, "host:port".
 */
export interface Mining {
  algorithm: string;
  hashrate: number | null;
  unit?: "H/s" | "I/s" | "Sol/s" | "g/s";
  coin?: string | null;
  expected?: number | null;
  pool?: string | null;
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
 * The only time that its secret is shown: `Authorization: Bearer <secret>`.
 */
export interface NewApiToken {
  token: ApiTokenView;
  secret: string;
}

/**
 * The only time that its link is shown; `mailed`: a letter goes to the address as well.
 */
export interface NewInvitation {
  invitation: InvitationView;
  link: string;
  mailed: boolean;
}

/**
 * A device gave no answer: why, since when, and in how many rounds one after the other.
 */
export interface NoReply {
  reason: string;
  since: number;
  rounds: number;
}

/**
 * What a device complains of by itself. `at`: None when it does not say.
 */
export interface Notice {
  text: string;
  level?: "error" | "note" | "warning";
  code?: number | null;
  at?: number | null;
}

/**
 * What a metric is a figure of: the subjects of its series.
 */
export type Of = "machine" | "device" | "algorithm";

/**
 * Whether the device with another MAC is `name` with a new control board; `because` they are alike.
 */
export interface OpenQuestion {
  number: number;
  name: string;
  address: string;
  mac: string | null;
  because: string;
}

/**
 * An owner's wish; carried out once, in the order of the numbers. `for_s`: how long a pause lasts.
 *
 * `take_over`: start although a program that somebody else started is in the way. `lines`: of the log.
 */
export interface Order {
  number: number;
  action: Action;
  program: string;
  for_s?: number | null;
  take_over?: boolean;
  lines?: number;
}

/**
 * From the page: what is wanted of a program, as in `wire.messages.Order`.
 */
export interface OrderRequest {
  action: Action;
  program: string;
  for_s?: number | null;
  take_over?: boolean;
  lines?: number;
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
 * From the page: another password; every other session ends.
 */
export interface PasswordChange {
  old: string;
  new: string;
}

/**
 * From the page: somebody asks for a letter with a link to `#/reset/<secret>`.
 */
export interface PasswordForgotten {
  email: string;
}

/**
 * From the page: whoever holds an open session must also know the password to turn a second factor on.
 */
export interface PasswordProof {
  password: string;
}

/**
 * From the page: the secret of such a link, and the password that shall count.
 */
export interface PasswordReset {
  secret: string;
  new: string;
}

/**
 * From the page, every 30 s: the connection is in use.
 */
export interface Ping {
  type: "ping";
}

/**
 * From the page: what a playbook is. `pools` in order of preference; `scripts` by system.
 */
export interface PlaybookDraft {
  name: string;
  program: string;
  program_version: string;
  pools: PoolChoice[];
  scripts: Record<string, string>;
  devices?: string[];
  note?: string;
}

/**
 * All versions, the newest first.
 */
export interface PlaybookHistory {
  playbook: string;
  versions: PlaybookVersion[];
}

/**
 * By name.
 */
export interface PlaybookList {
  playbooks: PlaybookView[];
}

/**
 * A version never changes; `pools` and `wallets` are as they were: "pool.example:3333", "44AF…".
 */
export interface PlaybookVersion {
  version: number;
  draft: PlaybookDraft;
  pools: string[];
  wallets: string[];
  at: number;
  by: string;
  why: string;
}

/**
 * A playbook with its newest version, and on how many rigs it is wanted.
 */
export interface PlaybookView {
  playbook: string;
  newest: PlaybookVersion;
  rigs: number;
  changed: number;
}

/**
 * The answer to the page's ping.
 */
export interface Pong {
  type: "pong";
  server_at: number;
}

/**
 * A pool as a device has it, "host:port". `active`: mined for now; `alive`: it answers the device.
 */
export interface Pool {
  position: number;
  address?: string | null;
  user?: string | null;
  active?: boolean | null;
  alive?: boolean | null;
  accepted?: number | null;
  rejected?: number | null;
}

/**
 * A pool of a playbook with the wallet that it pays to.
 */
export interface PoolChoice {
  pool: string;
  wallet: string;
}

/**
 * From the page: a pool as "host:port". It pays a coin, or several for the work in an algorithm.
 */
export interface PoolRequest {
  name: string;
  address: string;
  tls?: boolean;
  coin?: string | null;
  algorithm?: string;
  region?: string;
  password?: string;
}

/**
 * A pool of the address book.
 */
export interface PoolTemplate {
  pool: string;
  entry: PoolRequest;
  changed_at: number;
  changed_by: string;
  used?: Use[];
}

/**
 * One mining program: a playbook's, or (not `managed`) one that somebody else runs and the owner named.
 *
 * `state` is a word of the supervisor (running, waiting, stopping, stopped, paused, refused, too_hot,
 * crash_loop), or for a program that is not managed of its own API (mining, paused, api_down, …);
 * `reason` says why. The counters are as the program tells them and begin anew whenever it likes.
 */
export interface Program {
  program: string;
  miner: string;
  state: string;
  managed?: boolean;
  reason?: string;
  version?: string | null;
  running_s?: number | null;
  accepted?: number | null;
  rejected?: number | null;
  pool?: string | null;
  pool_connected?: boolean | null;
}

/**
 * The last lines of a program's log as the rig last sent them; `order`: the order that they answer.
 */
export interface ProgramLog {
  program: string;
  order: number;
  received_at: number;
  lines: string[];
}

/**
 * Each replaces one code, once; shown this once.
 */
export interface RecoveryCodes {
  codes: string[];
}

/**
 * A device that the commander does not take, and why.
 */
export interface Refusal {
  number: number;
  reason: string;
}

/**
 * Out of the roster.
 */
export interface RemoveDevices {
  type: "remove_devices";
  machines: string[];
}

/**
 * One message agent → cloud. Newer means a larger (epoch, sequence), never a later clock.
 *
 * `interval_s` is the agent's present cadence; `goodbye` says that it stops after this report.
 * `dropped` counts samples that this agent had to drop since its epoch began, `clock_off_s` is how far
 * its own clock is ahead of the commander's, as far as it knows. `edge` is of an ASIC edge, which has
 * something to say without machines too.
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
  edge?: EdgeState | null;
}

/**
 * The commander has stored the report; here is its clock and the cadence that it wants.
 *
 * `orders` are those above the report's `orders_done`, oldest first; `watched` are all programs that
 * are only to be read, None where the commander says nothing of them.
 *
 * For an ASIC edge: `errands` above its `errands_done`, and `released`, the machines of the report that
 * another edge reads now, so that nothing was kept of their newest state.
 */
export interface ReportReply {
  epoch: number;
  sequence: number;
  server_at: number;
  sample_interval_s: number;
  report_interval_s: number;
  orders?: Order[];
  watched?: WatchedProgram[] | null;
  errands?: GivenErrand[];
  released?: string[];
  document?: DocumentPlace | null;
}

/**
 * What an agent decided or saw, with its reason; told until a report that holds it is accepted.
 *
 * `id` rises with each event of an agent. `kind` is one of the words of the supervisor, or
 * gpu_appeared, gpu_gone, gpu_moved. `program`: which one it concerns, "" for the rig itself; `over`:
 * what an earlier event told of has ended.
 */
export interface RigEvent {
  id: number;
  at: number;
  kind: string;
  reason: string;
  level?: EventLevel;
  program?: string;
  subject?: string;
  over?: boolean;
}

/**
 * What a rig should run and what it does run. `worker`: its name at pools, nobody else's in the farm.
 */
export interface RigWork {
  machine: string;
  worker: string;
  wanted: Use[];
  revision: number;
  actual: AssignmentState | null;
  told_at: number | null;
}

/**
 * What a member may do: look; also change; also decide who belongs to the farm.
 */
export type Role = "viewer" | "operator" | "owner";

/**
 * How the samples of a bucket become one value.
 *
 * INCREASE is for counters: what they grew by, where a fall means that they began anew at 0.
 */
export type RollUp = "mean" | "max" | "last" | "increase";

/**
 * A change on its way: `running` of `rigs` run it, `failed` could not; `first` got it first.
 */
export interface Rollout {
  rollout: string;
  what: string;
  state: RolloutState;
  begun_at: number;
  by: string;
  rigs: number;
  signed: number;
  running: number;
  failed: number;
  first?: string | null;
  why?: string;
}

/**
 * Those of the last 30 days, the newest first.
 */
export interface RolloutList {
  rollouts: Rollout[];
}

/**
 * FIRST: one rig has it, and its first share is waited for.
 */
export type RolloutState = "first" | "rest" | "stopped" | "done" | "taken_back";

/**
 * All devices of one batch (`batch_of` their numbers); who is not here is not in the roster any more.
 */
export interface RosterBatch {
  batch: number;
  entries: RosterEntry[];
}

/**
 * A device as its edge knows it. `added_at` tells it from another one that had its number before.
 *
 * `name`, `place`, `client` and `tags` are what was said of it at the edge; what is said in the dashboard
 * stands until something else is said at the edge.
 */
export interface RosterEntry {
  number: number;
  added_at: number;
  name: string;
  mac?: string | null;
  former_macs?: string[];
  serial?: string | null;
  make?: string | null;
  model?: string | null;
  place?: string;
  client?: string;
  tags?: string[];
}

/**
 * The seats of all devices of the batches that were told. Tell again while some are not to be read.
 *
 * `also`: further batches in which the commander knows devices from before this epoch; tell them too,
 * empty where there are none: an edge that lost its roster does not know of them.
 */
export interface RosterReply {
  server_at: number;
  seats: Seat[];
  refused?: Refusal[];
  also?: number[];
}

/**
 * Some batches, whole. Told at the start, on changes, and each minute where another edge reads some.
 */
export interface RosterTelling {
  epoch: number;
  batches: RosterBatch[];
}

/**
 * The last round that ended. `resting`: silent devices that were left alone in it.
 */
export interface RoundState {
  ended_at: number;
  took_s: number;
  asked: number;
  answered: number;
  resting: number;
}

/**
 * What is wrong with a script, and where: line and column count from 1.
 */
export interface ScriptProblem {
  system: System;
  line: number;
  column: number;
  text: string;
}

/**
 * Find devices; nothing is added. `ranges` as `asic-edge scan` takes them.
 */
export interface Search {
  type: "search";
  ranges: string[];
  public?: boolean;
}

/**
 * How far the last search is. `number` of its errand; `found` and `unknown` devices so far.
 *
 * `ranges` are those that it was given.
 */
export interface SearchState {
  number: number;
  state: "done" | "ended" | "failed" | "running";
  began_at: number;
  tried: number;
  total: number;
  found: number;
  unknown: number;
  reason?: string;
  ranges?: string[];
}

/**
 * The machine of a number. `reads`: this edge is to read it; else another one does, see `RosterReply`.
 */
export interface Seat {
  number: number;
  machine: string;
  reads: boolean;
}

/**
 * From the page: no second factor any more.
 */
export interface SecondFactorEnd {
  password: string;
  code: string;
}

/**
 * A secret that counts once a code proves that it arrived; `rows` are a QR code of `uri`, 1 is dark.
 */
export interface SecondFactorOffer {
  secret: string;
  uri: string;
  rows: string[];
}

/**
 * From the page: a code of the offered secret.
 */
export interface SecondFactorProof {
  code: string;
}

/**
 * One metric of one machine: a value for each time of its block, None where it was not read.
 *
 * `subject`: of which device or algorithm, as the metrics table says; "" is the machine itself.
 */
export interface Series {
  metric: string;
  values: (number | null)[];
  subject?: string;
}

/**
 * Where somebody is signed in, the last seen first.
 */
export interface SessionList {
  sessions: SessionRow[];
}

/**
 * A signed-in browser. `seen_at` is right to the hour; `browser` is what it calls itself.
 */
export interface SessionRow {
  session: string;
  created_at: number;
  seen_at: number;
  address: string;
  browser: string;
  current: boolean;
}

/**
 * Who is signed in, and where they belong, by the farm's name.
 *
 * `provider`: the OpenID Connect provider by which they may sign in, None if by none.
 */
export interface SessionView {
  email: string;
  farms: FarmSeat[];
  second_factor?: boolean;
  has_password?: boolean;
  provider?: string | null;
}

/**
 * How one can sign in here: `provider` names an OpenID Connect provider; `mail`: letters can be sent.
 */
export interface SignInOptions {
  provider: string | null;
  mail: boolean;
}

/**
 * One that gives no answer. `address`: where it was last, "" where another device is now.
 */
export interface SilentDevice {
  name: string;
  address: string;
  silence: NoReply;
  machine?: string | null;
}

/**
 * One of the slowest of the last round.
 */
export interface SlowDevice {
  name: string;
  address: string;
  took_s: number;
  machine?: string | null;
}

/**
 * Opens one socket, once, before `expires_at`.
 */
export interface SocketTicket {
  ticket: string;
  expires_at: number;
}

/**
 * A program in one version. `own`: added by the farm; `readable`: its figures are read by the sentry.
 */
export interface Software {
  program: string;
  version: string;
  archives: SoftwareArchive[];
  own?: boolean;
  readable?: boolean;
}

/**
 * An archive for one system; without a digest it can be shown and never installed.
 */
export interface SoftwareArchive {
  system: System;
  archive: Archive | null;
  url?: string;
  note?: string;
}

/**
 * The catalogue and the farm's own, and the script template of each program and system.
 */
export interface SoftwareList {
  software: Software[];
  scripts: Record<string, Record<string, string>>;
}

/**
 * From the page: a program or version of one's own.
 */
export interface SoftwareRequest {
  program: string;
  version: string;
  system: System;
  archive: Archive;
}

/**
 * What changes only with hardware or installation. None: not known.
 *
 * From `make` on it is told of ASICs.
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
  devices?: Device[];
  make?: string | null;
  model?: string | null;
  firmware?: string | null;
  firmware_version?: string | null;
  mac?: string | null;
  serial?: string | null;
}

/**
 * CAREFUL: one rig first, the rest after its first accepted share. AT_ONCE: all.
 */
export type Speed = "careful" | "at_once";

/**
 * One thing that a rig does for a revision: download, verify, stop, install, write, start.
 *
 * `playbook`: of which one, "" for the whole. `done` and `total`: bytes of a download.
 */
export interface Step {
  what: "download" | "fetch" | "install" | "start" | "stop" | "write";
  state: StepState;
  playbook?: string;
  reason?: string;
  at?: number | null;
  done?: number | null;
  total?: number | null;
}

/**
 * Where a step of an assignment stands.
 */
export type StepState = "waiting" | "running" | "done" | "failed";

/**
 * Another machine showed this agent's token, as a copied disk would; it was refused.
 */
export interface Stranger {
  hostname: string;
  at: number;
}

/**
 * For which systems a script or an archive is.
 */
export type System = "linux-x64" | "windows-x64";

/**
 * The whole address book, by name.
 */
export interface TemplateBook {
  pools: PoolTemplate[];
  wallets: WalletTemplate[];
}

/**
 * What editing a template would change: playbooks by name with old and new text, and the rigs touched.
 */
export interface TemplateImpact {
  before: string;
  after: string;
  playbooks: Use[];
  rigs: number;
  coin: string | null;
}

export type ToPage = Delta | MachinesChanged | Pong;

/**
 * What became of a machine by itself.
 */
export type Transition = "online" | "offline" | "stopped";

/**
 * What could not be read and why: `part` is a series' or a spec's name.
 */
export interface Unread {
  part: string;
  reason: string;
}

/**
 * A playbook that uses a template, and on how many rigs it is wanted.
 */
export interface Use {
  playbook: string;
  name: string;
  rigs: number;
}

/**
 * From the page: back to a version, which becomes the newest one.
 */
export interface VersionRequest {
  version: number;
  pace?: Speed;
}

/**
 * From the page: an address that is paid to.
 */
export interface WalletRequest {
  name: string;
  coin: string;
  address: string;
}

/**
 * A wallet of the address book.
 */
export interface WalletTemplate {
  wallet: string;
  entry: WalletRequest;
  checked: Checked;
  changed_at: number;
  changed_by: string;
  used?: Use[];
}

/**
 * From the page: all programs of a rig that are only to be read.
 */
export interface WatchRequest {
  watched: WatchedProgram[];
}

/**
 * A program that somebody else runs and that the owner named: only read, never started nor stopped.
 *
 * `miner` is its name in the sentry's table, `port` that of its API on 127.0.0.1.
 */
export interface WatchedProgram {
  program: string;
  miner: string;
  port: number;
}
