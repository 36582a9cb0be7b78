// What a browser calls itself, in words.
import assert from "node:assert/strict";
import { test } from "node:test";

import { browserWords } from "../../web_static/browsers.js";

const KIT = "AppleWebKit/537.36 (KHTML, like Gecko)";
const CASES = [
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/140.0.0.0 Safari/537.36`, "Chrome on Windows"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0`, "Edge on Windows"],
  [`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${KIT} Chrome/140.0 Mobile Safari/537.36`, "Chrome on Android"],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15", "Safari on macOS"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"],
  ["curl/8.5.0", "An unknown browser"],
  ["", "An unknown browser"],
];

for (const [agent = "", words] of CASES) {
  test(`${words}: ${agent.slice(-24)}`, () => assert.equal(browserWords(agent), words));
}
