"""What an ASIC edge says and is asked for travels unchanged, and its limits hold."""

from __future__ import annotations

import msgspec
import pytest

from wire.codec import check_report, decode, encode
from wire.edge import (
    AddFound,
    EdgeState,
    EndSearch,
    Errand,
    ErrandResult,
    GivenErrand,
    NoReply,
    RosterBatch,
    RosterEntry,
    RosterTelling,
    Search,
    batch_of,
)
from wire.faults import Fault
from wire.messages import MachineReport, Report

ENTRY = RosterEntry(7, 100.0, "s19-1-20", "AA:BB:CC:00:11:22", place="rack 1", tags=("hot",))


def test_50_numbers_make_a_batch() -> None:
    assert [batch_of(number) for number in (1, 49, 50, 99, 100)] == [0, 0, 1, 1, 2]


@pytest.mark.parametrize(
    "errand", [Search(("10.0.0.0/24",)), EndSearch(), AddFound(("10.0.0.7",), "{model}")]
)
def test_an_errand_is_known_by_its_tag(errand: Errand) -> None:
    assert decode(encode(GivenErrand(3, errand)), GivenErrand) == GivenErrand(3, errand)


def test_a_batch_of_the_roster_travels_unchanged() -> None:
    telling = RosterTelling(2, (RosterBatch(0, (ENTRY,)),))
    assert decode(encode(telling), RosterTelling) == telling


@pytest.mark.parametrize("mac", ["aa:bb:cc:00:11:22", "AABBCC001122", "AA:BB:CC:00:11:22\n", ""])
def test_a_mac_has_one_spelling(mac: str) -> None:
    body = encode(msgspec.structs.replace(ENTRY, mac=mac))
    with pytest.raises(Fault) as refused:
        decode(body, RosterEntry)
    assert refused.value.code == "bad_message"


def test_a_batch_holds_at_most_50_devices() -> None:
    entries = tuple(msgspec.structs.replace(ENTRY, number=number) for number in range(1, 52))
    with pytest.raises(Fault):
        decode(encode(RosterBatch(0, entries)), RosterBatch)


def test_an_edge_without_machines_reports_itself() -> None:
    check_report(Report(1, 1, 100.0, 60, (), edge=EdgeState(0, 0, 0, 0, 60)))
    with pytest.raises(Fault) as refused:
        check_report(Report(1, 1, 100.0, 60, ()))
    assert refused.value.code == "nothing_reported"


def test_of_a_silent_machine_nothing_else_is_reported() -> None:
    silent = MachineReport("m", batch=0, silence=NoReply("refuses connections", 90.0, 2))
    check_report(Report(1, 1, 100.0, 60, (silent,)))


@pytest.mark.parametrize("fate", ["a\u202eb", "", "Added", "x" * 21])
def test_what_is_counted_of_an_errand_is_a_word(fate: str) -> None:
    result = ErrandResult(1, ok=True, text="done", counts={fate: 1})
    with pytest.raises(Fault) as caught:
        decode(encode(result), ErrandResult)
    assert caught.value.code == "bad_message"
