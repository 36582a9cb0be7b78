// A log that was asked for: waited for, looked for at the right moments, and given up.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWER_S, askedAt, isDue, standOf, withLog } from "../../web_static/program_log.js";

const WAITING = [{ number: 7, action: /** @type {const} */ ("log"), program: "p" }];

/** @param {number} order @param {string[]} [lines] */
const log = (order, lines = ["a"]) => ({ program: "p", order, received_at: 110, lines });

test("it is looked for once the rig has carried the order out, and then each few seconds", () => {
  const asked = askedAt(100);
  assert.equal(isDue(asked, [], 105), false, "not accepted yet");
  asked.order = 7;
  assert.equal(isDue(asked, WAITING, 105), false, "on its way");
  assert.equal(isDue(asked, [], 105), true);
  asked.triedAt = 105;
  assert.equal(isDue(asked, [], 106), false);
  assert.equal(isDue(asked, [], 109), true);
});

test("an answer to an earlier question is not taken for this one", () => {
  const asked = { ...askedAt(100), order: 7 };
  withLog(asked, log(6));
  assert.equal(standOf(asked, 110), "waiting");
  withLog(asked, log(7, ["newest"]));
  assert.equal(standOf(asked, 110), "here");
  assert.deepEqual(asked.log?.lines, ["newest"]);
  assert.equal(isDue(asked, [], 200), false);
});

test("after two minutes the rig did not answer, and is not asked for it any more", () => {
  const asked = { ...askedAt(100), order: 7 };
  assert.equal(standOf(asked, 100 + ANSWER_S - 1), "waiting");
  assert.equal(standOf(asked, 100 + ANSWER_S), "silent");
  assert.equal(isDue(asked, [], 100 + ANSWER_S), false);
});

test("what came before stays until something newer comes", () => {
  assert.equal(askedAt(100, log(3)).log?.order, 3);
});
