"""Who asks cannot be changed after it was proved."""

from __future__ import annotations

import dataclasses

import pytest

from cloud.domain.principals import PersonPrincipal


def test_principal_stays_what_it_is() -> None:
    person = PersonPrincipal("a@b.test", "farm_1", "00ff")
    with pytest.raises(dataclasses.FrozenInstanceError):
        person.farm = "farm_2"  # type: ignore[misc]
