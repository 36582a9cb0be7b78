"""The programs that are only read: all of them, with every answer."""

from __future__ import annotations

import pytest

from cloud.usecases.show_machine import show_machine
from cloud.usecases.watch_programs import watch_programs
from tests.fakes.world import ALL, Sentry, World
from tests.unit.cloud.usecases.news import news
from wire.faults import Fault
from wire.messages import WatchedProgram

TWO = (WatchedProgram("mine", "xmrig", 18088), WatchedProgram("gpu", "srbminer-multi", 21550))


def test_they_go_with_every_answer_and_are_shown(world: World, sentry: Sentry) -> None:
    assert world.report(sentry, news(sentry.machine, 1)).watched == ()
    watch_programs(world.ports, sentry.farm, sentry.machine, TWO)
    for sequence in (2, 3):
        assert world.report(sentry, news(sentry.machine, sequence)).watched == TWO
    assert show_machine(world.ports, sentry.farm, sentry.machine, ALL).watched == TWO


def test_the_new_ones_replace_the_old_ones_also_by_none(world: World, sentry: Sentry) -> None:
    for watched in (TWO, TWO[1:], ()):
        watch_programs(world.ports, sentry.farm, sentry.machine, watched)
        assert world.report(sentry, news(sentry.machine)).watched == watched


def test_an_enrolment_leaves_them(world: World, sentry: Sentry) -> None:
    watch_programs(world.ports, sentry.farm, sentry.machine, TWO)
    world.enrol(sentry)
    assert world.report(sentry, news(sentry.machine)).watched == TWO


@pytest.mark.parametrize("miner", ["xmrig", "srbminer-multi", "t-rex", "lolMiner", "a.b_c-9", "0x"])
def test_a_miners_name_is_a_plain_word(world: World, sentry: Sentry, miner: str) -> None:
    watch_programs(world.ports, sentry.farm, sentry.machine, [WatchedProgram("p", miner, 1)])
    assert world.agent(sentry).watched[0].miner == miner


@pytest.mark.parametrize(
    ("second", "code", "field"),
    [
        (WatchedProgram("p", "../etc", 1), "bad_program", "watched[1].miner"),
        (WatchedProgram("p", "xm rig", 1), "bad_program", "watched[1].miner"),
        (WatchedProgram("p", "-xmrig", 1), "bad_program", "watched[1].miner"),
        (WatchedProgram("p", "xmrig\n", 1), "bad_program", "watched[1].miner"),
        (WatchedProgram("p", "\u0445mrig", 1), "bad_program", "watched[1].miner"),
        (WatchedProgram("mine", "rigel", 1), "duplicate_program", "watched[1].program"),
        (WatchedProgram("p", "rigel", 18088), "duplicate_port", "watched[1].port"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_changes_nothing(
    world: World, sentry: Sentry, second: WatchedProgram, code: str, field: str
) -> None:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        watch_programs(world.ports, sentry.farm, sentry.machine, [TWO[0], second])
    assert (caught.value.code, caught.value.status, caught.value.field) == (code, 422, field)
    assert world.store.items == before
