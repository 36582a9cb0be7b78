// Keeps an invitation's secret while the browser is at an OpenID Connect provider and this page is gone.

const KEY = "rig-commander-invitation";

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Kept */

/**
 * This is the one secret that the page ever puts into a storage: into this tab's own, which ends with the
 * tab, and only when somebody sets out for the provider.
 * @param {string} secret "" for none
 * @param {() => Kept} storage
 */
export function keepForTrip(secret, storage = () => sessionStorage) {
  if (!secret) return;
  try {
    storage().setItem(KEY, secret);
  } catch {
    // A browser that stores nothing: whoever comes back opens the link once more.
  }
}

/** @param {() => Kept} storage @returns {string} what was kept, which is gone from there before it is used; "" for nothing */
export function takenBack(storage = () => sessionStorage) {
  try {
    const secret = storage().getItem(KEY) ?? "";
    storage().removeItem(KEY);
    return secret;
  } catch {
    return "";
  }
}
