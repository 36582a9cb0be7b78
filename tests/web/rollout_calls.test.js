// The calls of rollouts: which address each asks, with what.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Api } from "../../web_static/api.js";
import { assign, readAstray, readPlaybooks, readRigWork, readRollouts, turnRollout } from "../../web_static/rollout_calls.js";

/** @param {(api: Api) => Promise<unknown>} call @returns {Promise<[string, string, unknown]>} */
async function asked(call) {
  /** @type {[string, string, unknown]} */
  let seen = ["", "", null];
  /** @type {typeof fetch} */
  const fetched = async (path, init) => {
    seen = [String(init?.method), String(path), init?.body ? JSON.parse(String(init.body)) : null];
    return new Response("{}");
  };
  await call(new Api(fetched, () => {}, "f1"));
  return seen;
}

test("each call asks its own address", async () => {
  assert.deepEqual(await asked(readPlaybooks), ["GET", "/v1/playbooks", null]);
  assert.deepEqual(await asked(readRollouts), ["GET", "/v1/rollouts", null]);
  assert.deepEqual(await asked(readAstray), ["GET", "/v1/astray", null]);
  assert.deepEqual(await asked((api) => readRigWork(api, "m/1")), ["GET", "/v1/machines/m%2F1/work", null]);
  assert.deepEqual(await asked((api) => turnRollout(api, "r1", "back")), ["POST", "/v1/rollouts/r1/back", null]);
});

test("an assignment names playbooks, rigs, and how", async () => {
  const wanted = { playbooks: ["p"], machines: ["m1"], how: /** @type {const} */ ("set"), pace: /** @type {const} */ ("careful") };
  assert.deepEqual(await asked((api) => assign(api, wanted)), ["POST", "/v1/assignments", wanted]);
});
