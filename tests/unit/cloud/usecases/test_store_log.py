"""The last lines of a program's log: as they came, the answer to the newest order, for an hour."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.records import Arrival, StoredLog
from cloud.ports import MAX_BODY_BYTES
from cloud.usecases.show_log import show_log
from cloud.usecases.store_log import KEPT_S, LOG_MAX_BYTES
from cloud.usecases.store_report import store_report
from tests.fakes.reports import NOW
from tests.fakes.world import Sentry, World
from tests.unit.cloud.usecases.news import news
from wire.live import ProgramLog
from wire.messages import LogLines


def lines(world: World, sentry: Sentry, program: str = "p") -> tuple[str, ...]:
    return show_log(world.ports, sentry.farm, sentry.machine, program).lines


@pytest.mark.parametrize(
    "text", ["", "plain", "<img src=x onerror=alert(1)>", "\x1b[31mred\x00\u202e", "GPU0 62°C 🐄"]
)
def test_lines_are_kept_as_they_are(world: World, sentry: Sentry, text: str) -> None:
    world.report(sentry, news(sentry.machine, log=LogLines(3, "p", (text, "last"))))
    assert show_log(world.ports, sentry.farm, sentry.machine, "p") == ProgramLog("p", 3, NOW, (text, "last"))


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (2, 1, 2)])
def test_the_newest_order_wins_however_they_arrive(
    world: World, sentry: Sentry, order: tuple[int, ...]
) -> None:
    for sequence, number in enumerate(order):
        log = LogLines(number, "p", (f"line {number}",))
        arrival = Arrival(sentry.farm, NOW + sequence, False, news(sentry.machine, sequence, log=log))
        store_report(world.ports, arrival)
    assert lines(world, sentry) == ("line 2",)


def test_each_program_has_its_own(world: World, sentry: Sentry) -> None:
    for sequence, program in enumerate(("p", "q")):
        log = LogLines(sequence, program, (program,))
        world.report(sentry, news(sentry.machine, sequence, log=log))
    assert (lines(world, sentry, "p"), lines(world, sentry, "q")) == (("p",), ("q",))


def test_it_is_gone_after_an_hour(world: World, sentry: Sentry) -> None:
    world.report(sentry, news(sentry.machine, log=LogLines(3, "p", ("x",))))
    item = world.store.items[keys.log(sentry.farm, sentry.machine, "p")]
    assert item.expires_at == NOW + KEPT_S


@pytest.mark.parametrize("letter", ["x", "🐄", "\x00"])
def test_the_longest_log_loses_its_oldest_lines_and_never_fails_a_report(
    world: World, sentry: Sentry, letter: str
) -> None:
    sent = tuple(f"{number:03d}" + letter * 997 for number in range(200))
    world.report(sentry, news(sentry.machine, log=LogLines(1, "p", sent)))
    found = lines(world, sentry)
    assert found == sent[-len(found) :]
    assert LOG_MAX_BYTES - 4000 < sum(len(line.encode()) for line in found) <= LOG_MAX_BYTES
    item = world.store.items[keys.log(sentry.farm, sentry.machine, "p")]
    assert len(item.body) < MAX_BODY_BYTES
    assert item.read(StoredLog).order == 1


def test_an_empty_log_is_one_too(world: World, sentry: Sentry) -> None:
    world.report(sentry, news(sentry.machine, log=LogLines(1, "p", ())))
    assert lines(world, sentry) == ()
