"""Documents on one machine, opened by signed addresses alone."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from cloud.adapters.local.document_folder import VALID_FOR_S, DocumentFolder
from cloud.ports import StoreFileError, StoreUnavailable
from tests.fakes.time_and_chance import FakeClock

FARM, MACHINE = "farm_1", "machine_1"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def folder(tmp_path: Path, clock: FakeClock) -> DocumentFolder:
    made = DocumentFolder(tmp_path / "documents", "http://127.0.0.1:1", clock)
    made.place(FARM, MACHINE, b"one")
    return made


def parts(folder: DocumentFolder, machine: str = MACHINE) -> tuple[str, str, str, str]:
    """Of a rig's address: farm, machine, until, signature."""
    url = urlsplit(folder.address(FARM, machine).url)
    _, place, farm, name = url.path.split("/")
    assert place == "documents"
    query = parse_qs(url.query)
    return farm, name, query["until"][0], query["signature"][0]


def test_an_address_opens_the_newest_document(folder: DocumentFolder, tmp_path: Path) -> None:
    address = parts(folder)
    assert folder.opened(*address) == b"one"
    folder.place(FARM, MACHINE, b"two")
    assert folder.opened(*address) == b"two"
    assert [path.name for path in (tmp_path / "documents" / FARM).iterdir()] == [f"{MACHINE}.json"]


def test_it_stays_the_same_for_a_day_and_survives_a_restart(
    folder: DocumentFolder, tmp_path: Path, clock: FakeClock
) -> None:
    again = DocumentFolder(tmp_path / "documents", "http://127.0.0.1:1", clock)
    assert again.address(FARM, MACHINE) == folder.address(FARM, MACHINE)
    assert folder.address(FARM, MACHINE).until >= clock() + VALID_FOR_S


def test_it_ends(folder: DocumentFolder, clock: FakeClock) -> None:
    address = parts(folder)
    clock.now = float(address[2])
    assert folder.opened(*address) == b"one"
    clock.now += 1
    assert folder.opened(*address) is None


def test_nothing_else_opens_it(folder: DocumentFolder) -> None:
    farm, machine, until, signature = parts(folder)
    other = parts(folder, "machine_2")
    folder.place(FARM, "machine_2", b"other")
    wrong = [
        (farm, "machine_2", until, signature),
        (farm, machine, until, other[3]),
        ("farm_2", machine, until, signature),
        (farm, machine, str(int(until) + 1), signature),
        (farm, machine, f"{until} ", signature),
        (farm, machine, "", signature),
        (farm, machine, until, ""),
        (farm, machine, until, signature.upper()),
        (farm, machine, until, "é"),
    ]
    assert [folder.opened(*each) for each in wrong] == [None] * len(wrong)


def test_a_removed_one_is_gone(folder: DocumentFolder) -> None:
    folder.remove(FARM, MACHINE)
    folder.remove(FARM, MACHINE)
    assert folder.opened(*parts(folder)) is None


@pytest.mark.parametrize("machine", ["..", "a/b", "", "a.json"])
def test_what_is_no_id_leads_nowhere(folder: DocumentFolder, machine: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        folder.place(FARM, machine, b"x")


def test_what_cannot_be_written_is_told(folder: DocumentFolder, tmp_path: Path) -> None:
    (tmp_path / "documents" / "farm_2").write_text("a file in the way")
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        folder.place("farm_2", MACHINE, b"x")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreFileError, match="cannot be used"):
        DocumentFolder(tmp_path / "file", "", FakeClock())
