"""Add, scan, read, list, remove, credentials: the commands against a pretended hall."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from asic_edge.__main__ import main
from asic_edge.commands import add
from asic_edge.commands.credentials import Wish, credentials
from asic_edge.roster.entries import Entry
from asic_edge.roster.store import changing, read_roster
from asic_edge.settings.folder import SettingsError
from asic_edge.settings.logins import load_rules
from asic_edge.simulator.device import Fault
from tests.fakes.asic_lan import Lan, lan_of, password_of
from tests.fakes.person import FakePerson

Capture = pytest.CaptureFixture[str]
RECORDINGS = Path(__file__).parents[3] / "recordings" / "asic"
SECRET = "a very secret pass word"


@pytest.fixture(scope="module")
def lan() -> Iterator[Lan]:
    with lan_of("antminer", "whatsminer", "bitaxe", "iceriver") as served:
        yield served
        asked = {f"{model}: {request}" for model, request in served.hall.journal.requests}
    assert asked <= set((RECORDINGS / "allowed_requests.txt").read_text().splitlines())


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lan: Lan) -> Iterator[Path]:
    monkeypatch.setenv("ASIC_EDGE_DATA", str(tmp_path))
    yield tmp_path
    password_of(lan.devices["antminer"], "root")
    for name, device in lan.devices.items():
        if device.fault is not Fault.NONE:
            lan.set_fault(name, Fault.NONE)


def typed(folder: Path, wish: Wish, *lines: str) -> int:
    """`asic-edge credentials` with somebody who types these."""
    return credentials(folder, wish, FakePerson(*lines))


def test_scan_finds_all_and_adds_those_that_are_wanted(lan: Lan, data: Path, capsys: Capture) -> None:
    assert main(["scan", lan.range]) == 0
    said = capsys.readouterr()
    assert [line.split()[0] for line in said.out.splitlines()[1:]] == list(lan.hall.devices)
    assert "14 addresses tried" in said.err
    assert "4 found. Add them with: --add" in said.err
    assert not len(read_roster(data))

    wanted = [
        "--make",
        "antminer",
        "--make",
        "bitaxe",
        "--name",
        "{make}-{ip4}",
        "--place",
        "A",
        "--tags",
        "x,y",
    ]
    assert main(["scan", lan.range, "--add", *wanted]) == 0
    assert [(each.name, each.place, each.tags) for each in read_roster(data)] == [
        ("Antminer-1", "A", ("x", "y")),
        ("Bitaxe-3", "A", ("x", "y")),
    ]
    assert all(each.mac for each in read_roster(data))
    capsys.readouterr()

    assert main(["scan", lan.range, "--add", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["fate"] for each in lines] == ["known", "added", "known", "added"]
    assert {each["make"] for each in lines} == {"Antminer", "Whatsminer", "Bitaxe", "IceRiver"}


def test_a_faulty_device_is_told_of_and_hinders_no_other(lan: Lan, data: Path, capsys: Capture) -> None:
    lan.set_fault("bitaxe", Fault.GARBAGE)
    lan.set_fault("iceriver", Fault.GONE)
    assert main(["scan", lan.range, "--add"]) == 0
    out = capsys.readouterr().out
    assert "listens on port 80" in out
    assert sorted(each.make or "" for each in read_roster(data)) == ["Antminer", "Whatsminer"]


def test_add_checks_that_it_is_what_was_said(lan: Lan, data: Path, capsys: Capture) -> None:
    address = lan.address("whatsminer")
    assert main(["add", "--type", "antminer", "--ip", address]) == 1
    assert "is a Whatsminer M50S VJ51, not what was said (antminer)" in capsys.readouterr().err
    assert main(["add", "--type", "microbt", "--ip", address, "--name", "rack-1", "--client", "Ada"]) == 0
    assert f"rack-1 is added: a Whatsminer M50S VJ51 at {address}, 1" in capsys.readouterr().out
    (entry,) = read_roster(data)
    assert (entry.name, entry.client, entry.reader) == ("rack-1", "Ada", "whatsminer")
    assert main(["add", "--type", "any", "--ip", lan.address("bitaxe"), "--name", "Rack-1"]) == 1
    assert "has the name of" in capsys.readouterr().err


def test_add_says_why_not(lan: Lan, capsys: Capture) -> None:
    assert main(["add", "--type", "any", "--ip", lan.range.replace("0/28", "200")]) == 1
    assert "refuses connections" in capsys.readouterr().err
    assert main(["add", "--type", "any", "--ip", "10.0.0"]) == 1
    assert "no IPv4 address" in capsys.readouterr().err
    assert main(["add"]) == 2
    assert "Missing: --type and --ip" in capsys.readouterr().err


def test_add_asks_nobody_outside_private_networks_unless_said(data: Path, capsys: Capture) -> None:
    assert main(["add", "--type", "any", "--ip", "203.0.113.7"]) == 1
    assert "203.0.113.7 is not within a private network; if the device there is yours, add --public." in (
        capsys.readouterr().err
    )
    assert add.checked_address("203.0.113.7", public=True) == "203.0.113.7"
    for address in ("0.0.0.0", "255.255.255.255", "224.0.0.1"):
        assert main(["add", "--type", "any", "--ip", address, "--public"]) == 1
        assert f"{address} is where no device can be." in capsys.readouterr().err


def test_an_interrupted_scan_tells_what_it_found_and_adds_nothing(
    lan: Lan, data: Path, capsys: Capture
) -> None:
    lan.set_fault("whatsminer", Fault.HUNG)
    asked = lan.hall.journal.by_address
    before = sum(asked.values())

    def interrupt() -> None:
        for _ in range(1000):
            if sum(asked.values()) > before + 3:
                break
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    assert main(["scan", lan.range, "--add"]) == 130
    said = capsys.readouterr().err
    assert "Interrupted after 1" in said
    assert "Nothing was added." in said
    assert not len(read_roster(data))


def test_add_asks_for_what_is_missing(lan: Lan, data: Path, capsys: Capture) -> None:
    assert add.add(data, add.Wish(None, None), FakePerson(lan.address("iceriver"), "")) == 0
    assert "an IceRiver KS5L" in capsys.readouterr().out


def test_an_antminer_is_read_in_full_with_its_password_only(lan: Lan, data: Path, capsys: Capture) -> None:
    address = lan.address("antminer")
    password_of(lan.devices["antminer"], SECRET)
    assert main(["add", "--type", "antminer", "--ip", address, "--name", "rack-1"]) == 0
    assert f"asic-edge credentials --range {address}" in capsys.readouterr().out
    assert [each.mac for each in read_roster(data)] == [None]

    assert typed(data, Wish(of_range=address), "root", "wrong") == 3
    assert f"rack-1 ({address}): refused" in capsys.readouterr().out
    assert typed(data, Wish(of_model="s19pro"), "root", SECRET) == 3  # the range counts first
    assert typed(data, Wish(of_range=address), "root", SECRET) == 0
    said = capsys.readouterr()
    assert f"rack-1 ({address}): works" in said.out
    assert SECRET not in said.out + said.err

    assert main(["scan", lan.range, "--add", "--make", "antminer"]) == 0
    (entry,) = read_roster(data)
    assert entry.name == "rack-1"
    assert entry.mac is not None
    assert SECRET not in (data / "roster.json").read_text()
    assert (data / "logins.json").stat().st_mode & 0o077 == 0


def test_credentials_are_typed_only_and_can_be_forgotten(lan: Lan, data: Path, capsys: Capture) -> None:
    assert main(["credentials", "--model", "antminer"]) == 2
    assert "typed at a terminal" in capsys.readouterr().err
    main(["add", "--type", "any", "--ip", lan.address("bitaxe")])
    assert typed(data, Wish(of_model="bitaxe"), "admin", SECRET) == 0
    assert "not needed" in capsys.readouterr().out
    with pytest.raises(SettingsError, match="1 to 128 printable"):
        typed(data, Wish(of_model="bitaxe"), "admin", "")
    assert main(["credentials"]) == 0
    said = capsys.readouterr()
    assert said.out == "model bitaxe\n"
    assert main(["credentials", "--model", "BITAXE", "--forget"]) == 0
    assert not load_rules(data).rules
    assert main(["credentials", "--model", "bitaxe", "--forget"]) == 1
    assert typed(data, Wish(of_range="8.8.8.0/24"), "admin", SECRET) == 2
    assert SECRET not in said.out + said.err + str(load_rules(data))


def test_read_tells_everything(lan: Lan, capsys: Capture) -> None:
    addresses = [lan.address("antminer"), lan.address("iceriver")]
    assert main(["read", "--ip", addresses[0]]) == 0
    out = capsys.readouterr().out
    for words in (
        "Antminer S19 Pro",
        "MAC            02:",
        "Board 0  ",
        "Fan 0  ",
        "Pool 0  ",
        "mined for",
    ):
        assert words in out
    assert main(["read", "--ip", addresses[0], "--ip", addresses[1], "--json"]) == 0
    told = [json.loads(line)["identity"]["make"] for line in capsys.readouterr().out.splitlines()]
    assert told == ["Antminer", "IceRiver"]
    assert main(["read", "--ip", addresses[0], "--ip", lan.range.replace("0/28", "200")]) == 3
    assert main(["read", "--ip", "nowhere"]) == 2


def test_list_and_remove(lan: Lan, data: Path, capsys: Capture) -> None:
    assert main(["list"]) == 0
    assert "No devices yet" in capsys.readouterr().out
    address = lan.address("bitaxe")
    main(["add", "--type", "any", "--ip", address, "--name", "rack-1", "--place", "A"])
    capsys.readouterr()
    assert main(["list"]) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["#", "name", "make"]
    assert row.split()[:3] == ["1", "rack-1", "Bitaxe"]
    assert main(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["address"] == address
    assert main(["remove", "rack-9", "RACK-1"]) == 3
    assert main(["remove", "rack-1"]) == 1
    assert not len(read_roster(data))


def test_nothing_is_said_to_be_removed_that_cannot_be_saved(data: Path, capsys: Capture) -> None:
    with changing(data) as roster:
        roster.put(Entry(number=1, name="rack-1", address="10.0.0.1", added_at=1.0))
    (data / ".roster.json.unfinished").mkdir()  # nothing can be written there, as on a full disk
    assert main(["remove", "rack-1"]) == 1
    said = capsys.readouterr()
    assert (said.out, len(read_roster(data))) == ("", 1)
    assert "Cannot write" in said.err
    (data / ".roster.json.unfinished").rmdir()
    assert main(["remove", "rack-1"]) == 0
    assert capsys.readouterr().out == "rack-1 (10.0.0.1) is removed.\n"


def test_a_new_control_board_is_asked_about(lan: Lan, data: Path, capsys: Capture) -> None:
    address = lan.address("whatsminer")
    main(["add", "--type", "any", "--ip", address, "--name", "rack-1"])
    roster = (data / "roster.json").read_text()
    (before,) = read_roster(data)
    (data / "roster.json").write_text(roster.replace(before.mac or "", "02:00:00:00:00:99"))
    capsys.readouterr()
    assert main(["scan", lan.range, "--add", "--make", "whatsminer"]) == 3
    assert "asic-edge same NUMBER" in capsys.readouterr().err
    assert main(["list"]) == 0
    assert "Question 2: is" in capsys.readouterr().out
    assert main(["same", "2"]) == 0
    assert [each.mac for each in read_roster(data)] == [before.mac]
    assert main(["undo", "2"]) == 0
    assert main(["different", "2"]) == 0
    assert [each.name for each in read_roster(data)] == ["rack-1", f"M50S-VJ51-{address.split('.')[2]}-2"]
    assert main(["same", "2"]) == 1
    assert "no open question 2" in capsys.readouterr().err
