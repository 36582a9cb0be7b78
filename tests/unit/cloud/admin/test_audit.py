"""An operator reads audit logs, notes their ends, and is told what was changed in them."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from cloud.__main__ import main
from cloud.admin.commands import add_commands
from cloud.admin.means import AdminError, Means
from cloud.bootstrap import LocalCommander, StoreFileError, in_aws, on_one_machine
from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.policy import Policy
from cloud.gateway.first_steps import new_password
from cloud.ports import Delete, Item, Ports, Put
from cloud.settings import SettingsError, read_settings
from cloud.usecases.create_owner import create_owner
from cloud.usecases.keep_audit import commit_audited, note_account
from tests.fakes.functions import REGION, TABLE, VARIABLES, table
from tests.fakes.ports import FakePasswords

FILE = "commander.sqlite"


def _never(data: Path | None) -> NoReturn:
    raise AssertionError(data)


class Operator:
    """Types commands and keeps what was said."""

    def __init__(self, folder: Path) -> None:
        self.said: list[str] = []
        self._parser = argparse.ArgumentParser()
        means = Means(self.said.append, new_password, {}, lambda data: (data or folder) / FILE, _never)
        add_commands(self._parser, means)

    def types(self, *arguments: str) -> int:
        self.said.clear()
        options = self._parser.parse_args(arguments)
        return int(options.command(options))


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    for name in ("RIG_TABLE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    return Operator(tmp_path)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[LocalCommander]:
    """A commander that has the store open."""
    commander = on_one_machine(read_settings({}, "http://127.0.0.1:1", Policy()), tmp_path / FILE)
    yield commander
    commander.close()


def _farm(ports: Ports, name: str) -> str:
    quick = replace(ports, passwords=FakePasswords())
    return create_owner(quick, f"{name}@example.test", "a good password", name)


def _act(ports: Ports, farm: str | None, count: int = 3) -> None:
    for number in range(count):
        act = Act("change_machine", f"machine m{number}", {"name": "a\x9b[2Jb"}, {"name": "é"})
        assert commit_audited(ports, farm, act, [])


def test_whole_logs_are_verified_while_the_commander_runs(
    operator: Operator, running: LocalCommander, tmp_path: Path
) -> None:
    assert operator.types("verify-audit") == 0
    assert operator.said == ["ok      the commander itself: 0 lines"]
    farm = _farm(running.ports, "North")
    note_account(running.ports, Act("sign_in", "person a"))
    own = len(list(running.store.query(keys.audit_pk(None), "line#", "line#~").items))
    assert operator.types("verify-audit", "--data", str(tmp_path)) == 0
    whole = f"{own} lines" if own != 1 else "1 line"
    assert operator.said == [f"ok      the commander itself: {whole}", f"ok      farm {farm}: 1 line"]


def test_a_farm_without_any_line_is_said_to_be_one(operator: Operator, running: LocalCommander) -> None:
    farm = _farm(running.ports, "North")
    for key in (keys.audit_line(farm, 1), keys.audit_head(farm)):
        running.store.write(Delete(key))
    assert operator.types("verify-audit") == 0
    said = "no lines: a farm of an older program, or its log was removed"
    assert operator.said[1] == f"ok      farm {farm}: {said}"


def test_the_first_changed_line_of_each_log_is_named(operator: Operator, running: LocalCommander) -> None:
    farms = [_farm(running.ports, name) for name in "ab"]
    for farm in farms:
        _act(running.ports, farm)
    running.store.write(Delete(keys.audit_line(farms[0], 2)))
    running.store.write(Put(Item(keys.audit_line(farms[1], 3), "auditentry", b"{}")))
    assert operator.types("verify-audit") == 1
    assert sorted(operator.said[1:]) == sorted(
        [
            f"BROKEN  farm {farms[0]}: line 2 is missing",
            f"BROKEN  farm {farms[1]}: line 3 was changed: it cannot be read",
        ]
    )


def test_heads_that_were_noted_must_still_stand(
    operator: Operator, running: LocalCommander, tmp_path: Path
) -> None:
    farm = _farm(running.ports, "North")
    noted = tmp_path / "heads"
    lines: list[str] = []
    for _ in range(2):
        _act(running.ports, farm)
        assert operator.types("audit-heads") == 0
        lines += operator.said
    noted.write_text("\n".join(lines) + "\n")
    assert operator.types("verify-audit", "--heads", str(noted)) == 0
    for key in [keys.audit_head(farm), *(keys.audit_line(farm, number) for number in range(1, 8))]:
        running.store.write(Delete(key))
    _act(running.ports, farm, 5)
    assert operator.types("verify-audit") == 0
    assert operator.types("verify-audit", "--heads", str(noted)) == 1
    expected = f"BROKEN  farm {farm}: line 4 is not the one that was noted: the log was written anew"
    assert operator.said[-1] == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"{}\n", "is not what audit-heads wrote, in line 1"),
        (b'{"farm":null,"number":1,"sha256":"a"}\n\xff\n', "in line 2"),
        (
            b'{"farm":"f","number":1,"sha256":"a"}\n{"farm":"f","number":1,"sha256":"b"}\n',
            "notes two different digests of line 1 of farm f",
        ),
    ],
)
def test_a_file_that_notes_no_heads_is_refused(
    operator: Operator, running: LocalCommander, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "heads"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(AdminError, match=reason):
        operator.types("verify-audit", "--heads", str(file))


def test_lines_are_shown_on_one_line_each_and_without_what_a_terminal_would_obey(
    operator: Operator, running: LocalCommander
) -> None:
    commit_audited(running.ports, None, Act("sign_in", "person a"), [])
    _act(running.ports, "farm_1", 1)
    assert operator.types("audit", "--farm", "farm_1") == 0
    (line,) = operator.said
    assert line.startswith("1  20")
    assert line.endswith('+00:00  commander  change_machine machine m0  {"name": "a?[2Jb"} → {"name": "é"}')
    assert operator.types("audit", "--farm", "farm_1", "--json") == 0
    (line,) = operator.said
    assert line.isascii()
    assert json.loads(line)["before"] == {"name": "a\x9b[2Jb"}
    assert operator.types("audit", "--json") == 0
    assert json.loads(operator.said[0])["action"] == "sign_in"


def test_where_a_line_came_from_is_shown(operator: Operator, running: LocalCommander) -> None:
    commit_audited(running.ports, "farm_1", Act("act", "thing"), [])
    entry = running.store.get(keys.audit_line("farm_1", 1))
    assert entry is not None
    body = entry.body.replace(b'"address":""', b'"address":"192.0.2.1"')
    running.store.write(Put(Item(entry.key, entry.kind, body)))
    operator.types("audit", "--farm", "farm_1")
    assert "commander (192.0.2.1)  act thing  null → null" in operator.said[0]


def test_a_damaged_line_or_head_is_said_in_a_sentence(operator: Operator, running: LocalCommander) -> None:
    _act(running.ports, None)
    for key in (keys.audit_line(None, 2), keys.audit_head(None)):
        running.store.write(Put(Item(key, "auditentry", b'{"number":"\xff"}')))
    for command in ("audit", "audit-heads"):
        with pytest.raises(AdminError, match="see `commander admin verify-audit`"):
            operator.types(command)


def test_a_log_without_lines_is_said(operator: Operator, running: LocalCommander) -> None:
    with pytest.raises(AdminError, match="no line in the log of farm farm_x"):
        operator.types("audit", "--farm", "farm_x")


def test_where_there_is_no_store_none_is_made(operator: Operator, tmp_path: Path) -> None:
    for command in ("verify-audit", "audit-heads", "audit"):
        with pytest.raises(StoreFileError, match="There is no store at"):
            operator.types(command)
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_file_is_refused_and_left_as_it_is(operator: Operator, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("CREATE TABLE t (a)")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreFileError, match="not a store of Rig Commander"):
        operator.types("verify-audit")
    assert (tmp_path / FILE).read_bytes() == before


def test_a_table_in_aws_is_verified_too(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ACCOUNT_ID_ENDPOINT_MODE"):
        monkeypatch.setenv(name, VARIABLES[name])
    place = ["--table", TABLE, "--region", REGION]
    with table():
        ports = in_aws({**os.environ, **VARIABLES})
        _act(ports, None)
        assert operator.types("verify-audit", *place) == 0
        assert operator.said == ["ok      the commander itself: 3 lines"]
        ports.store.write(Delete(keys.audit_line(None, 3)))
        monkeypatch.setenv("RIG_TABLE", TABLE)
        monkeypatch.setenv("AWS_REGION", REGION)
        assert operator.types("verify-audit") == 1
        with pytest.raises(AdminError, match="one store at a time"):
            operator.types("verify-audit", "--data", ".", *place)
        with pytest.raises(AdminError, match=r"cannot be read: .*ResourceNotFoundException"):
            operator.types("verify-audit", "--table", "nowhere")
    monkeypatch.delenv("AWS_REGION")
    with pytest.raises(SettingsError, match="AWS_REGION"):
        operator.types("verify-audit")


def test_the_program_finds_the_store_in_its_folder_or_as_a_copy(
    running: LocalCommander,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RIG_TABLE", raising=False)
    _act(running.ports, None)
    copy = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(tmp_path / FILE)) as store, closing(sqlite3.connect(copy)) as target:
        store.backup(target)
    running.store.write(Delete(keys.audit_line(None, 3)))
    assert main(["admin", "verify-audit", "--data", str(copy)]) == 0
    assert main(["admin", "verify-audit", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "ok      the commander itself: 3 lines"
    assert said[1].startswith("BROKEN  the commander itself: line 3 is missing")
    assert main(["admin", "verify-audit", "--data", str(tmp_path / "none")]) == 1
    assert "There is no store at" in capsys.readouterr().err
