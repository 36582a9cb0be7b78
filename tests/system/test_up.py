"""`commander up`: how it starts, refuses to start, and ends."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.fakes.asic_hall import need_low_ports
from tests.system.processes import Commander, free_port, wait_for

ASICS_FROM = "127.57.0.1"


def _refused(*arguments: str) -> str:
    """Runs `commander up`, which must give one line and fail; gives the line."""
    command = [sys.executable, "-m", "cloud", "up", "--no-sentry", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "Open http" not in done.stdout
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def test_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = _refused("--data", str(tmp_path / "data"), "--port", str(port))
    assert f"Port {port} cannot be used: Address already in use" in line
    assert not (tmp_path / "data").exists()


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("keep me")
    line = _refused("--data", str(tmp_path / "file" / "data"), "--port", str(free_port()))
    assert "cannot be made: Not a directory" in line
    assert (tmp_path / "file").read_text() == "keep me"


@pytest.mark.parametrize("damage", ["garbage", "middle", "cut", "empty", "foreign"])
def test_damaged_database_is_refused_and_left_alone(tmp_path: Path, damage: str) -> None:
    data = tmp_path / "data"
    Commander(data, "--no-sentry").program.end()
    file = data / "commander.sqlite"
    content = file.read_bytes()
    if damage == "foreign":
        file.unlink()
        _foreign_database(file)
    else:
        half = len(content) // 2
        harm = {
            "garbage": b"garbage " * 1000,
            "middle": content[:half] + b"\xee" * 2000 + content[half + 2000 :],
            "cut": content[: len(content) - 5000],
            "empty": b"",
        }
        file.write_bytes(harm[damage])
    before = file.read_bytes()
    line = _refused("--data", str(data), "--port", str(free_port()))
    assert "commander.sqlite" in line
    assert file.read_bytes() == before


def _foreign_database(file: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE wedding_guests (name TEXT)")
    connection.commit()
    connection.close()


def test_two_commanders_do_not_share_a_folder(commander: Commander) -> None:
    line = _refused("--data", str(commander.data), "--port", str(free_port()))
    assert "is in use by another commander" in line


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_cleanly_with_all_that_it_started(tmp_path: Path, number: int) -> None:
    commander = Commander(tmp_path / "commander", "--rigs", "3")
    children = psutil.Process(commander.program.process.pid).children(recursive=True)
    assert len(children) == 2
    with commander.signed_in() as client:
        wait_for("four machines", lambda: _reporting(client.get("/v1/machines").json()) == 4)
    assert commander.program.end(number) == 0
    assert not [child for child in children if child.is_running()]
    assert "Traceback" not in commander.program.output()


def _reporting(page: dict[str, dict[str, list[float | None]]]) -> int:
    return sum(received is not None for received in page["live"]["received_at"])


def test_children_end_when_the_commander_is_killed(tmp_path: Path) -> None:
    commander = Commander(tmp_path / "commander", "--rigs", "2")
    children = psutil.Process(commander.program.process.pid).children(recursive=True)
    commander.program.kill()
    wait_for("the children's end", lambda: not any(child.is_running() for child in children))


def test_second_start_knows_the_account_and_this_computer(tmp_path: Path) -> None:
    commander = Commander(tmp_path / "commander", "--rigs", "2")
    with commander.signed_in() as client:
        names = client.get("/v1/machines").json()["name"]
    assert commander.program.end() == 0
    commander.arguments = ()
    commander.start()
    assert commander.program.output().count("password ") == 1
    with commander.signed_in() as client:
        page = client.get("/v1/machines").json()
    commander.program.end()
    own = [name for name in names if not name.startswith("sim-")]
    assert sorted(names) == sorted(["sim-001", "sim-002", *own])
    assert page["name"] == own
    assert len(own) == 1


def test_account_that_owns_no_farm_any_more_is_told_and_no_hindrance(tmp_path: Path) -> None:
    commander = Commander(tmp_path / "commander", "--rigs", "1")
    commander.program.end()
    with closing(sqlite3.connect(commander.data / "commander.sqlite")) as store, store as connection:
        connection.execute(
            "UPDATE items SET body = replace(body, '\"farms\":{', '\"lost\":{') WHERE kind = 'person'"
        )
    (commander.data / "own-farm.json").unlink()
    commander.start()
    with commander.signed_in() as client:
        assert client.get("/v1/session").json()["farms"] == []
    assert "Account owner@localhost owns no farm" in commander.program.output()
    assert psutil.Process(commander.program.process.pid).children() == []
    assert commander.program.end() == 0


def test_asics_are_found_again_and_gone_without_them(tmp_path: Path) -> None:
    need_low_ports()
    commander = Commander(tmp_path / "commander", "--no-sentry", "--asics", "4", "--asics-from", ASICS_FROM)
    children = psutil.Process(commander.program.process.pid).children(recursive=True)
    assert "4 simulated ASICs at 127.57.0.1 to 127.57.0.4 are read by" in commander.program.output()
    with commander.signed_in() as client:
        wait_for("their figures", lambda: _reporting(client.get("/v1/machines").json()) == 4)
        assert client.get("/v1/machines").json()["simulated"] == [True] * 4
    roster = (commander.data / "asic-edge" / "roster.json").read_text()
    assert commander.program.end() == 0
    assert not [child for child in children if child.is_running()]
    commander.start()
    assert (commander.data / "asic-edge" / "roster.json").read_text() == roster, "no second search"
    assert commander.program.end() == 0
    commander.arguments = ("--no-sentry",)
    commander.start()
    with commander.signed_in() as client:
        assert client.get("/v1/agents").json()["agents"] == []
        assert client.get("/v1/machines").json()["name"] == []
        assert client.get("/v1/bin").json()["binned"] == []
    assert commander.program.end() == 0
    assert not (commander.data / "asic-edge").exists()


def test_new_password(tmp_path: Path) -> None:
    commander = Commander(tmp_path / "commander", "--no-sentry")
    commander.program.end()
    command = [sys.executable, "-m", "cloud", "new-password", "--data", str(commander.data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    old, commander.password = commander.password, done.stdout.split("password ")[1].split()[0]
    assert old != commander.password
    commander.start()
    commander.signed_in().close()
    commander.program.end()


def test_secrets_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    commander = Commander(tmp_path / "commander", "--rigs", "1")
    wait_for("the sentry's files", (commander.data / "sentry" / "identity.json").exists)
    commander.program.end()
    tokens = [rig["token"] for rig in json.loads((commander.data / "simulated.json").read_text())["rigs"]]
    assert len(tokens) == 1
    assert tokens[0] not in commander.program.output()
    for file in ("simulated.json", "own-sentry.json", "sentry/identity.json"):
        assert (commander.data / file).stat().st_mode & 0o077 == 0, file
