// The store: pages, deltas, and when it asks for the list again.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ServerClock } from "../../web_static/clock.js";
import { liveAt, Store } from "../../web_static/store.js";
import { columns, live, page, WAITING } from "./rows.js";

/** @import {MachinePage} from "../../web_static/wire.js" */

/** @param {MachinePage[]} pages answered one after the other */
function storeOf(pages) {
  /** @type {(string | null)[]} */
  const asked = [];
  /** @type {(() => void)[]} */
  const later = [];
  const store = new Store({
    fetchPage: async (after) => {
      asked.push(after);
      const next = pages.shift();
      if (!next) throw new Error("no page");
      return next;
    },
    clock: new ServerClock(() => 0),
    changed: () => {},
    failed: () => {},
    later: (action) => later.push(action),
  });
  return { store, asked, later };
}

/** @param {Parameters<typeof columns>[0]} machines */
const delta = (machines) => ({ type: /** @type {const} */ ("delta"), server_at: 130, live: columns(machines) });

test("all pages are read, by the token of the one before", async () => {
  const { store, asked } = storeOf([page({ m10: live(), m9: live() }, "t1"), page({ m11: live() })]);
  await store.loadList();
  assert.deepEqual(asked, [null, "t1"]);
  assert.deepEqual([...store.rows.keys()], ["m10", "m9", "m11"]);
  assert.equal(store.listings, 1);
});

test("names are numbered as people count", async () => {
  const { store } = storeOf([page({ m10: live(), m9: live() })]);
  await store.loadList();
  assert.equal(store.rows.get("m9")?.nameOrder, 0);
});

test("a delta changes its machines and leaves the others", async () => {
  const { store, later } = storeOf([page({ a: live(), b: WAITING })]);
  await store.loadList();
  store.applyDelta(delta({ b: live({ received_at: 130 }) }));
  assert.equal(store.rows.get("b")?.live.received_at, 130);
  assert.equal(store.rows.get("a")?.live.received_at, 100);
  assert.equal(later.length, 0, "no refetch while figures change");
});

test("what its owner says of a machine comes with the list and stays through deltas", async () => {
  const labels = { place: "Hall 2", tags: ["Quiet"], client: "Anna" };
  const { store } = storeOf([{ ...page({ a: live() }), labels: [labels] }]);
  await store.loadList();
  store.applyDelta(delta({ a: live({ received_at: 130 }) }));
  assert.deepEqual(store.rows.get("a")?.labels, labels);
  assert.equal(store.rows.get("a")?.words, "rig a\nhall 2\nquiet\nanna");
});

test("a metric that the newest report did not read is unread, not what it was", async () => {
  const { store } = storeOf([page({ a: live() })]);
  await store.loadList();
  store.applyDelta(delta({ a: live({ received_at: 130, values: {} }) }));
  assert.equal(store.rows.get("a")?.live.values.cpu_load_pct ?? null, null);
});

test("an older report never replaces a newer one", async () => {
  const { store } = storeOf([page({ a: live({ received_at: 200 }) }), page({ a: live() })]);
  await store.loadList();
  store.applyDelta(delta({ a: live({ received_at: 150 }) }));
  await store.loadList();
  assert.equal(store.rows.get("a")?.live.received_at, 200);
});

test("unknown machines and repeated requests make one refetch", async () => {
  const { store, asked, later } = storeOf([page({ a: live() }), page({ a: live(), b: live() })]);
  await store.loadList();
  store.applyDelta(delta({ b: live(), c: live() }));
  store.requestList();
  store.requestList();
  assert.equal(later.length, 1);
  later.pop()?.();
  await store.loadList().catch(() => {});
  assert.equal(asked.length, 3);
  assert.ok(store.rows.has("b"));
});

test("machines heard of while the first list is read cause no second reading", async () => {
  const { store, later } = storeOf([page({ a: live() })]);
  const loading = store.loadList();
  store.applyDelta(delta({ a: live({ received_at: 130 }) }));
  await loading;
  store.applyDelta(delta({ a: live({ received_at: 140 }) }));
  assert.equal(later.length, 0);
});

test("what a delta says of a machine before its page arrives is not lost", async () => {
  const { store } = storeOf([page({ a: live() })]);
  const loading = store.loadList();
  store.applyDelta(delta({ a: live({ received_at: 130 }) }));
  await loading;
  assert.equal(store.rows.get("a")?.live.received_at, 130);
});

test("a machine that first reports while the list is read, and is not on it, is asked for", async () => {
  const { store, later } = storeOf([page({ a: live() })]);
  const loading = store.loadList();
  // The reading has to have begun: what was unknown before it is answered by it.
  await Promise.resolve();
  store.applyDelta(delta({ b: live() }));
  await loading;
  assert.equal(later.length, 1);
});

test("a machine on no page is gone", async () => {
  const { store } = storeOf([page({ a: live(), b: live() }), page({ b: live() })]);
  await store.loadList();
  await store.loadList();
  assert.deepEqual([...store.rows.keys()], ["b"]);
});

test("a failed reading keeps what is known and is told", async () => {
  const { store } = storeOf([page({ a: live() })]);
  await store.loadList();
  await assert.rejects(store.loadList());
  assert.ok(store.rows.has("a"));
});

test("columns that were left out read as unknown", () => {
  const bare = /** @type {any} */ ({ machine: ["a"] });
  assert.deepEqual(liveAt(bare, 0), { ...WAITING, values: {} });
});

test("the sample before the newest is kept, and the same sample again does not take its place", async () => {
  const { store } = storeOf([page({ a: live() }), page({ a: live({ sampled_at: 130, received_at: 131 }) })]);
  await store.loadList();
  assert.equal(store.rows.get("a")?.before, null);
  store.applyDelta(delta({ a: live({ sampled_at: 130, received_at: 131 }) }));
  await store.loadList();
  assert.equal(store.rows.get("a")?.before?.sampled_at, 99);
  assert.equal(store.rows.get("a")?.live.sampled_at, 130);
});

test("an ASIC's model and edge come with the list, its silence with each report, and what it mined is remembered", async () => {
  const mining = [{ algorithm: "sha256", hashrate: 1 }];
  const { store } = storeOf([{ ...page({ a: live({ mining }), b: live() }), model: ["Antminer S19", null], agent: ["e1", null] }]);
  await store.loadList();
  const silence = { a: { reason: "does not answer", since: 90, rounds: 2 } };
  const gone = { a: live({ received_at: 130, values: {} }), b: live({ received_at: 131 }) };
  store.applyDelta({ ...delta(gone), live: { ...columns(gone), silence } });
  const row = store.rows.get("a");
  assert.deepEqual([row?.agent, store.rows.get("b")?.agent], ["e1", null]);
  assert.deepEqual([row?.model, row?.words, row?.live.silence, row?.mined], ["Antminer S19", "rig a\n\n\nantminer s19", silence.a, mining[0]]);
  assert.equal(store.rows.get("b")?.live.silence, null);
  store.applyDelta(delta({ a: live({ received_at: 140 }) }));
  assert.equal(store.rows.get("a")?.live.silence, null);
});
