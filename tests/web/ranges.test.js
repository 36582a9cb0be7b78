// Ranges of addresses as people write them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { rangesIn, rangesOf } from "../../web_static/ranges.js";

test("ranges are written in three ways, with blanks, commas or lines between them", () => {
  const { ranges, addresses, error } = rangesIn("192.168.1.0/24, 10.0.0.5 - 10.0.0.99\n10.0.0.7 10.0.0.7");
  assert.deepEqual(ranges, ["192.168.1.0/24", "10.0.0.5-10.0.0.99", "10.0.0.7"]);
  assert.deepEqual([addresses, error], [254 + 95 + 1, ""]);
});

test("what is no range is named", () => {
  for (const text of ["192.168.1.300", "192.168.1", "10.0.0.0/33", "10.0.0.9-10.0.0.1", "10.0.0.1-2-3", "rack-1", "10.0.0.01"]) {
    assert.match(rangesIn(text).error, /is no range of IPv4 addresses/, text);
  }
  assert.match(rangesIn("  ").error, /^Name a range/);
});

test("a search has its limits", () => {
  assert.equal(rangesIn("10.0.0.0/16").error, "");
  assert.match(rangesIn("10.0.0.0/15").error, /more than 65,536 addresses/);
  const many = Array.from({ length: 33 }, (_, i) => `10.0.0.${i}`).join(" ");
  assert.match(rangesIn(many).error, /At most 32 ranges/);
});

test("addresses of others are searched only when somebody says so", () => {
  assert.match(rangesIn("8.8.8.0/24").error, /private network/);
  assert.equal(rangesIn("8.8.8.0/24", true).error, "");
  assert.equal(rangesIn("192.168.1.0/24 8.8.8.8").isPublic, true);
  assert.match(rangesIn("192.167.255.255-192.168.0.9").error, /private network/);
  assert.match(rangesIn("11.0.0.0").error, /private network/);
  for (const own of ["10.255.255.255", "10.0.0.0/16", "172.31.255.0/24", "127.20.0.0/26", "192.168.255.0/24"]) {
    assert.equal(rangesIn(own).error, "", own);
  }
});

test("the edge's own networks are what is searched first", () => {
  assert.deepEqual(rangesOf(["192.168.1.5/24", "192.168.1.6/24", "10.1.2.3/22"]), ["192.168.1.0/24", "10.1.0.0/22"]);
  assert.deepEqual(rangesOf(["172.17.4.1/16"]), ["172.17.4.0/24"]);
  assert.deepEqual(rangesOf(["127.0.0.1/8", "10.0.0.200/25"]), ["10.0.0.128/25"]);
  assert.deepEqual(rangesOf(["127.0.0.1/8"]), ["127.0.0.0/24"]);
  assert.deepEqual(rangesOf(["192.0.2.5/24", "10.0.0.9/24"]), ["10.0.0.0/24"]);
  assert.deepEqual(rangesOf(["192.0.2.5/24", "127.0.0.1/8"]), ["192.0.2.0/24"]);
  assert.deepEqual(rangesOf(["fe80::1/64", "10.0.0.1/32", "nonsense"]), []);
});
