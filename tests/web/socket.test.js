// The live connection, with a socket and a clock made of nothing.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWER_MS, backOff, LiveSocket, OPENING_MS, QUIET_MS, RENEW_MS, socketAddress } from "../../web_static/socket.js";

class FakeWebSocket {
  /** @type {string[]} */
  sent = [];
  closed = false;
  onopen = () => {};
  onclose = () => {};
  /** @type {(event: {data: string}) => void} */
  onmessage = () => {};

  /** @param {string} text */
  send(text) {
    this.sent.push(text);
  }

  close() {
    this.closed = true;
  }
}

const settled = () => new Promise((done) => setImmediate(done));

function stage() {
  const seen = {
    /** @type {FakeWebSocket[]} */ sockets: [],
    /** @type {string[]} */ states: [],
    /** @type {unknown[]} */ messages: [],
    now: 0,
    resync: async () => {},
    ticket: async () => "t",
  };
  const live = new LiveSocket({
    ticket: () => seen.ticket(),
    open: () => {
      const socket = new FakeWebSocket();
      seen.sockets.push(socket);
      return /** @type {any} */ (socket);
    },
    resync: () => seen.resync(),
    message: (message) => seen.messages.push(message),
    changed: (state) => seen.states.push(state),
    now: () => seen.now,
    random: () => 1,
  });
  /** @param {number} ms */
  const pass = async (ms) => {
    seen.now += ms;
    live.tick();
    await settled();
  };
  return { live, seen, pass };
}

async function connected() {
  const all = stage();
  all.live.start();
  await settled();
  all.seen.sockets[0]?.onopen();
  await settled();
  return { ...all, socket: /** @type {FakeWebSocket} */ (all.seen.sockets[0]) };
}

test("the address is of the page's own host, and as safe as the page", () => {
  const at = (/** @type {string} */ protocol) => socketAddress({ protocol, host: "rig.example:81" }, "a&b");
  assert.equal(at("https:"), "wss://rig.example:81/socket?ticket=a%26b");
  assert.equal(at("http:"), "ws://rig.example:81/socket?ticket=a%26b");
});

test("begun anew it asks at once, and the end of the former connection is no loss", async () => {
  const { live, seen, socket } = await connected();
  live.restart();
  socket.onclose();
  await settled();
  seen.sockets[1]?.onopen();
  await settled();
  assert.deepEqual(seen.states, ["live", "live"]);
  assert.equal(socket.closed, true);
});

test("it is live only after the resync", async () => {
  const { live, seen } = stage();
  let release = () => {};
  seen.resync = () => new Promise((done) => (release = done));
  live.start();
  await settled();
  seen.sockets[0]?.onopen();
  await settled();
  assert.equal(live.connection, "connecting");
  release();
  await settled();
  assert.equal(live.connection, "live");
});

const PING = '{"type":"ping"}';
const PONG = { data: '{"type":"pong","server_at":1}' };

test("a ping goes after 10 s without a word, and its answer keeps the connection", async () => {
  const { live, socket, pass } = await connected();
  await pass(QUIET_MS - 1);
  assert.deepEqual(socket.sent, []);
  await pass(1);
  assert.deepEqual(socket.sent, [PING]);
  socket.onmessage(PONG);
  await pass(QUIET_MS);
  assert.equal(socket.sent.length, 2);
  assert.equal(live.connection, "live");
});

test("a connection that always has something to say is still renewed each 30 s", async () => {
  const { socket, pass } = await connected();
  for (let second = 0; second < RENEW_MS / 1000; second += 1) {
    assert.deepEqual(socket.sent, []);
    socket.onmessage({ data: '{"type":"machines_changed","server_at":1}' });
    await pass(1000);
  }
  assert.deepEqual(socket.sent, [PING]);
});

test("where the browser says that the network is gone, the commander is asked at once", async () => {
  const { live, socket, pass } = await connected();
  live.ask();
  live.ask();
  assert.deepEqual(socket.sent, [PING], "an answer that is awaited is not asked for again");
  socket.onmessage(PONG);
  await pass(ANSWER_MS);
  assert.equal(live.connection, "live", "a commander on this computer needs no network");
  live.ask();
  await pass(ANSWER_MS);
  assert.equal(live.connection, "lost");
  live.ask();
  assert.equal(socket.sent.length, 2);
});

test("messages go out only while it is live", async () => {
  const { live, socket } = await connected();
  assert.equal(live.send({ type: "look", machines: ["a"] }), true);
  assert.deepEqual(socket.sent, ['{"type":"look","machines":["a"]}']);
  socket.onclose();
  assert.equal(live.send({ type: "look", machines: ["a"] }), false);
  assert.equal(socket.sent.length, 1);
});

test("15 s without a word is a lost connection", async () => {
  const { live, socket, pass } = await connected();
  await pass(QUIET_MS);
  await pass(ANSWER_MS - 1);
  assert.equal(live.connection, "live");
  await pass(1);
  assert.equal(live.connection, "lost");
  assert.ok(socket.closed);
});

test("a page whose timers slept does not take its own sleep for silence", async () => {
  const { live, socket, pass } = await connected();
  for (let minute = 0; minute < 5; minute += 1) {
    await pass(60_000);
    socket.onmessage({ data: '{"type":"pong","server_at":1}' });
  }
  assert.equal(live.connection, "live");
});

test("it comes back by itself and resyncs", async () => {
  const { live, seen, socket, pass } = await connected();
  let resyncs = 0;
  seen.resync = async () => void (resyncs += 1);
  socket.onclose();
  assert.equal(live.connection, "lost");
  await pass(999);
  assert.equal(seen.sockets.length, 1);
  await pass(1);
  assert.equal(seen.sockets.length, 2);
  seen.sockets[1]?.onopen();
  await settled();
  assert.equal(live.connection, "live");
  assert.equal(resyncs, 1);
});

test("a refused ticket and a failed resync are tried again, each time later", async () => {
  const { live, seen, pass } = stage();
  seen.ticket = async () => Promise.reject(new Error("503"));
  live.start();
  await settled();
  await pass(1000);
  await pass(1999);
  assert.deepEqual(seen.states, ["lost", "lost"]);
  seen.ticket = async () => "t";
  seen.resync = async () => Promise.reject(new Error("500"));
  await pass(1);
  seen.sockets[0]?.onopen();
  await settled();
  assert.deepEqual(seen.states, ["lost", "lost", "lost"]);
  assert.ok(seen.sockets[0]?.closed);
});

test("a socket that never opens is given up", async () => {
  const { live, pass } = stage();
  live.start();
  await settled();
  await pass(OPENING_MS - 1);
  assert.equal(live.connection, "connecting");
  await pass(1);
  assert.equal(live.connection, "lost");
});

test("when the network is back it does not wait", async () => {
  const { live, seen, socket } = await connected();
  live.retryNow();
  await settled();
  assert.equal(seen.sockets.length, 1, "a connection that lives is left alone");
  socket.onclose();
  live.retryNow();
  await settled();
  assert.equal(seen.sockets.length, 2);
});

test("stopped, it stays so, and what was under way is dropped", async () => {
  const { live, seen, socket, pass } = await connected();
  live.stop();
  socket.onclose();
  socket.onmessage({ data: '{"type":"pong","server_at":1}' });
  await pass(120_000);
  assert.equal(seen.sockets.length, 1);
  assert.deepEqual(seen.messages, []);
  assert.deepEqual(seen.states, ["live"]);
});

test("waiting doubles from 1 s to 30 s, half of it by chance", () => {
  assert.deepEqual([0, 1, 2, 9].map((n) => backOff(n, 1)), [1000, 2000, 4000, 30_000]);
  assert.deepEqual([0, 1, 2, 9].map((n) => backOff(n, 0)), [1000, 1000, 2000, 15_000]);
});
