"""The software list: the catalogue with the farm's own, and what may be added."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain.software import READABLE, checked_software, find_archive, software_list
from edge_sentry.miners.table import MINERS
from tests.fakes.templates import software
from wire.assignments import System
from wire.faults import Fault
from wire.templates import SoftwareRequest


def test_readable_programs_are_those_of_the_sentry() -> None:
    assert set(MINERS) == READABLE


def test_own_programs_stand_in_the_list_with_all_their_systems() -> None:
    linux = software("mine")
    windows = msgspec.structs.replace(linux, system=System.WINDOWS)
    listed = software_list((linux, windows, software("xmrig", version="9")))
    own = {(each.program, each.version): each for each in listed.software if each.own}
    assert [each.system for each in own["mine", "1"].archives] == [System.LINUX, System.WINDOWS]
    assert not own["mine", "1"].readable
    assert own["xmrig", "9"].readable
    assert listed.scripts["xmrig"].keys() == set(System)


def test_a_list_that_goes_over_the_wire_has_short_addresses() -> None:
    own = software("mine")
    long = msgspec.structs.replace(own.archive, url="https://a.example/" + "x" * 900)
    listed = software_list((msgspec.structs.replace(own, archive=long),))
    assert msgspec.json.decode(msgspec.json.encode(listed), type=type(listed)) == listed


def test_an_archive_is_found_for_its_system_alone() -> None:
    own = (software("mine"),)
    assert find_archive(own, "mine", "1", System.LINUX) == own[0].archive
    assert find_archive(own, "mine", "1", System.WINDOWS) is None
    assert find_archive(own, "mine", "2", System.LINUX) is None
    assert find_archive((), "xmrig", "6.26.0", System.WINDOWS) is not None


@pytest.mark.parametrize(
    ("added", "field"),
    [
        (software(".."), "program"),
        (software("mine", version="..1"), "version"),
        (software("mine", "../miner"), "archive.executable"),
        (software("mine", "bin/./miner"), "archive.executable"),
        (software("mine", ".../miner"), "archive.executable"),
    ],
)
def test_what_would_lead_out_of_the_folder_is_refused(added: SoftwareRequest, field: str) -> None:
    with pytest.raises(Fault) as caught:
        checked_software(added)
    assert (caught.value.code, caught.value.field) == ("bad_software", field)


def test_a_single_file_has_no_folder() -> None:
    own = software("mine", "bin/miner")
    single = msgspec.structs.replace(own.archive, kind="file")
    with pytest.raises(Fault, match="no folder"):
        checked_software(msgspec.structs.replace(own, archive=single))
