// What a machine mines, folded to one hashrate for each algorithm.
import assert from "node:assert/strict";
import { test } from "node:test";

import { hashingOf, mainOf } from "../../web_static/mining.js";

test("coins of one algorithm are one hashrate, other units another", () => {
  const mining = [
    { algorithm: "randomx", hashrate: 1, coin: "XMR" },
    { algorithm: "kawpow", hashrate: 5 },
    { algorithm: "randomx", hashrate: 2, coin: "ZEPH" },
    { algorithm: "randomx", hashrate: 4, unit: /** @type {const} */ ("Sol/s") },
  ];
  const found = hashingOf(mining).map(({ algorithm, unit, hashrate, coins }) => [algorithm, unit, hashrate, coins.size]);
  assert.deepEqual(found, [["randomx", "H/s", 3, 2], ["kawpow", "H/s", 5, 0], ["randomx", "Sol/s", 4, 0]]);
  assert.equal(mainOf(mining)?.hashrate, 3);
});

test("one part that was not read leaves the whole unknown, wherever it stands", () => {
  const [read, unread] = [{ algorithm: "randomx", hashrate: 1 }, { algorithm: "randomx", hashrate: null }];
  assert.equal(mainOf([read, unread, read])?.hashrate, null);
  assert.equal(mainOf([unread, read])?.hashrate, null);
  const coins = [1, null, 2].map((hashrate) => ({ algorithm: "randomx", hashrate, coin: "XMR" }));
  assert.equal(mainOf(coins)?.coins.get("XMR"), null);
  assert.equal(mainOf([]), null);
});

test("what the wire said is left as it is", () => {
  const mining = [{ algorithm: "randomx", hashrate: 1 }, { algorithm: "randomx", hashrate: 2 }];
  hashingOf(mining);
  assert.deepEqual(mining.map(({ hashrate }) => hashrate), [1, 2]);
});
