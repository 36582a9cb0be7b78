"""An edge whose epoch is not the commander's begins a new one, and never stops telling for it."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from asic_edge.agent.courier import NOT_ACCEPTED_PAUSE_S
from asic_edge.agent.origin import AGAIN_S, COPIED
from tests.fakes.edge_uplink import Bench, Clocks, EdgeUplink, newest, refusal, unreachable
from wire.uplink.failure import FailureKind, UplinkFailure


def test_a_new_epoch_begins_where_the_sequence_is_not_known(tmp_path: Path, clocks: Clocks) -> None:
    uplink = EdgeUplink(clocks)
    first = Bench(tmp_path, clocks, uplink)
    first.roster(1)
    first.round({1: 1.0})
    first.settle()
    assert uplink.enrolled == 2
    first.close()
    second = Bench(tmp_path, clocks, uplink)
    second.round({})
    second.settle()
    assert uplink.enrolled == 2
    second.close()
    (tmp_path / "sequence").unlink()
    third = Bench(tmp_path, clocks, uplink)
    third.round({})
    third.settle()
    assert uplink.enrolled == 3
    third.close()
    (tmp_path / "spool.sqlite").unlink()
    Bench(tmp_path, clocks, uplink).settle()
    assert uplink.enrolled == 4


def _enrolled_again() -> UplinkFailure:
    return refusal(kind=FailureKind.OTHER_MACHINE)


@pytest.mark.parametrize("at", ["roster", "report"])
def test_who_is_behind_a_later_enrolment_begins_anew(bench: Bench, uplink: EdgeUplink, at: str) -> None:
    uplink.scripted.extend([None] * (2 if at == "report" else 1))  # its first enrolment
    uplink.scripted.append(_enrolled_again())
    bench.round({1: 3000.0})
    bench.settle()
    assert (uplink.enrolled, uplink.reports[-1].epoch, uplink.tellings[-1].epoch) == (3, 3, 3)
    assert newest(uplink).keys() == {"m1"}
    assert bench.courier.tally.failure is None


def test_a_data_folder_from_a_backup_goes_on_in_a_new_epoch(tmp_path: Path, clocks: Clocks) -> None:
    uplink = EdgeUplink(clocks)
    folder, backup = tmp_path / "edge", tmp_path / "backup"
    folder.mkdir()
    for enrolled_in, epoch in ((1, 2), (2, 3), (2, 4), (4, 4)):
        bench = Bench(folder, clocks, uplink, enrolled_in=enrolled_in)
        bench.roster(1)
        bench.round({1: float(epoch)})
        bench.settle()
        assert (uplink.enrolled, uplink.reports[-1].epoch) == (epoch, epoch)
        bench.close()
        if epoch == 2:
            copytree(folder, backup)
            (folder / "sequence").unlink()
        elif epoch == 3:
            folder.rename(tmp_path / "gone")
            backup.rename(folder)


def test_who_is_outdone_again_says_what_helps_and_reports_all_the_same(
    bench: Bench, uplink: EdgeUplink
) -> None:
    uplink.scripted.extend([None, _enrolled_again(), None, _enrolled_again()])
    bench.round({1: 3000.0})
    for _ in range(2):
        bench.deliver()
    assert (uplink.enrolled, bench.courier.tally.failure) == (3, COPIED)
    bench.deliver()
    assert uplink.reports[-1].edge is not None
    uplink.down = _enrolled_again()
    bench.round({1: 3000.0})
    assert bench.deliver().wait_s == NOT_ACCEPTED_PAUSE_S
    assert (uplink.enrolled, bench.courier.tally.failure) == (3, COPIED)
    # A day later it may be somebody else's.
    bench.clocks.advance(AGAIN_S)
    uplink.down = None
    uplink.scripted.append(_enrolled_again())
    bench.settle()
    assert (uplink.enrolled, uplink.reports[-1].epoch) == (4, 4)


@pytest.mark.parametrize(
    "failures", [[refusal(kind=FailureKind.WRONG_KIND)], [_enrolled_again(), unreachable()]]
)
def test_a_roster_that_is_not_taken_keeps_no_report_back(
    bench: Bench, uplink: EdgeUplink, failures: list[UplinkFailure]
) -> None:
    bench.round({1: 3000.0})
    bench.settle()
    told, sent = len(uplink.tellings), len(uplink.reports)
    bench.roster(1, 2, 51)
    bench.registry.forget_told()
    uplink.scripted.extend(failures)
    bench.round({1: 3001.0})
    while uplink.scripted:
        bench.clocks.advance(bench.deliver().wait_s)
    bench.deliver()
    assert (len(uplink.tellings), len(uplink.reports)) == (told, sent + 1)
