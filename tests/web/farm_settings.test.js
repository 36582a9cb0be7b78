// The farm's settings: what a form means, what is wrong with it, and what it comes to.
import assert from "node:assert/strict";
import { test } from "node:test";

import { DEFAULT_DRAFT, draftOf, isSame, isSaved, mistakesIn, paceOf, settingsOf, shownPace } from "../../web_static/farm_settings.js";

/** @import {Draft} from "../../web_static/farm_settings.js" */

const STANDARD = { sample_interval_s: 10, report_interval_s: 60, late_after_s: 90, offline_after_s: 150 };
const NONE = { report_interval_s: null, late_after_s: null, offline_after_s: null };

/** @param {Partial<Draft>} change @returns {Draft} */
const draft = (change) => ({ ...DEFAULT_DRAFT, ...change });

test("what is stored becomes the form and the form becomes what is stored", () => {
  const all = [
    NONE,
    { report_interval_s: 360, late_after_s: null, offline_after_s: 1000 },
    { report_interval_s: 25, late_after_s: 40.5, offline_after_s: null },
  ];
  for (const settings of all) {
    assert.deepEqual(settingsOf(draftOf(settings)), settings);
    assert.ok(isSaved(draftOf(settings), settings));
    assert.deepEqual(mistakesIn(draftOf(settings)), {});
  }
  assert.deepEqual(draftOf({}), DEFAULT_DRAFT, "what is left out is the default");
});

test("another choice, and another limit, are not saved yet", () => {
  assert.equal(isSaved(draft({ choice: "economy" }), NONE), false);
  assert.equal(isSaved(draft({ late: "100" }), {}), false);
  assert.equal(isSaved(draft({ seconds: "25" }), {}), true, "the own seconds count only when chosen");
});

test("limits follow the cadence where nobody set them, and offline is 30 s at least", () => {
  assert.deepEqual(paceOf(DEFAULT_DRAFT, STANDARD), { report_interval_s: 60, late_after_s: 90, offline_after_s: 150 });
  assert.equal(paceOf(draft({ choice: "economy" }), STANDARD).offline_after_s, 900);
  assert.equal(paceOf(draft({ choice: "own", seconds: "10" }), STANDARD).offline_after_s, 30);
  assert.equal(paceOf(draft({ choice: "own", seconds: "10", offline: "45" }), STANDARD).offline_after_s, 45);
});

test("what is no number of seconds is said at its field", () => {
  for (const text of ["x", "-60", "0", "1e999", "NaN", "12 s"]) {
    const found = mistakesIn(draft({ choice: "own", seconds: text, late: text, offline: text }));
    assert.deepEqual(Object.keys(found), ["report_interval_s", "late_after_s", "offline_after_s"], text);
  }
});

test("only the own cadence has to be given; empty limits are the default", () => {
  assert.deepEqual(Object.keys(mistakesIn(draft({ choice: "own" }))), ["report_interval_s"]);
  assert.deepEqual(mistakesIn(draft({ choice: "economy", seconds: "x" })), {});
  assert.deepEqual(mistakesIn(draft({ choice: "own", seconds: " 12,5 ", late: "20" })), {});
});

test("as long as nothing was changed, the pace is the one that the commander keeps", () => {
  const settings = { report_interval_s: 60, late_after_s: 20, offline_after_s: null };
  const pace = { sample_interval_s: 10, report_interval_s: 60, late_after_s: 72, offline_after_s: 150 };
  const farm = { farm: "f", name: "Farm", settings, pace, default: STANDARD };
  assert.equal(shownPace(draftOf(settings), farm).late_after_s, 72, "a limit that the interval has outgrown is lifted");
  assert.equal(shownPace({ ...draftOf(settings), late: "100" }, farm).late_after_s, 100);
});

test("settings are the same whether a default is named or left out", () => {
  assert.ok(isSame({}, NONE));
  assert.equal(isSame({ late_after_s: 20 }, NONE), false);
});
