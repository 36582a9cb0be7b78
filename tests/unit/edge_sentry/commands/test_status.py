"""What `edge-sentry status` says, and when it is content."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from edge_sentry.__main__ import main
from edge_sentry.commands.status import StatusView, accepted_recently, ago, lines_of, view_of
from edge_sentry.settings.identity import save_identity
from edge_sentry.settings.lock import FolderLock
from edge_sentry.settings.status import Status, save_status
from tests.fakes.commander import TOKEN
from tests.unit.edge_sentry.settings.test_files import IDENTITY
from wire.assignments import AssignmentState, Step, StepState
from wire.messages import Mining, Program

NOW = 1_800_000_000.0
STATUS = Status(
    pid=7,
    started_at=NOW - 100,
    written_at=NOW - 5,
    accepted_at=NOW - 5,
    failed_at=None,
    failure=None,
    unsent=0,
    dropped=0,
    refused=0,
    mishaps=0,
    clock_offset_s=0.0,
    sample_interval_s=10,
    report_interval_s=60,
)


def test_not_enrolled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--data", str(tmp_path)]) == 3
    assert "Begin with: edge-sentry enrol" in capsys.readouterr().out


def test_well_only_while_it_runs_and_was_accepted_recently(tmp_path: Path) -> None:
    save_identity(tmp_path, IDENTITY)
    save_status(tmp_path, STATUS)
    assert not view_of(tmp_path, NOW).well
    lock = FolderLock(tmp_path)
    assert view_of(tmp_path, NOW).well
    assert not view_of(tmp_path, NOW + 200).well
    lock.release()


@pytest.mark.parametrize(
    ("interval_s", "age_s", "recent"),
    [(60, 150, True), (60, 151, False), (5, 30, True), (5, 31, False)],
)
def test_recent_is_as_the_commander_judges(interval_s: float, age_s: float, recent: bool) -> None:
    agent = msgspec.structs.replace(STATUS, report_interval_s=interval_s, accepted_at=NOW - age_s)
    assert accepted_recently(agent, NOW) is recent


def test_trouble_is_told_in_words(tmp_path: Path) -> None:
    save_identity(tmp_path, IDENTITY)
    trouble = msgspec.structs.replace(
        STATUS,
        accepted_at=NOW - 7200,
        failed_at=NOW - 60,
        failure="Cannot reach it.",
        unsent=720,
        dropped=3,
        refused=2,
        clock_offset_s=-90.0,
        spool_blocks=24,
        spool_bytes=20480,
        spool_oldest_at=NOW - 7200,
    )
    save_status(tmp_path, trouble)
    text = "\n".join(lines_of(view_of(tmp_path, NOW), tmp_path, NOW))
    for words in (
        "rig-01 at farm Home",
        "https://rigs.example",
        "Running         no",
        "accepted 2 h ago",
        "Cannot reach it. (60 s ago)",
        "720 (3 dropped",
        "24 blocks, 20.0 KB, the oldest sample 2 h ago",
        "2 reports",
        "90 s ahead of the commander's; set it",
    ):
        assert words in text
    assert TOKEN not in text


def test_a_machine_that_is_not_accepted_reads_what_to_do(tmp_path: Path) -> None:
    save_identity(tmp_path, IDENTITY)
    trouble = {"failed_at": NOW - 60, "failure": "Other hardware. Create a sentry.", "not_accepted": True}
    save_status(tmp_path, msgspec.structs.replace(STATUS, **trouble))
    lines = lines_of(view_of(tmp_path, NOW), tmp_path, NOW)
    assert "Last error      not accepted: Other hardware. Create a sentry. (60 s ago)" in lines


def test_a_spool_that_is_not_on_disk_says_why(tmp_path: Path) -> None:
    save_identity(tmp_path, IDENTITY)
    save_status(tmp_path, msgspec.structs.replace(STATUS, spool_trouble="not on disk: disk is full"))
    assert "Spool           not on disk: disk is full" in lines_of(view_of(tmp_path, NOW), tmp_path, NOW)


def test_json_is_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_identity(tmp_path, IDENTITY)
    assert main(["status", "--json", "--data", str(tmp_path)]) == 3
    out = capsys.readouterr().out
    view = msgspec.json.decode(out, type=StatusView)
    assert (view.enrolled, view.well, view.name, view.pid, view.agent) == (True, False, "rig-01", None, None)
    assert TOKEN not in out


@pytest.mark.parametrize(
    ("state", "lines"),
    [
        (None, ["Assignment      none: no key of the commander is pinned"]),
        (AssignmentState(0, 0), ["Assignment      none accepted yet"]),
        (AssignmentState(1, 7), ["Assignment      revision 7 accepted"]),
        (
            AssignmentState(1, 7, 8, (Step("download", StepState.FAILED, "gpu", "No route."),)),
            [
                "Assignment      revision 7 accepted, revision 8 wanted",
                "  failed        download gpu: No route.",
            ],
        ),
    ],
)
def test_the_assignment_and_what_failed_of_it(
    tmp_path: Path, state: AssignmentState | None, lines: list[str]
) -> None:
    save_identity(tmp_path, IDENTITY)
    save_status(tmp_path, msgspec.structs.replace(STATUS, assignment=state))
    text = "\n".join(lines_of(view_of(tmp_path, NOW), tmp_path, NOW))
    assert "\n".join(lines) in text


@pytest.mark.parametrize(
    ("seconds", "words"), [(-3, "0 s ago"), (119, "119 s ago"), (600, "10 min ago"), (86400, "24 h ago")]
)
def test_durations(seconds: float, words: str) -> None:
    assert ago(seconds) == words


def test_programs_in_words(tmp_path: Path) -> None:
    save_identity(tmp_path, IDENTITY)
    programs = (
        Program(
            "gpu",
            "t-rex",
            "running",
            running_s=7300.0,
            accepted=1405,
            rejected=0,
            pool="pool.example:3333",
            pool_connected=True,
        ),
        Program("cpu", "xmrig", "crash_loop", reason="it ended 5 times in 10 min."),
        Program("mine", "xmrig", "mining", managed=False, running_s=30.0, pool="10.0.0.1:3333"),
    )
    mining = (Mining("kawpow", 61.25e6), Mining("rx/0", None))
    save_status(tmp_path, msgspec.structs.replace(STATUS, programs=programs, mining=mining))
    lock = FolderLock(tmp_path)
    lines = lines_of(view_of(tmp_path, NOW), tmp_path, NOW)
    lock.release()
    assert lines[-5:] == [
        "Program         gpu (t-rex): running for 2.0 h, 1,405 accepted, 0 rejected, "
        "pool pool.example:3333 connected",
        "Program         cpu (xmrig): crash loop (it ended 5 times in 10 min)",
        "Program         mine (xmrig, only watched): mining for 30 s, pool 10.0.0.1:3333",
        "Mining          kawpow 61.25 MH/s",
        "Mining          rx/0 hashrate not known",
    ]


def test_without_an_agent_the_programs_are_those_that_it_last_saw(tmp_path: Path) -> None:
    save_identity(tmp_path, IDENTITY)
    save_status(tmp_path, msgspec.structs.replace(STATUS, programs=(Program("gpu", "t-rex", "running"),)))
    assert lines_of(view_of(tmp_path, NOW), tmp_path, NOW)[-1].endswith(
        "gpu (t-rex): running, when the agent last ran"
    )
