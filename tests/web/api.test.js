// The HTTP API: errors in words, and the end of a session.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, ApiError, inWords } from "../../web_static/api.js";

/** @param {() => Response | Promise<Response>} answer */
function apiOf(answer) {
  /** @type {[string, RequestInit | undefined][]} */
  const asked = [];
  const seen = { signedOut: 0, asked };
  /** @type {typeof fetch} */
  const fake = async (path, options) => {
    asked.push([String(path), options]);
    return answer();
  };
  return { api: new Api(fake, () => (seen.signedOut += 1)), seen };
}

/** @param {number} status @param {unknown} body */
const json = (status, body) => new Response(JSON.stringify(body), { status });

test("a refusal carries the commander's own words", async () => {
  const body = { error: { code: "wrong_password", message: "E-mail or password is wrong." } };
  const { api, seen } = apiOf(() => json(401, body));
  await assert.rejects(api.signIn("a", "b"), { message: "E-mail or password is wrong.", status: 401 });
  assert.equal(seen.signedOut, 0, "a wrong password ends no session");
});

test("an answer that is no JSON still has words", async () => {
  const { api } = apiOf(() => new Response("<html>", { status: 502 }));
  await assert.rejects(api.metrics(), { message: "The commander answered with an error (502)." });
});

test("a refusal names the field that it is about", async () => {
  const body = { error: { code: "bad_label", message: "Too long.", field: "place" } };
  const { api, seen } = apiOf(() => json(422, body));
  await assert.rejects(api.changeMachine("m/1", { place: "x" }), { field: "place", message: "Too long." });
  assert.deepEqual(seen.asked.map(([path, options]) => [path, options?.method, options?.body]), [
    ["/v1/machines/m%2F1", "PATCH", '{"place":"x"}'],
  ]);
});

test("back to work is told as null, and what is left out is not told", async () => {
  const { api, seen } = apiOf(() => json(200, {}));
  await api.changeMachine("m", { parked: null });
  assert.equal(seen.asked[0]?.[1]?.body, '{"parked":null}');
});

test("no network has words", async () => {
  const { api } = apiOf(() => Promise.reject(new TypeError("Failed to fetch")));
  await assert.rejects(api.metrics(), (error) => inWords(error).startsWith("The commander cannot be reached."));
});

test("401 anywhere else ends the session here", async () => {
  const { api, seen } = apiOf(() => json(401, { error: { code: "signed_out", message: "Sign in." } }));
  await assert.rejects(api.socketTicket(), ApiError);
  assert.equal(seen.signedOut, 1);
});

test("ids and page tokens are escaped", async () => {
  const { api, seen } = apiOf(() => json(200, {}));
  await api.machines("a&b=c");
  await api.machine("../x");
  await api.history("x", "24h");
  const paths = ["/v1/machines?limit=500&after=a%26b%3Dc", "/v1/machines/..%2Fx", "/v1/machines/x/history?span=24h"];
  assert.deepEqual(seen.asked.map(([path]) => path), paths);
});

test("204 is no body", async () => {
  const { api } = apiOf(() => new Response(null, { status: 204 }));
  assert.equal(await api.deleteAgent("a"), null);
});

test("orders, watched programs, logs and events have their addresses", async () => {
  const { api, seen } = apiOf(() => json(200, {}));
  await api.order("m/1", { action: "pause", program: "p", for_s: 600 });
  await api.takeBack("m/1", 7);
  await api.watch("m/1", [{ program: "x", miner: "xmrig", port: 1 }]);
  await api.log("m/1", "a b");
  await api.events(null);
  await api.events("t=1");
  assert.deepEqual(seen.asked.map(([path, options]) => [options?.method, path, options?.body]), [
    ["POST", "/v1/machines/m%2F1/orders", '{"action":"pause","program":"p","for_s":600}'],
    ["DELETE", "/v1/machines/m%2F1/orders/7", null],
    ["PUT", "/v1/machines/m%2F1/watched", '{"watched":[{"program":"x","miner":"xmrig","port":1}]}'],
    ["GET", "/v1/machines/m%2F1/log?program=a%20b", null],
    ["GET", "/v1/events?limit=50", null],
    ["GET", "/v1/events?limit=50&after=t%3D1", null],
  ]);
});
