"""Sends a browser to the provider, so that it comes back as somebody."""

from __future__ import annotations

import logging
from typing import NamedTuple

from cloud.domain import keys
from cloud.domain.people import ProviderTrip
from cloud.domain.tokens import sha256
from cloud.ports import Item, Ports, Provider, ProviderRefused, Put, Trip
from wire.faults import Fault

CALLBACK_PATH = "/v1/oidc/callback"
_log = logging.getLogger(__name__)


class Departure(NamedTuple):
    """Where the browser goes, and the secret that it must bring back."""

    address: str
    browser: str


def start_provider_sign_in(ports: Ports) -> Departure:
    """Raises Fault `no_provider` (404) or `provider_unavailable` (502)."""
    provider, state, browser = (
        provider_of(ports),
        ports.randomness.new_secret(),
        ports.randomness.new_secret(),
    )
    try:
        address = provider.begin(trip_of(ports, state, browser))
    except ProviderRefused as refused:
        raise not_vouched(refused) from refused
    expires_at = ports.clock() + ports.policy.provider_trip_s
    kept = ProviderTrip(sha256(browser))
    ports.store.write(Put(Item.of(keys.trip(sha256(state)), kept, expires_at=expires_at)))
    return Departure(address, browser)


def provider_of(ports: Ports) -> Provider:
    """Raises Fault `no_provider` (404)."""
    if ports.provider is None:
        message = "Nobody but the commander itself vouches for people here."
        raise Fault("no_provider", message, status=404)
    return ports.provider


def trip_of(ports: Ports, state: str, browser: str) -> Trip:
    """Nonce and verifier follow from the browser's secret, so that the store need not keep them."""
    return Trip(
        ports.public_url + CALLBACK_PATH, state, sha256(f"nonce {browser}"), sha256(f"verifier {browser}")
    )


def not_vouched(refused: ProviderRefused) -> Fault:
    """The refusal for the visitor; the reason is for the operator, in the log."""
    _log.warning("the provider did not vouch for somebody: %s: %s", refused.code, refused)
    return Fault(refused.code, "The provider does not vouch for you.", status=502)
