"""A real sentry that mines with stand-ins, beside a real commander; whatever it started ends with the test.

The assignment is written in the supervisor's own format: these tests are of what comes after.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import msgspec

from edge_sentry.settings.status import load_status
from edge_sentry.supervisor.events import Event
from edge_sentry.supervisor.playbook import Assignment, Playbook, save_assignment
from edge_sentry.supervisor.processes import Process
from tests.system.mining_site import alive, end_all, token_of, write_playbook
from tests.system.processes import Commander, Program, free_port, wait_for
from wire.messages import Program as Told
from wire.uplink.blocks import thaw

ROOT = Path(__file__).parents[2]
SUMMARY = ROOT / "tests/recordings/miner_api/captured/xmrig-6.22.1/2_summary.json"


class MiningRig:
    """`place` is the folder of scripts and of the sentry; each start of the agent has a log of its own."""

    def __init__(self, place: Path, commander: Commander) -> None:
        self.place, self.commander = place, commander
        self.folder = place / "sentry"
        self._logs = 0
        self._cookie: str | None = None
        with self.signed_in() as client:
            made = client.post("/v1/agents", json={"name": "rig", "kind": "cpu_gpu"}).json()
        self.machine: str = made["agent"]["machine"]
        enrolled = self._program("enrol", "--url", commander.url, "--token", made["token"])
        assert enrolled.process.wait(60) == 0, enrolled.output()
        # Without a pinned key nothing that the commander signs takes the place of what a test assigns.
        (self.folder / "document.json").unlink(missing_ok=True)
        self.agent: Program | None = None

    def assign(self, *playbooks: Playbook) -> None:
        """What the next agent finds on its disk."""
        mining = self.folder / "mining"
        mining.mkdir(exist_ok=True)
        save_assignment(mining, Assignment(revision=1, playbooks=playbooks))

    def playbook(self, name: str, *arguments: str, **more: Any) -> Playbook:
        """Runs a stand-in that answers as XMRig does."""
        port = free_port()
        words = ("--port", str(port), "--summary", str(SUMMARY), *arguments)
        return write_playbook(self.place, name, *words, program="xmrig", api_port=port, **more)

    def start(self) -> None:
        self.agent = self._program("run")

    def kill(self) -> None:
        """The agent alone, as kill -9."""
        assert self.agent is not None
        self.agent.kill()

    def miners(self) -> set[Process]:
        """Every stand-in that lives."""
        return alive(token_of(self.place))

    def running(self, count: int) -> set[Process]:
        """So many, once they do."""
        return wait_for(f"{count} programs", lambda: found if len(found := self.miners()) == count else None)

    def programs(self) -> dict[str, Told]:
        """As the agent last wrote down for `edge-sentry status`."""
        status = load_status(self.folder)
        return {} if status is None else {each.program: each for each in status.programs}

    def waiting(self) -> tuple[Event, ...]:
        """The events on its disk that no commander has acknowledged."""
        path = self.folder / "mining" / "events.json"
        kept = msgspec.json.decode(path.read_bytes())
        return msgspec.convert(tuple(kept["events"]), tuple[Event, ...])

    def written(self) -> set[int]:
        """The times in ms of all samples in the spool of an agent that was killed.

        Read from a copy: opening the file itself would tidy up what the kill left.
        """
        with tempfile.TemporaryDirectory() as place:
            for path in self.folder.glob("spool.sqlite*"):
                if not path.name.endswith("-shm"):
                    shutil.copy(path, place)
            with closing(sqlite3.connect(Path(place) / "spool.sqlite")) as spool:
                found = {at_ms for (at_ms,) in spool.execute("SELECT at_ms FROM sample")}
                blocks = [thaw(body) for (body,) in spool.execute("SELECT body FROM block")]
        return found | {round(at * 1000) for block in blocks for at in block.at}

    def signed_in(self) -> httpx.Client:
        """The owner's client. Signed in once: who polls would soon be told to wait."""
        if self._cookie is None:
            with self.commander.signed_in() as client:
                self._cookie = client.headers["Cookie"]
        headers = {"Cookie": self._cookie}
        return httpx.Client(base_url=self.commander.url, headers=headers, timeout=30, trust_env=False)

    def get(self, path: str) -> Any:
        """From the commander, of this machine."""
        with self.signed_in() as client:
            answer = client.get(f"/v1/machines/{self.machine}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def end(self) -> None:
        if self.agent is not None and self.agent.process.poll() is None:
            self.agent.kill()
        end_all(self.place)
        end_all(self.folder)
        wait_for("nothing to be left", lambda: not self.miners())

    def _program(self, *arguments: str) -> Program:
        self._logs += 1
        log = self.place / f"sentry-{self._logs}.log"
        return Program("edge_sentry", [*arguments, "--data", str(self.folder)], log)


def output(rig: MiningRig) -> str:
    """What the present agent said."""
    return "" if rig.agent is None else rig.agent.output()
