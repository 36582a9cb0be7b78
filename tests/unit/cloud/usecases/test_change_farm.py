"""How often a farm reports: within bounds, heard of with the next report, and nobody is late by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.__main__ import LOCAL_POLICY
from cloud.domain import keys
from cloud.domain.pace import asked_of
from cloud.domain.policy import Policy
from cloud.usecases.change_farm import change_farm_settings, show_farm
from cloud.usecases.list_machines import list_machines
from tests.fakes.reports import report
from tests.fakes.world import ALL, Farm, Sentry, World
from wire.faults import Fault
from wire.live import FarmSettings, FarmView, Pace

DEFAULT = Pace(10, 60, 90, 150)


def test_a_new_farm_has_the_default(world: World, farm: Farm) -> None:
    expected = FarmView(farm.farm, "North", FarmSettings(), DEFAULT, DEFAULT)
    assert show_farm(world.ports, farm.farm) == expected


def test_settings_are_shown_beside_what_they_come_to(world: World, farm: Farm) -> None:
    chosen = FarmSettings(360, 600, 1000)
    view = change_farm_settings(world.ports, farm.farm, chosen)
    assert view == FarmView(farm.farm, "North", chosen, Pace(60, 360, 600, 1000), DEFAULT)
    assert show_farm(world.ports, farm.farm) == view


def test_none_is_the_default_again_one_by_one(world: World, farm: Farm) -> None:
    change_farm_settings(world.ports, farm.farm, FarmSettings(120, 200, 400))
    view = change_farm_settings(world.ports, farm.farm, FarmSettings(late_after_s=100))
    assert (view.settings, view.pace) == (FarmSettings(late_after_s=100), Pace(10, 60, 100, 150))
    view = change_farm_settings(world.ports, farm.farm, FarmSettings())
    assert (view.settings, view.pace) == (FarmSettings(), DEFAULT)


def test_a_farm_without_a_record_is_called_by_its_id(world: World, farm: Farm) -> None:
    del world.store.items[keys.farm(farm.farm)]
    assert show_farm(world.ports, farm.farm).name == farm.farm


@pytest.mark.parametrize("interval_s", [10, 3600, 10.5])
def test_bounds_of_the_interval_are_allowed(world: World, farm: Farm, interval_s: float) -> None:
    view = change_farm_settings(world.ports, farm.farm, FarmSettings(report_interval_s=interval_s))
    assert view.pace.report_interval_s == interval_s


@pytest.mark.parametrize("interval_s", [0, -60, 9.999, 3600.001, 1e300, float("inf"), float("nan")])
def test_other_intervals_are_refused(world: World, farm: Farm, interval_s: float) -> None:
    _refused(world, farm, FarmSettings(report_interval_s=interval_s), "bad_interval", "report_interval_s")


WEEK_S = 7 * 86_400


@pytest.mark.parametrize(
    "chosen",
    [
        FarmSettings(late_after_s=72),
        FarmSettings(late_after_s=90, offline_after_s=90),
        FarmSettings(late_after_s=WEEK_S, offline_after_s=WEEK_S),
        FarmSettings(3600, 4320, 4320),
        FarmSettings(10, 12, 12),
    ],
)
def test_bounds_of_the_limits_are_allowed(world: World, farm: Farm, chosen: FarmSettings) -> None:
    pace = change_farm_settings(world.ports, farm.farm, chosen).pace
    assert chosen.late_after_s in {pace.late_after_s, None}
    assert chosen.offline_after_s in {pace.offline_after_s, None}


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (FarmSettings(late_after_s=71.9), "late_after_s"),
        (FarmSettings(late_after_s=0), "late_after_s"),
        (FarmSettings(late_after_s=-1), "late_after_s"),
        (FarmSettings(late_after_s=float("nan")), "late_after_s"),
        (FarmSettings(late_after_s=WEEK_S + 1, offline_after_s=WEEK_S + 1), "late_after_s"),
        (FarmSettings(360, 100, 1000), "late_after_s"),
        (FarmSettings(late_after_s=100, offline_after_s=99), "offline_after_s"),
        (FarmSettings(late_after_s=151), "offline_after_s"),
        (FarmSettings(offline_after_s=89), "offline_after_s"),
        (FarmSettings(offline_after_s=0), "offline_after_s"),
        (FarmSettings(offline_after_s=-1), "offline_after_s"),
        (FarmSettings(offline_after_s=WEEK_S + 1), "offline_after_s"),
        (FarmSettings(report_interval_s=360, offline_after_s=400), "offline_after_s"),
    ],
)
def test_limits_that_make_no_sense_are_refused_with_their_field(
    world: World, farm: Farm, chosen: FarmSettings, field: str
) -> None:
    _refused(world, farm, chosen, "bad_limit", field)


@pytest.mark.parametrize("late_s", [11, WEEK_S + 1])
def test_refusal_names_both_bounds(world: World, farm: Farm, late_s: int) -> None:
    with pytest.raises(Fault, match=f"late is 12 to {WEEK_S} s"):
        change_farm_settings(world.ports, farm.farm, FarmSettings(10, late_after_s=late_s))


def _refused(world: World, farm: Farm, chosen: FarmSettings, code: str, field: str) -> None:
    change_farm_settings(world.ports, farm.farm, FarmSettings(120))
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        change_farm_settings(world.ports, farm.farm, chosen)
    assert (caught.value.code, caught.value.status, caught.value.field) == (code, 422, field)
    assert world.store.items == before


def test_agents_hear_of_it_with_their_next_report_and_with_their_enrolment(
    world: World, farm: Farm, sentry: Sentry
) -> None:
    south = world.farm("South", "south@example.test")
    theirs = world.sentry(south)
    change_farm_settings(world.ports, farm.farm, FarmSettings(report_interval_s=360))
    answer, enrolled = world.report(sentry, report(sentry.machine)), world.enrol(sentry)
    assert (answer.sample_interval_s, answer.report_interval_s) == (60, 360)
    assert (enrolled.sample_interval_s, enrolled.report_interval_s) == (60, 360)
    other = world.report(theirs, report(theirs.machine))
    assert (other.sample_interval_s, other.report_interval_s) == (10, 60)


def test_states_are_judged_by_new_limits_at_once(world: World, farm: Farm, sentry: Sentry) -> None:
    received_at = world.clock.now
    world.report(sentry, report(sentry.machine))
    change_farm_settings(world.ports, farm.farm, FarmSettings(late_after_s=100, offline_after_s=1000))
    live = list_machines(world.ports, farm.farm, None, 10, ALL).live
    assert (live.late_at, live.offline_at) == ([received_at + 100], [received_at + 1000])


def test_a_page_that_looks_at_the_same_moment_keeps_its_look(world: World, farm: Farm) -> None:
    world.watch(farm, "c1")
    world.store.interruptions = [lambda: world.look("c1", "machine_1")]
    change_farm_settings(world.ports, farm.farm, FarmSettings(report_interval_s=360))
    found = world.store.items[keys.cadence(farm.farm)]
    assert b"machine_1" in found.body
    assert show_farm(world.ports, farm.farm).settings == FarmSettings(report_interval_s=360)


SECONDS = st.none() | st.floats(0, 4000) | st.integers(0, 4000).map(float)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([Policy(), LOCAL_POLICY]), SECONDS, SECONDS, SECONDS)
def test_no_allowed_setting_calls_a_machine_late_between_two_regular_reports(
    policy: Policy, report_s: float | None, late_s: float | None, offline_s: float | None
) -> None:
    world = World()
    farm = world.farm()
    try:
        chosen = FarmSettings(report_s, late_s, offline_s)
        pace = change_farm_settings(replace(world.ports, policy=policy), farm.farm, chosen).pace
    except Fault:
        return
    for visible in (True, False):
        sample_s, interval_s = asked_of(pace, visible=visible)
        assert 0 < sample_s <= interval_s
        assert 1.19 * interval_s < pace.late_after_s <= pace.offline_after_s <= WEEK_S


class Rig:
    """An agent that obeys each answer at once and reports with an empty backlog."""

    def __init__(self, world: World, farm: Farm) -> None:
        self._world, self._sentry = world, world.sentry(farm)
        self._farm, self._sequence, self._interval_s = farm.farm, 0, 60.0
        self.due_at = world.clock.now
        self.machine = self._sentry.machine

    def report(self, *, answer_lost: bool) -> None:
        self._sequence += 1
        now, interval_s = self._world.clock.now, self._interval_s
        sent = report(self.machine, [now], sequence=self._sequence, interval_s=interval_s)
        answer = self._world.report(self._sentry, sent)
        if not answer_lost:
            self._interval_s = answer.report_interval_s
        self.due_at = now + self._interval_s

    def late_at(self) -> float:
        (late_at,) = list_machines(self._world.ports, self._farm, None, 10, ALL).live.late_at
        assert late_at is not None
        return late_at


CHANGES = st.sampled_from([None, None, None, 10, 60, 360, 3600, "look", "lost", "lost"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CHANGES, st.floats(0, 1)), min_size=1, max_size=30))
def test_an_agent_that_obeys_is_never_late_whatever_its_owner_does(
    life: list[tuple[float | str | None, float]],
) -> None:
    """Between two reports the pace may become slower and quicker again: the agent knows of neither."""
    world = World()
    farm = world.farm()
    rig = Rig(world, farm)
    rig.report(answer_lost=False)
    for change, moment in life:
        world.clock.now += (rig.due_at - world.clock.now) * moment
        if change == "look":
            world.watch(farm, "c1")
            world.look("c1", rig.machine)
        elif isinstance(change, int):
            change_farm_settings(world.ports, farm.farm, FarmSettings(report_interval_s=change))
        if change in {None, "lost"}:
            world.clock.now = rig.due_at
            rig.report(answer_lost=change == "lost")
        assert rig.due_at < rig.late_at()
