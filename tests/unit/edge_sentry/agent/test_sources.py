"""A source that hangs or fails costs the others nothing, and is not read twice at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from edge_sentry.agent.sources import Sources
from edge_sentry.collectors import Source
from edge_sentry.reading import Gap, Reading, SourceReport
from tests.unit.edge_sentry.machines import NOWHERE, source
from wire.messages import Device

CARD = Device("gpu-a", "A card", "amd", "0000:01:00.0")


@dataclass
class Stuck:
    """Hangs while `hangs`; `release` lets it answer."""

    reading: Reading = field(default_factory=lambda: Reading(values={"disk_used_pct": 5.0}))
    hangs: bool = True
    calls: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    answered: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> Reading:
        self.calls += 1
        if self.hangs:
            self.released.wait()
        self.answered.set()
        return self.reading

    def row(self, name: str = "stuck", **more: object) -> Source:
        return Source(name, ("disk_used_pct",), lambda _folder: self, 0.01, **more)  # type: ignore[arg-type]


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    each = Stuck()
    yield each
    each.released.set()


def quick() -> Reading:
    return Reading(values={"load_1min": 1.0})


def test_a_source_that_hangs_is_unread_and_the_others_are_read(stuck: Stuck) -> None:
    sources = Sources((stuck.row(), source(quick, "load_1min")), NOWHERE)
    reading = sources.read()
    assert reading.values == {"load_1min": 1.0}
    assert reading.unread == {"disk_used_pct": "no answer within 0.01 s"}


def test_it_is_not_read_again_while_it_hangs(stuck: Stuck) -> None:
    sources = Sources((stuck.row(), source(quick, "load_1min")), NOWHERE)
    for _ in range(3):
        assert sources.read().values == {"load_1min": 1.0}
    assert stuck.calls == 1


def test_it_is_read_anew_when_it_answers_again(stuck: Stuck) -> None:
    sources = Sources((stuck.row(),), NOWHERE)
    sources.read()
    stuck.hangs = False
    stuck.released.set()
    for _ in range(1000):
        if "disk_used_pct" in (reading := sources.read()).values:
            break
        stuck.answered.wait(0.01)
    assert reading == stuck.reading
    assert stuck.calls > 1


def test_several_that_hang_leave_one_thread_each_and_no_more(stuck: Stuck) -> None:
    others = [Stuck(released=stuck.released) for _ in range(3)]
    rows = (*(each.row(f"s{number}") for number, each in enumerate(others)), source(quick, "load_1min"))
    sources = Sources(rows, NOWHERE)
    before = threading.active_count()
    for _ in range(3):
        assert sources.read().values == {"load_1min": 1.0}
    assert threading.active_count() <= before + len(others)


def test_when_none_is_slow_one_thread_reads_all_in_order() -> None:
    threads: list[str] = []
    order: list[int] = []

    def reads(number: int) -> Source:
        def collect() -> Reading:
            threads.append(str(threading.get_ident()))
            order.append(number)
            return Reading()

        return source(collect, name=str(number))

    Sources(tuple(reads(number) for number in range(5)), NOWHERE).read()
    assert len(set(threads)) == 1
    assert order == [0, 1, 2, 3, 4]


def test_specs_last_known_stay_while_it_hangs_or_fails(stuck: Stuck) -> None:
    stuck.reading = Reading(values={"disk_used_pct": 5.0}, specs={"disk_bytes": 7})
    stuck.hangs = False
    sources = Sources((Source("s", ("disk_used_pct",), lambda _folder: stuck, 5.0),), NOWHERE)
    sources.read()
    stuck.reading = None  # type: ignore[assignment]
    reading = sources.read()
    assert reading.specs == {"disk_bytes": 7}
    assert list(reading.unread) == ["disk_used_pct"]


def test_cards_of_a_driver_that_hangs_are_unread_by_their_series_and_no_cards_are_gone(stuck: Stuck) -> None:
    stuck.hangs = False
    stuck.reading = Reading(values={"gpu_power_w@gpu-a": 1.0}, devices=(CARD,))
    sources = Sources((Source("amd", (), lambda _folder: stuck, 0.2, "amd"),), NOWHERE)
    assert sources.read().devices == (CARD,)
    stuck.hangs = True
    for count in (1, 2):
        reading = sources.read()
        reason = "no answer within 0.2 s"
        assert reading.unread == {"gpu_power_w@gpu-a": reason, "devices": f"AMD: {reason}"}
        assert reading.gaps == (Gap("amd", reason),)
        assert reading.hung_readings == count


def test_each_source_has_a_report(stuck: Stuck) -> None:
    def broken() -> Reading:
        raise OSError("no driver")

    gap = Reading(gaps=(Gap("intel", "its driver sleeps"),))
    rows = (
        source(quick, "load_1min", name="quick"),
        source(broken, name="broken"),
        source(lambda: gap, name="intel"),
        stuck.row(),
    )
    sources = Sources(rows, NOWHERE)
    assert not sources.reports
    sources.read()
    reports: dict[str, SourceReport] = {report.name: report for report in sources.reports}
    assert [(name, report.reason) for name, report in reports.items()] == [
        ("quick", None),
        ("broken", "OSError: no driver"),
        ("intel", "its driver sleeps"),
        ("stuck", "no answer within 0.01 s"),
    ]
    assert reports["stuck"].duration_s is None
    assert (reports["quick"].duration_s or 0) >= 0
    assert reports["quick"].read_at > 1e9


def test_what_sources_keep_running_is_ended_whatever_one_of_them_does() -> None:
    closed = []

    class Kept:
        def __init__(self, error: Exception | None) -> None:
            self._error = error

        def __call__(self) -> Reading:
            return Reading()

        def close(self) -> None:
            closed.append(self)
            if self._error is not None:
                raise self._error

    sources = Sources((source(Kept(OSError())), source(quick), source(Kept(None))), NOWHERE)
    sources.close()
    assert closed == []
    sources.read()
    sources.close()
    assert len(closed) == 2
