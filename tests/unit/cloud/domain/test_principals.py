"""Who asks cannot be changed after it was proved."""

from __future__ import annotations

import dataclasses

import pytest

from cloud.domain.permissions import Seat
from cloud.domain.principals import AccountPrincipal, PersonPrincipal
from wire.people import Role


def test_principal_stays_what_it_is() -> None:
    person = PersonPrincipal("a@b.test", "farm_1", Seat(Role.VIEWER), session="00ff")
    with pytest.raises(dataclasses.FrozenInstanceError):
        person.farm = "farm_2"  # type: ignore[misc]
    account = AccountPrincipal("a@b.test", "00ff")
    with pytest.raises(dataclasses.FrozenInstanceError):
        account.email = "b@b.test"  # type: ignore[misc]


def test_audit_names_the_api_token_that_somebody_used() -> None:
    seat = Seat(Role.VIEWER)
    assert PersonPrincipal("a@b.test", "farm_1", seat, session="00ff").name == "a@b.test"
    by_token = PersonPrincipal("a@b.test", "farm_1", seat, token="apitoken_1")
    assert by_token.name == "a@b.test by API token apitoken_1"
