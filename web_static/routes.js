// Every screen, by the place that the address names: where it stands in the navigation, and for whom it is.

import { farmNamed } from "./address.js";
import { isAsic } from "./asics.js";
import { edgesOf } from "./edges.js";
import { accountScreen } from "./screens/account.js";
import { allFarmsScreen } from "./screens/all_farms.js";
import { apiTokensScreen } from "./screens/api_tokens.js";
import { asicsScreen } from "./screens/asics.js";
import { assignScreen } from "./screens/assign.js";
import { auditScreen } from "./screens/audit.js";
import { edgeScreen } from "./screens/edge.js";
import { farmChoiceScreen } from "./screens/farm_choice.js";
import { farmEventsScreen } from "./screens/farm_events.js";
import { farmScreen } from "./screens/farm.js";
import { forgottenScreen } from "./screens/forgotten.js";
import { invitationScreen } from "./screens/invitation.js";
import { machineScreen } from "./screens/machine.js";
import { machinesScreen } from "./screens/machines.js";
import { missingScreen, refusedScreen } from "./screens/nowhere.js";
import { peopleScreen } from "./screens/people.js";
import { playbooksScreen } from "./screens/playbooks.js";
import { resetScreen } from "./screens/reset.js";
import { rolloutsScreen } from "./screens/rollouts.js";
import { sentriesScreen } from "./screens/sentries.js";
import { signInScreen } from "./screens/sign_in.js";
import { spanOf } from "./spans.js";

/** @import {Place} from "./address.js" */
/** @import {App, Screen} from "./app.js" */
/** @import {May} from "./may.js" */

/**
 * A screen of one farm.
 * @typedef {object} Route
 * @property {string} place
 * @property {string} label
 * @property {"main" | "farm" | "none"} menu in the header, or among the farm's own pages, or where another page leads
 * @property {(app: App) => boolean} [shown] whether it stands in the menu; left out: always
 * @property {(may: May) => boolean} allowed
 * @property {string} needs in words, for whom it is
 * @property {(app: App, place: Place) => Screen} open
 */

const anybody = { allowed: () => true, needs: "" };
const wholeFarm = { allowed: (/** @type {May} */ may) => may.seeAgents, needs: "members who see the whole farm" };
const operators = { allowed: (/** @type {May} */ may) => may.changeAgents, needs: "operators of the whole farm" };
const owners = { allowed: (/** @type {May} */ may) => may.own, needs: "owners of the farm" };

/** @type {Route[]} */
export const OF_FARM = [
  { place: "machines", label: "Machines", menu: "main", ...anybody, open: machineOrAll },
  { place: "asics", label: "ASICs", menu: "main", ...anybody, shown: hasAsics, open: (app, { query }) => asicsScreen(app, query) },
  { place: "events", label: "Events", menu: "main", ...anybody, open: farmEventsScreen },
  { place: "sentries", label: "Sentries", menu: "main", ...wholeFarm, open: sentriesScreen },
  { place: "agents", label: "Sentries", menu: "none", ...wholeFarm, open: edgeOrAll },
  { place: "playbooks", label: "Playbooks", menu: "main", ...operators, open: playbooksScreen },
  { place: "rollouts", label: "Rollouts", menu: "main", ...operators, open: rolloutsScreen },
  { place: "assign", label: "Assign", menu: "none", ...operators, open: assignScreen },
  { place: "farm", label: "Settings", menu: "farm", ...anybody, open: farmScreen },
  { place: "people", label: "People", menu: "farm", ...owners, open: peopleScreen },
  { place: "api-tokens", label: "API tokens", menu: "farm", ...anybody, open: apiTokensScreen },
  { place: "audit", label: "Audit", menu: "farm", ...owners, open: auditScreen },
];

/** Screens of one's own account. @type {Record<string, (app: App) => Screen>} */
const OF_ACCOUNT = { account: accountScreen, farms: allFarmsScreen };

/** Screens for everybody, also before signing in. @type {Record<string, (app: App) => Screen>} */
const OF_ANYONE = { reset: resetScreen, forgotten: forgottenScreen, invitation: invitationScreen };

/** @param {App} app @param {Place} place @returns {Screen} */
export function screenAt(app, place) {
  const anyone = OF_ANYONE[place.place];
  if (anyone) return anyone(app);
  if (!app.session) return signInScreen(app, place.place === "sign-in" ? place.id : "");
  return (OF_ACCOUNT[place.place] ?? ((there) => screenOfFarm(there, place)))(app);
}

/** @param {App} app @param {Place} place @returns {Screen} */
function screenOfFarm(app, place) {
  const home = place.place === "" || place.place === "sign-in";
  const route = OF_FARM.find((one) => one.place === (home ? "machines" : place.place));
  const several = home && !farmNamed(location.search) && app.session?.farms.length;
  if (!app.seat) return several ? allFarmsScreen(app) : farmChoiceScreen(app);
  if (!route) return missingScreen();
  return route.allowed(app.may) ? route.open(app, place) : refusedScreen(app.seat, route);
}

/** @param {App} app @param {Place} place */
function edgeOrAll(app, { id, query }) {
  return id ? edgeScreen(app, id, query.get("part") ?? "") : sentriesScreen(app);
}

// Larger farms of rigs alone do not read all their agents only to know that there is no edge.
const ROWS_MOST = 500;
/** By the version of the store. @type {WeakMap<object, {version: number, some: boolean}>} */
const counted = new WeakMap();

/** @param {App} app @returns {boolean} whether the farm has ASICs, or an edge that could read some */
function hasAsics(app) {
  const { store } = app;
  const known = counted.get(store);
  const some = known?.version === store.version ? known.some : [...store.rows.values()].some(isAsic);
  counted.set(store, { version: store.version, some });
  if (some || !store.listings) return some;
  const edges = edgesOf(app);
  if (store.rows.size <= ROWS_MOST) edges.want();
  return Boolean(edges.list?.length);
}

/** @param {App} app @param {Place} place */
function machineOrAll(app, { id, query }) {
  return id ? machineScreen(app, id, spanOf(query.get("span"))) : machinesScreen(app);
}
