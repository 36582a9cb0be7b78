"""What a password must be."""

from __future__ import annotations

import pytest

from cloud.domain.passwords import checked_password
from wire.faults import Fault


@pytest.mark.parametrize("password", ["ten letter", "x" * 1024, "ünïcödé 🔑🔑", " " * 10])
def test_good_ones_stay_as_they_are(password: str) -> None:
    assert checked_password(password, "a@b.test") == password


@pytest.mark.parametrize("password", ["", "9 letters", "🔑" * 9, "x" * 1025])
def test_length_is_counted_in_letters(password: str) -> None:
    with pytest.raises(Fault, match="10 to 1,024 letters") as caught:
        checked_password(password, "a@b.test", "new")
    assert (caught.value.code, caught.value.status, caught.value.field) == ("bad_password", 422, "new")


@pytest.mark.parametrize("password", ["ann@example.test", "ANN@Example.test ", " ann@example.test"])
def test_it_is_not_the_address(password: str) -> None:
    with pytest.raises(Fault, match="own address"):
        checked_password(password, " Ann@example.test")


def test_no_refusal_repeats_it() -> None:
    with pytest.raises(Fault) as caught:
        checked_password("too short", "a@b.test")
    assert "too short" not in caught.value.message
