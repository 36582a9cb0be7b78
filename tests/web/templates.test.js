// Pools, wallets and programs in words.
import assert from "node:assert/strict";
import { test } from "node:test";

import { coinOf, counted, installable, moved, obstacles, poolWords, sha256Of, usedWords, useWords } from "../../web_static/templates.js";

const ARCHIVE = { url: "https://p.example/a.zip", sha256: "ab", kind: /** @type {const} */ ("zip"), executable: "a" };

test("a pool is told in a line, without its password", () => {
  const pool = { name: "Europe", address: "pool.example:3333", password: "secret" };
  assert.equal(poolWords(pool), "pool.example:3333 · without TLS");
  assert.equal(poolWords({ ...pool, tls: true, coin: "XMR", algorithm: "rx/0", region: "EU" }), "pool.example:3333 · TLS · XMR · EU");
  assert.equal(poolWords({ ...pool, algorithm: "kawpow" }), "pool.example:3333 · without TLS · kawpow");
});

test("a coin is named in capitals", () => {
  assert.equal(coinOf(" btc "), "BTC");
  assert.equal(coinOf(""), "");
  assert.throws(() => coinOf("a coin"), /1 to 12 letters/);
});

test("a digest is taken in capitals too, and nothing else for one", () => {
  assert.equal(sha256Of("AB".repeat(32)), "ab".repeat(32));
  assert.throws(() => sha256Of("zz"), /64 letters/);
});

test("where a template is used", () => {
  const use = { playbook: "p", name: "Monero", rigs: 1 };
  assert.equal(usedWords([]), "not used");
  assert.equal(usedWords([use]), "in 1 playbook");
  assert.equal(usedWords([use, use]), "in 2 playbooks");
  assert.equal(useWords(use), "Monero (on 1 rig)");
  assert.equal(useWords({ ...use, rigs: 0 }), "Monero (on no rig)");
  assert.equal(counted(5000, "rig"), "5,000 rigs");
});

test("why a program cannot be installed, system by system", () => {
  /** @type {import("../../web_static/wire.js").Software} */
  const software = {
    program: "p",
    version: "1",
    archives: [
      { system: "linux-x64", archive: ARCHIVE },
      { system: "windows-x64", archive: null, note: "no longer offered" },
    ],
  };
  assert.deepEqual(installable(software), ["linux-x64"]);
  assert.deepEqual(obstacles(software), ["Windows: no longer offered"]);
  const [linked, absent] = [{ url: "https://p.example" }, {}].map((more) => obstacles({ ...software, archives: [{ system: "linux-x64", archive: null, ...more }] })[0]);
  assert.match(linked ?? "", /^Linux: .*SHA-256/);
  assert.equal(absent, "Linux: there is no download");
});

test("a pool goes up and down in the order, and not beyond its ends", () => {
  assert.deepEqual(moved(["a", "b", "c"], 2, 1), ["a", "c", "b"]);
  assert.deepEqual(moved(["a", "b", "c"], 0, 2), ["b", "c", "a"]);
  assert.deepEqual(moved(["a", "b"], 0, -1), ["a", "b"]);
  assert.deepEqual(moved(["a", "b"], 1, 2), ["a", "b"]);
});
