"""The Windows side against a fake kernel: jobs that live as long as a process in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.supervisor.processes import Ending, Force, Process
from edge_sentry.supervisor.windows import Birth, WindowsProcesses, environment_block, job_name
from tests.unit.edge_sentry.supervisor.fakes import playbook


class FakeKernel:
    """The port `Kernel`."""

    def __init__(self) -> None:
        self.jobs: dict[str, set[Process]] = {}
        self.births: list[Birth] = []
        self.breaks: list[Process] = []

    def create(self, birth: Birth) -> Process:
        self.births.append(birth)
        launcher = Process(100 + len(self.births), 1000 * len(self.births))
        self.jobs[birth.job] = {launcher, Process(launcher.pid + 500, launcher.born + 1)}
        return launcher

    def members(self, job: str) -> frozenset[Process]:
        return frozenset(self.jobs.get(job, ()))

    def press_break(self, process: Process) -> None:
        self.breaks.append(process)

    def end(self, job: str) -> None:
        self.jobs.pop(job, None)

    def age_s(self, process: Process) -> float:
        return 5.0


@pytest.fixture
def kernel() -> FakeKernel:
    return FakeKernel()


@pytest.fixture
def processes(kernel: FakeKernel) -> WindowsProcesses:
    return WindowsProcesses({"SystemRoot": "C:\\Windows", "EDGE_SENTRY_DATA": "x"}, kernel)


def test_starts_in_a_job_with_its_script_and_environment(
    tmp_path: Path, processes: WindowsProcesses, kernel: FakeKernel
) -> None:
    processes.start(tmp_path, playbook(environment={"A": "1"}))
    (birth,) = kernel.births
    assert birth.job == job_name(tmp_path)
    assert birth.folder == "/nowhere"
    assert birth.output == tmp_path / "output"
    assert birth.environment == {
        "SystemRoot": "C:\\Windows",
        "RIG_API_ARGUMENTS": "",
        "A": "1",
        "EDGE_SENTRY_RUN": str(tmp_path),
    }
    assert "/nowhere/start.sh" in (tmp_path / "launch.bat").read_text()
    running = processes.running(tmp_path)
    assert running is not None
    assert running.process.pid == 101


def test_a_second_one_is_refused_while_anything_of_the_first_lives(
    tmp_path: Path, processes: WindowsProcesses, kernel: FakeKernel
) -> None:
    processes.start(tmp_path, playbook())
    kernel.jobs[job_name(tmp_path)] = {Process(601, 1001)}
    assert processes.running(tmp_path) is None
    assert processes.members(tmp_path)
    with pytest.raises(BlockingIOError):
        processes.start(tmp_path, playbook())


def test_a_later_agent_finds_it_though_its_start_was_not_written(
    tmp_path: Path, processes: WindowsProcesses, kernel: FakeKernel
) -> None:
    processes.start(tmp_path, playbook())
    (tmp_path / "launcher").unlink()
    later = WindowsProcesses({}, kernel)
    running = later.running(tmp_path)
    assert running is not None
    assert running.process == Process(101, 1000)
    kernel.jobs[job_name(tmp_path)].discard(running.process)
    assert later.running(tmp_path) is None


def test_tells_how_it_ended_until_forgotten(
    tmp_path: Path, processes: WindowsProcesses, kernel: FakeKernel
) -> None:
    assert processes.ending(tmp_path) is None
    processes.start(tmp_path, playbook())
    kernel.jobs.clear()
    assert processes.ending(tmp_path) == Ending(None)
    (tmp_path / "status").write_bytes(b"3\r\n")
    assert processes.ending(tmp_path) == Ending(3)
    processes.forget(tmp_path)
    assert processes.ending(tmp_path) is None


def test_asks_its_console_then_ends_the_job(
    tmp_path: Path, processes: WindowsProcesses, kernel: FakeKernel
) -> None:
    processes.start(tmp_path, playbook())
    processes.signal(tmp_path, Force.ASK)
    processes.signal(tmp_path, Force.INSIST)
    assert kernel.breaks == [Process(101, 1000)]
    processes.signal(tmp_path, Force.KILL)
    assert processes.members(tmp_path) == frozenset()


def test_a_launcher_that_is_gone_is_not_asked(
    tmp_path: Path, processes: WindowsProcesses, kernel: FakeKernel
) -> None:
    processes.start(tmp_path, playbook())
    kernel.jobs.clear()
    processes.signal(tmp_path, Force.ASK)
    assert kernel.breaks == []


def test_the_environment_block_is_sorted_and_ends_twice() -> None:
    assert environment_block({"b": "2", "A": "1"}) == "A=1\0b=2\0\0"


def test_other_folders_have_other_jobs(tmp_path: Path) -> None:
    assert job_name(tmp_path) != job_name(tmp_path / "x")
