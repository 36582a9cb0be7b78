// The HTTP API: errors in words, and the end of a session.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, ApiError, inWords } from "../../web_static/api.js";

/** @param {() => Response | Promise<Response>} answer */
function apiOf(answer) {
  /** @type {[string, RequestInit | undefined][]} */
  const asked = [];
  /** @type {string[]} */
  const refused = [];
  const seen = { refused, asked };
  /** @type {typeof fetch} */
  const fake = async (path, options) => {
    asked.push([String(path), options]);
    return answer();
  };
  return { api: new Api(fake, ({ code }) => refused.push(code)), seen };
}

/** @param {number} status @param {unknown} body */
const json = (status, body) => new Response(JSON.stringify(body), { status });

test("a refusal carries the commander's own words", async () => {
  const body = { error: { code: "wrong_password", message: "E-mail or password is wrong." } };
  const { api, seen } = apiOf(() => json(401, body));
  const credentials = { email: "a", password: "b", code: "" };
  await assert.rejects(api.signIn(credentials), { message: "E-mail or password is wrong.", status: 401 });
  assert.deepEqual(seen.refused, ["wrong_password"]);
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

test("every refusal is told to the page before whoever asked, a lost network is not", async () => {
  const { api, seen } = apiOf(() => json(401, { error: { code: "not_signed_in", message: "Sign in." } }));
  await assert.rejects(api.socketTicket(), ApiError);
  await assert.rejects(api.of("f2").machines(null), ApiError);
  assert.deepEqual(seen.refused, ["not_signed_in", "not_signed_in"]);
  const lost = apiOf(() => Promise.reject(new TypeError("Failed to fetch")));
  await assert.rejects(lost.api.socketTicket(), ApiError);
  assert.deepEqual(lost.seen.refused, []);
});

test("how long to wait is told in seconds, 0 where it is not", async () => {
  const body = JSON.stringify({ error: { code: "too_many_sign_ins", message: "Wait." } });
  const slow = apiOf(() => new Response(body, { status: 429, headers: { "Retry-After": "90" } }));
  await assert.rejects(slow.api.forgotPassword("a@b.example"), { status: 429, wait_s: 90 });
  const vague = apiOf(() => new Response(body, { status: 429, headers: { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" } }));
  await assert.rejects(vague.api.forgotPassword("a@b.example"), { wait_s: 0 });
});

test("each request names the farm that it is about, and those before any farm name none", async () => {
  const { api, seen } = apiOf(() => json(200, {}));
  await api.session();
  const farm = api.of("f1");
  await farm.machine("m");
  await farm.of("f2").createAgent("x", "asic");
  await farm.of("").metrics();
  const headers = seen.asked.map(([, options]) => options?.headers);
  const named = { "Content-Type": "application/json", "Rig-Farm": "f2" };
  assert.deepEqual(headers, [{}, { "Rig-Farm": "f1" }, named, {}]);
});

test("secrets and passwords go in bodies, never in an address", async () => {
  const { api, seen } = apiOf(() => json(200, {}));
  await api.signIn({ email: "e", password: "p", code: "1" });
  await api.resetPassword({ secret: "s", new: "n" });
  await api.changePassword({ old: "o", new: "n" });
  await api.proveSecondFactor("1");
  await api.endSecondFactor({ password: "p", code: "1" });
  assert.deepEqual(seen.asked.map(([path, options]) => [options?.method, path, options?.body]), [
    ["POST", "/v1/session", '{"email":"e","password":"p","code":"1"}'],
    ["POST", "/v1/passwords/reset", '{"secret":"s","new":"n"}'],
    ["PUT", "/v1/account/password", '{"old":"o","new":"n"}'],
    ["PUT", "/v1/account/second-factor", '{"code":"1"}'],
    ["POST", "/v1/account/second-factor/end", '{"password":"p","code":"1"}'],
  ]);
});

test("202 has nothing to read", async () => {
  const { api } = apiOf(() => new Response("", { status: 202 }));
  assert.equal(await api.forgotPassword("a@b.example"), null);
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
