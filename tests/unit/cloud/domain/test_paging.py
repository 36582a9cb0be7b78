"""Only a place that a page named is gone on from."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.paging import checked_after
from wire.faults import Fault

OURS = [
    keys.machine("f", "machine_0a1b"),
    keys.event("f", 1_800_000_000.25, "machine_0a1b", "0000000000000007"),
    keys.machine_event("f", "machine_0a1b", 1_800_000_000),
]


@pytest.mark.parametrize("key", OURS)
def test_our_own_places(key: keys.Key) -> None:
    prefix = key.sk.partition("#")[0] + "#"
    assert checked_after(key.sk, prefix) == key.sk


def test_the_beginning() -> None:
    assert checked_after(None, keys.MACHINE_PREFIX) is None


@pytest.mark.parametrize(
    "after", ["", "~", "agent#x", "machine", "machine#", "machine#~", "machine#é", "machine#a\n", "\x00"]
)
def test_any_other_text_is_refused(after: str) -> None:
    with pytest.raises(Fault) as caught:
        checked_after(after, keys.MACHINE_PREFIX)
    assert (caught.value.code, caught.value.status, caught.value.field) == ("bad_after", 422, "after")


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(Fault):
        checked_after("machine#" + "x" * 201, keys.MACHINE_PREFIX)
