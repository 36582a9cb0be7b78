// Machines as the wire says them, for the tests.
import { wordsOf } from "../../web_static/labels.js";

/** @import {Live, Row} from "../../web_static/store.js" */
/** @import {LiveColumns, MachinePage} from "../../web_static/wire.js" */

/** @param {Partial<Live>} [change] @returns {Live} reported at 100, late at 120, offline at 160 */
export function live(change = {}) {
  const reported = { received_at: 100, sampled_at: 99, late_at: 120, offline_at: 160 };
  const rest = { stopped: false, interval_s: 10, mining: [], values: { cpu_load_pct: 50 }, silence: null };
  return { ...reported, ...rest, ...change };
}

export const WAITING = live({ received_at: null, sampled_at: null, late_at: null, offline_at: null, interval_s: null, values: {} });

/** @param {string} name @param {Partial<Live>} [change] @param {Partial<Row>} [more] @returns {Row} */
export function row(name, change = {}, more = {}) {
  const { labels = {}, simulated = false, agent = "e", model = null } = more;
  const told = { name, kind: /** @type {const} */ ("cpu_gpu"), agent, model, simulated, labels };
  const kept = { before: null, mined: change.mining?.[0] ?? null };
  return { machine: name, ...told, nameOrder: 0, words: wordsOf(told), live: live(change), ...kept, ...more };
}

/** @param {Record<string, Live>} machines @returns {LiveColumns} */
export function columns(machines) {
  const rows = Object.values(machines);
  const metrics = new Set(rows.flatMap(({ values }) => Object.keys(values)));
  return {
    machine: Object.keys(machines),
    received_at: rows.map((one) => one.received_at),
    sampled_at: rows.map((one) => one.sampled_at),
    late_at: rows.map((one) => one.late_at),
    offline_at: rows.map((one) => one.offline_at),
    stopped: rows.map((one) => one.stopped),
    interval_s: rows.map((one) => one.interval_s),
    mining: rows.map((one) => one.mining),
    values: Object.fromEntries([...metrics].map((name) => [name, rows.map((one) => one.values[name] ?? null)])),
  };
}

/** @param {Record<string, Live>} machines @param {string | null} [next] @returns {MachinePage} */
export function page(machines, next = null) {
  const names = Object.keys(machines);
  return {
    server_at: 101,
    name: names.map((name) => `rig ${name}`),
    kind: names.map(() => "cpu_gpu"),
    agent: names.map(() => "e"),
    model: names.map(() => null),
    simulated: names.map(() => false),
    labels: names.map(() => ({})),
    live: columns(machines),
    next,
  };
}
