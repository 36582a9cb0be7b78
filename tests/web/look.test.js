// Which machines the commander is told that somebody looks at, and how often.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Look, LOOK_MOST, RENEW_MS, REST_MS } from "../../web_static/look.js";

function stage() {
  /** @type {{now: number, hidden: boolean, live: boolean, sent: string[][]}} */
  const seen = { now: 0, hidden: false, live: true, sent: [] };
  const look = new Look({
    send: ({ machines }) => {
      if (seen.live) seen.sent.push(machines);
      return seen.live;
    },
    hidden: () => seen.hidden,
    now: () => seen.now,
  });
  /** @param {number} ms passes as in life, second by second */
  const pass = (ms) => {
    for (let gone = 0; gone < ms; gone += 1000) {
      seen.now += 1000;
      look.tick();
    }
  };
  return { look, seen, pass };
}

test("what is on the screen is told at once, and again each minute", () => {
  const { look, seen, pass } = stage();
  look.see(["b", "a"]);
  look.tick();
  assert.deepEqual(seen.sent, [["a", "b"]]);
  pass(RENEW_MS - 1000);
  assert.equal(seen.sent.length, 1);
  pass(1000);
  assert.equal(seen.sent.length, 2);
});

test("however fast somebody scrolls, it is told each 2 s at most, and last what stays", () => {
  const { look, seen, pass } = stage();
  for (let step = 0; step < 20; step += 1) {
    look.see([`m${step}`]);
    look.tick();
    seen.now += 100;
  }
  assert.equal(seen.sent.length, 1);
  pass(REST_MS);
  assert.deepEqual(seen.sent, [["m0"], ["m19"]]);
});

test("the same machines in another order are no news", () => {
  const { look, seen, pass } = stage();
  look.see(["a", "b"]);
  look.tick();
  look.see(["b", "a"]);
  pass(RENEW_MS - 2000);
  assert.equal(seen.sent.length, 1);
});

test("at most 50, from the top", () => {
  const { look, seen } = stage();
  const many = Array.from({ length: 80 }, (_, i) => `m${i + 100}`);
  look.see(many);
  look.tick();
  assert.deepEqual(seen.sent[0], many.slice(0, LOOK_MOST));
});

test("a hidden page says nothing; seen again, it says so when the commander may have forgotten", () => {
  const { look, seen, pass } = stage();
  look.see(["a"]);
  look.tick();
  seen.hidden = true;
  pass(3 * RENEW_MS);
  assert.equal(seen.sent.length, 1);
  seen.hidden = false;
  look.tick();
  assert.equal(seen.sent.length, 2);
});

test("a screen without machines says nothing: what was told lapses", () => {
  const { look, seen, pass } = stage();
  look.tick();
  look.see(["a"]);
  look.tick();
  look.see([]);
  pass(2 * RENEW_MS);
  assert.deepEqual(seen.sent, [["a"]]);
});

test("what could not be sent is sent when the connection is back, and after a new one again", () => {
  const { look, seen, pass } = stage();
  seen.live = false;
  look.see(["a"]);
  pass(5000);
  seen.live = true;
  pass(1000);
  assert.deepEqual(seen.sent, [["a"]]);
  look.renew();
  look.tick();
  assert.deepEqual(seen.sent, [["a"], ["a"]]);
});
