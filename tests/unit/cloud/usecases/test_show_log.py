"""A log is shown to its farm alone, and where there is none that is said."""

from __future__ import annotations

import pytest

from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.show_log import show_log
from tests.fakes.world import Sentry, World
from tests.unit.cloud.usecases.news import news
from wire.faults import Fault
from wire.messages import LogLines


def _refused(world: World, farm: str, machine: str, program: str = "p") -> tuple[str, int, str]:
    with pytest.raises(Fault) as caught:
        show_log(world.ports, farm, machine, program)
    return caught.value.code, caught.value.status, caught.value.message


def test_no_lines_yet_or_none_any_more(world: World, sentry: Sentry) -> None:
    never = _refused(world, sentry.farm, sentry.machine)
    assert never[:2] == ("no_log", 404)
    world.report(sentry, news(sentry.machine, log=LogLines(1, "p", ("x",))))
    assert _refused(world, sentry.farm, sentry.machine, "q") == never
    world.clock.advance(3600)
    assert _refused(world, sentry.farm, sentry.machine) == never


def test_unknown_other_farms_and_deleted_machines_look_alike(world: World, sentry: Sentry) -> None:
    world.report(sentry, news(sentry.machine, log=LogLines(1, "p", ("secret",))))
    south = world.farm("South", "south@example.test").farm
    unknown = _refused(world, sentry.farm, "machine_x")
    assert unknown[:2] == ("machine_unknown", 404)
    assert _refused(world, south, sentry.machine) == unknown
    delete_agent(world.ports, sentry.farm, sentry.agent)
    assert _refused(world, sentry.farm, sentry.machine) == unknown
