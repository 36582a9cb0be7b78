"""A real agent and signed documents: what they say runs, what they change changes, a forged one does not."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge_sentry.__main__ import main
from tests.fakes.commander import TOKEN, FakeCommander, serving
from tests.fakes.signed import SigningKey, signed
from tests.system.mining_site import STAND_IN, alive, end_all, token_of
from tests.system.processes import Program, wait_for
from tests.unit.edge_sentry.playbooks.fakes import archive, assigned
from wire.assignments import AssignedPlaybook, AssignmentState, Document, DocumentPlace
from wire.codec import encode

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these processes are Linux's")
MINER = f'#!/bin/sh\nexec {sys.executable} -SE {STAND_IN} "$@"\n'.encode()
DAY = 86_400.0


class Farm:
    """One rig; `assign` signs what it is to run and puts it into the store."""

    def __init__(self, place: Path, commander: FakeCommander) -> None:
        self.place, self.commander, self.key = place, commander, SigningKey()
        self.folder = place / "sentry"
        self.agents = 0
        commander.key = self.key.public
        commander.sample_interval_s, commander.report_interval_s = 1, 1
        commander.files["/programs/miner"] = MINER
        self.assign(1)
        arguments = ["enrol", "--url", commander.url, "--token", TOKEN, "--data", str(self.folder)]
        assert main(arguments) == 0

    def playbook(self, name: str, version: int, *words: str) -> AssignedPlaybook:
        """Runs the stand-in with its token and these words."""
        script = " ".join(["exec ./miner", token_of(self.place), "--say", name, *words])
        program = archive(MINER)
        address = f"{self.commander.url}/programs/miner"
        fetched = type(program)(address, program.sha256, program.kind, program.executable)
        return assigned(name, version, scripts=(script,), archive=fetched)

    def assign(self, revision: int, *playbooks: AssignedPlaybook) -> None:
        document = signed(Document(playbooks), self.key, revision=revision, farm="farm1", machine="machine1")
        self.commander.files["/document"] = encode(document)
        self._offer(revision)

    def forge(self, revision: int) -> None:
        """One bit of the document is another one."""
        self.assign(revision)
        body = bytearray(self.commander.files["/document"])
        body[len(body) // 2] ^= 1
        self.commander.files["/document"] = bytes(body)

    def _offer(self, revision: int) -> None:
        url = f"{self.commander.url}/document?signature=secret"
        self.commander.document = DocumentPlace(url, time.time() + DAY, 1, revision)

    def start(self) -> Program:
        self.agents += 1
        arguments = ["run", "--data", str(self.folder)]
        return Program("edge_sentry", arguments, self.place / f"sentry-{self.agents}.log")

    def told(self) -> AssignmentState | None:
        """In the newest report."""
        parts = [
            part for report in self.commander.reports for part in report.machines if part.open is not None
        ]
        return parts[-1].assignment if parts else None

    def events(self) -> list[tuple[str, str]]:
        parts = (part for report in self.commander.reports for part in report.machines)
        return [(event.kind, event.reason) for part in parts for event in part.events]

    def running(self) -> dict[str, tuple[int, list[str]]]:
        """By the playbook's name: pid and words of each stand-in that lives."""
        found = {}
        for process in alive(token_of(self.place)):
            words = Path(f"/proc/{process.pid}/cmdline").read_bytes().decode().split("\0")[:-1]
            if str(STAND_IN) in words:
                _, name, *rest = words[words.index(token_of(self.place)) + 1 :]
                found[name] = (process.pid, rest)
        return found


@contextmanager
def running(farm: Farm) -> Iterator[Program]:
    agent = farm.start()
    try:
        yield agent
    finally:
        if agent.process.poll() is None:
            agent.kill()


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    with serving(FakeCommander()) as commander:
        farm = Farm(tmp_path, commander)
        yield farm
        end_all(farm.place)
        end_all(farm.folder)


def test_documents_run_change_and_are_refused(farm: Farm) -> None:
    with running(farm) as agent:
        farm.assign(2, farm.playbook("one", 1, "--hashrates", "100.5,7"), farm.playbook("two", 1))
        first = wait_for("both programs", lambda: found if len(found := farm.running()) == 2 else None)
        assert first["one"][1] == ["--hashrates", "100.5,7"]
        wait_for("the revision to be told", lambda: _accepted(farm) == 2)

        farm.assign(3, farm.playbook("one", 2, "--after", "9"), farm.playbook("two", 1))
        second = wait_for("the change", lambda: _with(farm, "one", ["--after", "9"]))
        assert second["two"] == first["two"]

        farm.forge(4)
        wait_for("the refusal", lambda: [why for kind, why in farm.events() if kind == "assignment_failed"])
        told = wait_for("the step", farm.told)
        assert (told.revision, told.offered) == (3, 4)
        assert farm.running() == second
        agent.kill()
        assert "secret" not in agent.output()
    with running(farm):
        reports = len(farm.commander.reports)
        wait_for("the next agent", lambda: len(farm.commander.reports) > reports + 1)
        assert farm.running() == second
        farm.assign(5)
        wait_for("the end", lambda: not farm.running())
        wait_for("its end to be told", lambda: _accepted(farm) == 5)


def _accepted(farm: Farm) -> int:
    told = farm.told()
    return 0 if told is None else told.revision


def _with(farm: Farm, name: str, words: list[str]) -> dict[str, tuple[int, list[str]]] | None:
    found = farm.running()
    return found if found.get(name, (0, []))[1] == words else None
