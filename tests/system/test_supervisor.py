"""The supervisor over real processes that exit, hang, lie, flood, fork and do not listen."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge_sentry.supervisor.events import Kind
from edge_sentry.supervisor.posix import PosixProcesses
from edge_sentry.supervisor.proc import read_stat
from edge_sentry.supervisor.processes import Ending, Force
from edge_sentry.supervisor.view import State
from tests.system.mining_site import QUICK, Site, alive, end_all, token_of, write_playbook
from tests.system.processes import free_port, wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these processes are Linux's")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Makes a site with one stand-in, run with the given arguments."""
    sites: list[Site] = []

    def make(*arguments: str, defaults: Any = QUICK, api: bool = False, **more: Any) -> Site:
        port = free_port() if api else None
        site = Site(tmp_path, {} if port is None else {"gpu": port}, defaults)
        sites.append(site)
        if port is not None:
            arguments, more = (*arguments, "--port", str(port)), {**more, "api_port": port}
        site.assign(write_playbook(tmp_path, "gpu", *arguments, **more))
        return site

    yield make
    try:
        for site in sites:
            site.end()
    finally:
        end_all(tmp_path)


class TestStart:
    def test_it_has_its_own_session_its_file_and_nothing_of_the_agents(
        self, place: Callable[..., Site]
    ) -> None:
        read, written = os.pipe()
        os.set_inheritable(written, True)
        site = place(environment={"OWN": "7"})
        pid = site.pid()
        proc = Path(f"/proc/{pid}")
        run = site.folder / "mining" / "runs" / "gpu"
        descriptors = {int(path.name): str(path.readlink()) for path in (proc / "fd").iterdir()}
        assert descriptors.pop(0) == "/dev/null"
        assert descriptors.pop(1) == descriptors.pop(2) == str(run / "output")
        assert set(descriptors.values()) == {str(run / "lock")}
        assert (run / "output").stat().st_mode & 0o777 == 0o600
        stat = read_stat(pid)
        assert stat is not None
        assert stat.session not in (os.getsid(0), pid)
        assert (proc / "cwd").readlink() == site.folder
        environment = (proc / "environ").read_bytes()
        assert b"OWN=7\0" in environment
        os.close(read)
        os.close(written)

    def test_the_launcher_is_small(self, place: Callable[..., Site]) -> None:
        site = place()
        stat = read_stat(site.pid())
        assert stat is not None
        lines = Path(f"/proc/{stat.parent}/smaps_rollup").read_text().splitlines()
        private_kib = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
        assert private_kib < 1500

    def test_a_missing_folder_is_said(self, tmp_path: Path, place: Callable[..., Site]) -> None:
        site = place(folder=str(tmp_path / "gone"))
        assert "its folder is not there" in site.event(Kind.EXITED).reason

    def test_a_script_whose_program_vanished_is_said(
        self, tmp_path: Path, place: Callable[..., Site]
    ) -> None:
        script = tmp_path / "start.sh"
        script.write_text("#!/bin/sh\nexec ./vanished --pool x\n")
        script.chmod(0o700)
        site = place(script=str(script))
        assert "virus scanner" in site.event(Kind.EXITED).reason

    def test_a_script_with_windows_line_ends_is_said(
        self, tmp_path: Path, place: Callable[..., Site]
    ) -> None:
        script = tmp_path / "start.sh"
        script.write_bytes(b"#!/bin/sh\r\nexec ./miner\r\n")
        script.chmod(0o700)
        site = place(script=str(script))
        assert "as on Windows" in site.event(Kind.EXITED).reason

    @pytest.mark.parametrize("trick", ["link", "second name", "pipe"])
    def test_an_output_that_is_not_ours_is_not_written_to(
        self, tmp_path: Path, place: Callable[..., Site], trick: str
    ) -> None:
        precious, run = tmp_path / "precious", tmp_path / "mining" / "runs" / "gpu"
        precious.write_text("precious")
        run.mkdir(parents=True)
        if trick == "link":
            (run / "output").symlink_to(precious)
        elif trick == "pipe":
            os.mkfifo(run / "output")
        else:
            (run / "output").hardlink_to(precious)
        site = place()
        assert "output" in site.event(Kind.START_FAILED).reason
        assert precious.read_text() == "precious"


class TestEnds:
    def test_one_that_exits_starts_again_with_its_status_told(self, place: Callable[..., Site]) -> None:
        site = place("--exit", "42", "--after", "0.2")
        assert "status 42" in site.event(Kind.EXITED).reason
        site.until("three starts", lambda: site.kinds().count(Kind.STARTED) >= 3)

    def test_a_crash_loop_is_told_and_rests(self, place: Callable[..., Site]) -> None:
        site = place("--exit", "1", defaults=replace(QUICK, crash_loop_exits=3))
        site.event(Kind.CRASH_LOOP)
        assert site.view().state is State.CRASH_LOOP
        assert site.kinds().count(Kind.STARTED) == 3

    def test_one_that_is_killed_starts_again(self, place: Callable[..., Site]) -> None:
        site = place()
        first = site.pid()
        os.kill(first, signal.SIGKILL)
        site.until("another", lambda: site.view().pid not in (first, None))
        assert "signal 9" in site.event(Kind.EXITED).reason

    def test_a_killed_launcher_ends_nothing(self, place: Callable[..., Site]) -> None:
        site = place()
        pid = site.pid()
        stat = read_stat(pid)
        assert stat is not None
        os.kill(stat.parent, signal.SIGKILL)
        site.pass_s(1)
        site.restart_agent()
        site.pass_s(0.5)
        assert site.view().pid == pid
        os.kill(pid, signal.SIGKILL)
        assert "without a status" in site.event(Kind.EXITED).reason

    def test_what_a_script_without_exec_leaves_is_ended(
        self, tmp_path: Path, place: Callable[..., Site]
    ) -> None:
        site = place()
        playbook = write_playbook(tmp_path, "gpu", "--deaf", version=2)
        script = Path(playbook.script)
        script.write_text(script.read_text().replace("exec ", "setsid ").rstrip() + " &\n")
        site.assign(playbook)
        site.event(Kind.LEFT_BEHIND)
        site.until("a second start", lambda: site.kinds().count(Kind.STARTED) >= 3)
        assert len(alive(site.token)) <= 1


class TestStop:
    @pytest.mark.parametrize("children", [(), ("plain", "daemon", "unmarked")])
    @pytest.mark.parametrize("deaf", [False, True])
    def test_nothing_survives_whatever_it_forked(
        self, place: Callable[..., Site], children: tuple[str, ...], deaf: bool
    ) -> None:
        borne = [word for kind in children for word in ("--children", kind)]
        site = place("--say", "ready", *borne, *(["--deaf"] if deaf else []))
        site.until("it to be ready", lambda: "ready" in site.supervisor.last_lines("gpu", 9))
        site.until("all to be there", lambda: len(alive(site.token)) == 1 + len(children))
        site.supervisor.stop("gpu")
        site.until("it to be stopped", lambda: site.view().state is State.STOPPED)
        assert alive(site.token) == set()
        killed = "(killed)" in site.event(Kind.STOPPED).reason
        assert killed == (deaf or bool(children))

    def test_children_of_a_program_that_died_go_before_the_next(self, place: Callable[..., Site]) -> None:
        site = place("--children", "daemon")
        site.until("both", lambda: len(alive(site.token)) == 2)
        first = site.pid()
        os.kill(first, signal.SIGKILL)
        site.event(Kind.LEFT_BEHIND)
        site.until("another", lambda: site.view().pid not in (first, None))
        site.until("its child", lambda: len(alive(site.token)) == 2)

    def test_processes_that_are_not_ours_are_spared(self, tmp_path: Path, place: Callable[..., Site]) -> None:
        """They are of the same program, user and folder; only started by somebody else."""
        words = [sys.executable, "-SEc", "import time; time.sleep(60)"]
        stranger = subprocess.Popen(words, cwd=tmp_path)
        try:
            site = place("--deaf")
            site.pid()
            site.supervisor.stop("gpu")
            site.until("it to be stopped", lambda: site.view().state is State.STOPPED)
            assert stranger.poll() is None
        finally:
            stranger.kill()
            stranger.wait(10)

    def test_a_pid_that_was_given_away_is_not_taken_for_ours(
        self, tmp_path: Path, place: Callable[..., Site]
    ) -> None:
        """What is on disk names a process that lives, but was not born when ours was."""
        site = place()
        site.pid()
        site.supervisor.stop("gpu")
        site.until("it to be stopped", lambda: site.view().state is State.STOPPED)
        stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
        try:
            line = Path(f"/proc/{stranger.pid}/stat").read_text().split()
            line[21] = str(int(line[21]) - 1)
            run = site.folder / "mining" / "runs" / "gpu"
            for name in ("launcher", "main"):
                (run / name).write_text(f"{site.processes.boot()} {' '.join(line)}\n")
            site.restart_agent()
            site.pass_s(0.3)
            assert site.view().pid is None
            site.supervisor.start("gpu")
            site.pid()
            assert stranger.poll() is None
        finally:
            stranger.kill()
            stranger.wait(10)


class TestReadings:
    def test_one_that_opens_late_keeps_its_pid(self, place: Callable[..., Site]) -> None:
        site = place("--open-after", "1.5", api=True, warm_up_s=30.0)
        pid = site.pid()
        site.until("its figures", lambda: (facts := site.readings.miner("gpu")) and facts.hashrates)
        site.pass_s(1.5)
        assert site.view().pid == pid
        assert site.kinds() == [Kind.STARTED]

    def test_one_that_hangs_is_restarted(self, place: Callable[..., Site]) -> None:
        site = place("--silent-after", "1", api=True, warm_up_s=30.0)
        pid = site.pid()
        assert "silent" in site.event(Kind.API_SILENT).reason
        site.until("another", lambda: site.view().pid not in (pid, None))

    def test_one_that_says_it_mines_nothing_is_restarted(self, place: Callable[..., Site]) -> None:
        site = place("--hashrates", "0,0", api=True)
        pid = site.pid()
        site.event(Kind.NO_HASHRATE)
        site.until("another", lambda: site.view().pid not in (pid, None))

    def test_one_with_a_dead_card_is_restarted_once(self, place: Callable[..., Site]) -> None:
        site = place("--hashrates", "5,0", api=True)
        event = site.event(Kind.GPU_DEAD)
        assert event.subject == "0000:02:00.0"
        assert site.kinds().count(Kind.GPU_STOPPED) == 1

    def test_another_program_on_the_port_refuses_the_start(self, place: Callable[..., Site]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            site = place(api_port=taken.getsockname()[1])
            assert str(os.getpid()) in site.event(Kind.REFUSED).reason
            assert site.view().state is State.REFUSED

    def test_a_liar_on_the_port_is_not_believed(self, tmp_path: Path, place: Callable[..., Site]) -> None:
        """The program never opens its interface; something else answers there in its place."""
        site = place("--open-after", "1000", api=True, defaults=replace(QUICK, warm_up_s=3.0))
        pid = site.pid()
        port = next(iter(site._ports.values()))
        script = [sys.executable, "-SE", "-m", "tests.system.stand_in_miner", "liar", "--port", str(port)]
        liar = subprocess.Popen(script)
        try:
            assert "no process of this playbook" in site.event(Kind.API_SILENT).reason
            assert liar.poll() is None
        finally:
            liar.kill()
            liar.wait(10)
        site.until("another", lambda: site.view().pid not in (pid, None))


class TestOutput:
    def test_a_flood_is_bounded_and_redacted(self, place: Callable[..., Site]) -> None:
        site = place(
            "--bytes-per-s", "60000000", "--say", "wallet is 48edfHu7V9Z84", secrets=("48edfHu7V9Z84",)
        )
        pid = site.pid()
        run = site.folder / "mining" / "runs" / "gpu"
        site.until("its first words", lambda: site.supervisor.last_lines("gpu", 5))
        sizes: list[int] = []

        def was_cut() -> bool:
            sizes.append((run / "output").stat().st_size)
            return sum(later < earlier for earlier, later in pairwise(sizes)) >= 2

        site.until("two cuts", was_cut)
        assert site.view().pid == pid
        assert site.supervisor.last_lines("gpu", 3)[-1].startswith("share accepted")
        stored = b"".join(path.read_bytes() for path in run.glob("log*"))
        assert b"48edf" not in stored
        assert sum(path.stat().st_size for path in run.glob("log*")) < 4 * 2**20
        assert {path.stat().st_mode & 0o777 for path in run.glob("log*")} == {0o600}

    def test_a_secret_is_cut_and_our_decisions_stand_between(self, place: Callable[..., Site]) -> None:
        site = place("--say", "login 48edfHu7V9Z84.rig pass x", secrets=("48edfHu7V9Z84",))
        site.until("words", lambda: "login [hidden].rig pass x" in site.supervisor.last_lines("gpu", 9))
        assert any(line.startswith("--- started") for line in site.supervisor.last_lines("gpu", 9))

    def test_a_script_has_the_flags_of_the_api_and_no_log_has_the_token(
        self, tmp_path: Path, place: Callable[..., Site]
    ) -> None:
        script = tmp_path / "start.sh"
        script.write_text("#!/bin/sh\nprintf '%s\\n' $RIG_API_ARGUMENTS\nexec sleep 60\n")
        script.chmod(0o700)
        port = free_port()
        site = place(script=str(script), program="xmrig", api_port=port, api_token="let-me-in")
        flags = ["--http-enabled", "--http-host=127.0.0.1", f"--http-port={port}"]
        whole = [*flags, "--http-access-token=[hidden]"]
        site.until("its flags", lambda: site.supervisor.last_lines("gpu", 4) == whole)


class TestAgentRestarted:
    def test_adopts_the_same_process(self, place: Callable[..., Site]) -> None:
        site = place()
        pid = site.pid()
        before = alive(site.token)
        for _ in range(3):
            site.restart_agent()
            site.pass_s(0.3)
        assert site.view().pid == pid
        assert alive(site.token) == before
        assert site.kinds()[-1] is Kind.ADOPTED

    def test_the_status_of_an_adopted_one_is_known(self, place: Callable[..., Site]) -> None:
        site = place("--exit", "7", "--after", "2")
        pid = site.pid()
        site.restart_agent()
        assert "status 7" in site.event(Kind.EXITED).reason
        site.until("another", lambda: site.view().pid not in (pid, None))

    def test_a_run_without_its_records_is_found_by_its_lock(self, place: Callable[..., Site]) -> None:
        """As when the disk was full."""
        site = place()
        site.pid()
        before = alive(site.token)
        run = site.folder / "mining" / "runs" / "gpu"
        for name in ("launcher", "main"):
            (run / name).write_bytes(b"")
        site.restart_agent()
        site.pass_s(0.5)
        assert site.view().state is State.RUNNING
        assert alive(site.token) == before


def test_bash_serves_as_well_where_it_is_the_shell(tmp_path: Path) -> None:
    processes = PosixProcesses(os.environ, "/bin/bash")
    run = tmp_path / "run"
    run.mkdir()
    try:
        processes.start(run, write_playbook(tmp_path, "gpu"))
        wait_for("it to run", lambda: alive(token_of(tmp_path)))
        processes.signal(run, Force.ASK)
        wait_for("its end", lambda: processes.running(run) is None)
        assert processes.ending(run) == Ending(130)
    finally:
        end_all(tmp_path)
