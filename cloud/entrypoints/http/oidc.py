"""Signing in by an OpenID Connect provider: a browser is sent there, and comes back.

Both routes are visited, not called, so whatever they answer is a redirect. When it went well, to `/` with
the cookie of a session; else to `/#/sign-in/<code>`, which the page puts in words:

- `no_account`: the provider vouches for the visitor, and nobody has invited that address (or the provider
  has not verified it)
- `account_unverified`: there is an account with that address, never confirmed by a letter; sign in with its
  password, or use "forgotten password" once, which confirms it
- `other_identity`: the account with that address is linked to another person at the provider
- `sign_in_expired`: begun more than 10 minutes ago, in another browser, or used already; begin again
- `provider_refused`: the visitor or the provider said no
- `provider_unavailable`: the provider does not answer; try again
- `provider_untrusted`: the provider's answer cannot be believed; the operator's log says why
- `no_provider`: none is set up
- `too_many_requests`, `store_unavailable`, `too_much_at_once`: try again later
"""

from __future__ import annotations

from cloud.entrypoints.http import cookie
from cloud.entrypoints.http.exchange import Reply, Request
from cloud.ports import Ports
from cloud.usecases.finish_provider_sign_in import Return, finish_provider_sign_in
from cloud.usecases.start_provider_sign_in import start_provider_sign_in
from wire.faults import Fault

COOKIE = "__Host-oidc"


def get_start(ports: Ports, _: Request) -> Reply:
    departure = start_provider_sign_in(ports)
    # Lax, for a visitor who comes back from the provider's site must have it with them.
    kept = f"{COOKIE}={departure.browser}; Path=/; Max-Age={ports.policy.provider_trip_s}; Secure; HttpOnly"
    return _redirect(departure.address, f"{kept}; SameSite=Lax")


def get_callback(ports: Ports, request: Request) -> Reply:
    query, browser = request.query, cookie.read(request.headers.get("cookie"), COOKIE)
    answer = Return(query.get("state", ""), query.get("code", ""), browser or "")
    secret = finish_provider_sign_in(ports, answer, request.origin)
    return _redirect("/", cookie.write(secret, ports.policy.session_s))


def refuse(fault: Fault) -> Reply:
    """Back to the page for signing in."""
    return _redirect(f"/#/sign-in/{fault.code}")


def _redirect(address: str, set_cookie: str | None = None) -> Reply:
    cookies = {} if set_cookie is None else {"Set-Cookie": set_cookie}
    return Reply(status=303, headers={"Location": address, **cookies})
