// What an address names, and which farm it is about.
import assert from "node:assert/strict";
import { test } from "node:test";

import { farmAddress, farmNamed, machineAddress, placeOf, seatAt, secretIn } from "../../web_static/address.js";

/** @import {FarmSeat} from "../../web_static/wire.js" */

/** @param {string} farm @returns {FarmSeat} */
const seat = (farm) => ({ farm, name: `farm ${farm}`, role: "viewer" });
const SECRET = "x".repeat(43);

test("a place, a machine and how it is looked at come out as they went in", () => {
  const { place, id, query } = placeOf(machineAddress("m/1?x", "24h"));
  assert.deepEqual([place, id, query.get("span")], ["machines", "m/1?x", "24h"]);
});

test("whatever somebody typed is read", () => {
  assert.deepEqual(placeOf("#/%E0%A4%A/x").place, "%E0%A4%A");
  assert.deepEqual(placeOf("").place, "");
});

test("a farm comes out as it went in", () => {
  const url = new URL(farmAddress("f 1&a=#", machineAddress("m")), "http://127.0.0.1/");
  assert.deepEqual([farmNamed(url.search), url.hash], ["f 1&a=#", "#/machines/m"]);
});

test("a link within the page stays with its farm, also in another window", () => {
  const here = new URL(farmAddress("f2"), "http://127.0.0.1/");
  const link = new URL(machineAddress("m"), here);
  assert.equal(farmNamed(link.search), "f2");
});

test("the farm that is named counts, and the only one needs no name", () => {
  const [one, two] = [seat("f1"), seat("f2")];
  assert.equal(seatAt("?farm=f2", [one, two]), two);
  assert.equal(seatAt("", [one]), one);
});

test("among several none is guessed, nor one in place of another that is named", () => {
  assert.equal(seatAt("", [seat("f1"), seat("f2")]), null);
  assert.equal(seatAt("?farm=f9", [seat("f1")]), null);
  assert.equal(seatAt("", []), null);
});

test("the secrets of letters are found, and nothing else is taken for one", () => {
  assert.deepEqual(secretIn(`#/reset/${SECRET}`), { place: "reset", secret: SECRET });
  assert.deepEqual(secretIn(`#/invitation/${SECRET}`), { place: "invitation", secret: SECRET });
  assert.equal(secretIn("#/reset"), null);
  assert.equal(secretIn("#/machines/m1"), null);
});

test("what stands around a link in a letter is no part of its secret", () => {
  for (const around of [".", "%20", ">", "),", "\u2026", "/", "%E0"]) {
    assert.equal(secretIn(`#/reset/${SECRET}${around}`)?.secret, SECRET, around);
  }
  assert.equal(secretIn(`#/reset/%20${SECRET}`)?.secret, SECRET);
  assert.equal(secretIn("#/reset/."), null);
});
