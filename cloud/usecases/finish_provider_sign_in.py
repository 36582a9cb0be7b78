"""Opens a session for a browser that comes back from the provider."""

from __future__ import annotations

from typing import NamedTuple

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.people import ProviderTrip
from cloud.domain.tokens import matches, sha256
from cloud.ports import Delete, Ports, Present, ProviderRefused
from cloud.usecases.keep_audit import note_account
from cloud.usecases.open_session import NOWHERE, Origin, open_session
from cloud.usecases.recognise_person import recognise_person
from cloud.usecases.start_provider_sign_in import not_vouched, provider_of, trip_of
from wire.faults import Fault


class Return(NamedTuple):
    """What the provider's answer says, and the secret of the browser that brings it ("" if it has none)."""

    state: str
    code: str
    browser: str


def finish_provider_sign_in(ports: Ports, answer: Return, origin: Origin = NOWHERE) -> str:
    """The cookie of a new session. No second factor of ours is asked for: the provider's own counts.

    Raises Fault `no_provider` (404), `sign_in_expired` (400), `provider_unavailable`, `provider_refused`
    or `provider_untrusted` (502), and what `recognise_person` raises.
    """
    provider = provider_of(ports)
    _burn(ports, answer)
    try:
        if not answer.code:
            raise ProviderRefused("provider_refused", "it sent no code")
        voucher = provider.finish(trip_of(ports, answer.state, answer.browser), answer.code)
    except ProviderRefused as refused:
        raise not_vouched(refused) from refused
    person = recognise_person(ports, voucher)
    note_account(
        ports, Act("sign_in", f"account {person.email}", after={"provider": voucher.issuer}), who=person.email
    )
    return open_session(ports, person, origin)


def _burn(ports: Ports, answer: Return) -> None:
    """Each way to the provider leads back once, and only in the browser that left."""
    key = keys.trip(sha256(answer.state))
    item = ports.store.get(key)
    ours = item is not None and matches(answer.browser, item.read(ProviderTrip).browser_sha256)
    if not ours or not ports.store.write(Delete(key, Present())):
        message = "This sign-in was begun too long ago, elsewhere, or is used up: please begin again."
        raise Fault("sign_in_expired", message, status=400)
