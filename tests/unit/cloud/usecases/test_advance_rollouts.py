"""A rollout goes on by the rounds of the clock, after its first rig, and never beyond a stop."""

from __future__ import annotations

import pytest

from cloud.domain.rollouts import COUNTED_EVERY_S, FIRST_SHARE_WITHIN_S, FOLLOWED_S
from cloud.ports import StoreUnavailable
from cloud.usecases.advance_rollouts import ROUND_RIGS, STEP_RIGS, advance_rollouts
from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.find_rollout import find_rollout
from cloud.usecases.save_playbook import change_playbook
from cloud.usecases.stop_rollout import stop_rollout
from tests.fakes.templates import draft
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.crew import Crew
from wire.templates import AssignRequest, Rollout, RolloutState, Speed


def assign(crew: Crew, pace: Speed = Speed.CAREFUL) -> str:
    wish = AssignRequest((crew.playbook,), crew.machines, pace=pace)
    return assign_playbooks(crew.world.ports, crew.farm.farm, wish).rollout


def round_of(crew: Crew, rollout: str) -> Rollout:
    """How it stands after a round of the clock."""
    advance_rollouts(crew.world.ports, crew.farm.farm)
    return find_rollout(crew.world.ports, crew.farm.farm, rollout)[0].told()


@pytest.fixture
def crew(world: World, farm: Farm) -> Crew:
    return Crew(world, farm, 12)


def test_the_rest_follows_the_first_rigs_first_share(crew: Crew) -> None:
    rollout = assign(crew)
    first = crew.rigs[0]
    assert crew.wanted() == [1, *[None] * 11]
    crew.takes(first)
    assert round_of(crew, rollout).state is RolloutState.FIRST
    crew.takes(first, shares=0)
    assert round_of(crew, rollout).state is RolloutState.FIRST
    crew.takes(first, shares=1)
    told = round_of(crew, rollout)
    assert (told.state, told.signed, told.running) == (RolloutState.REST, 12, 1)
    assert crew.wanted() == [1] * 12


def test_shares_of_before_do_not_count(crew: Crew) -> None:
    rollout = assign(crew)
    crew.world.clock.now += 300
    crew.takes(crew.rigs[0], shares=1000, running_s=5000)
    assert round_of(crew, rollout).state is RolloutState.FIRST


@pytest.mark.parametrize(
    ("fails", "why"), [("no route to host", "no route to host"), ("", "no share was accepted yet")]
)
def test_a_first_rig_without_shares_stops_the_rest(crew: Crew, fails: str, why: str) -> None:
    rollout = assign(crew)
    crew.takes(crew.rigs[0], fails=fails)
    crew.world.clock.now += FIRST_SHARE_WITHIN_S - 1
    assert round_of(crew, rollout).state is RolloutState.FIRST
    crew.world.clock.now += 1
    told = round_of(crew, rollout)
    assert told.state is RolloutState.STOPPED
    assert told.why == f"The first rig did not mine within 15 minutes: {why}"
    crew.takes(crew.rigs[0], shares=5)
    assert round_of(crew, rollout).state is RolloutState.STOPPED
    assert crew.wanted() == [1, *[None] * 11]


def test_a_first_rig_that_nothing_can_be_signed_for_stops_the_rest(crew: Crew) -> None:
    script = "./xmrig {{rig_name}}.{{worker}} -o {{pool_address}} -u {{mining_address}}\n"
    made_of = draft(crew.ids.pool, crew.ids.wallet, script=script)
    change_playbook(crew.world.ports, crew.farm.farm, crew.playbook, made_of, Speed.AT_ONCE)
    crew.rigs.insert(0, crew.world.sentry(crew.farm, "rig with blanks"))
    crew.is_online(crew.rigs[0])
    told = round_of(crew, assign(crew))
    assert told.state is RolloutState.STOPPED
    assert "{{rig_name}}" in told.why
    assert crew.wanted() == [None] * 13


def test_a_refused_rig_stops_nobody_else(crew: Crew) -> None:
    script = "./xmrig {{rig_name}} -o {{pool_address}} -u {{mining_address}}\n"
    made_of = draft(crew.ids.pool, crew.ids.wallet, script=script)
    change_playbook(crew.world.ports, crew.farm.farm, crew.playbook, made_of, Speed.AT_ONCE)
    crew.rigs.append(crew.world.sentry(crew.farm, "rig with blanks"))
    told = round_of(crew, assign(crew, Speed.AT_ONCE))
    assert (told.signed, told.failed) == (12, 1)
    assert crew.rigs[-1].machine in told.why


def test_it_is_done_when_all_run_it(crew: Crew) -> None:
    rollout = assign(crew, Speed.AT_ONCE)
    for rig in crew.rigs[1:]:
        crew.takes(rig)
    crew.takes(crew.rigs[0], fails="disk full")
    crew.world.clock.now += COUNTED_EVERY_S
    told = round_of(crew, rollout)
    assert (told.state, told.running, told.failed) == (RolloutState.REST, 11, 1)
    crew.takes(crew.rigs[0])
    crew.world.clock.now += COUNTED_EVERY_S
    assert round_of(crew, rollout).state is RolloutState.DONE


def test_who_is_off_is_waited_for_an_hour(crew: Crew) -> None:
    rollout = assign(crew, Speed.AT_ONCE)
    delete_agent(crew.world.ports, crew.farm.farm, crew.rigs[3].agent)
    crew.world.clock.now += FOLLOWED_S - 1
    assert round_of(crew, rollout).state is RolloutState.REST
    crew.world.clock.now += COUNTED_EVERY_S
    assert round_of(crew, rollout).state is RolloutState.DONE


def test_a_round_does_a_bounded_part(world: World, farm: Farm) -> None:
    crew = Crew(world, farm, STEP_RIGS + ROUND_RIGS + 1)
    rollout = assign(crew, Speed.AT_ONCE)
    assert crew.signing.signer.signatures == STEP_RIGS
    assert round_of(crew, rollout).signed == STEP_RIGS + ROUND_RIGS
    assert round_of(crew, rollout).signed == len(crew.rigs)


def test_a_step_that_died_is_done_again(crew: Crew) -> None:
    placed = iter(range(100))

    def dies_at_the_sixth() -> None:
        if next(placed) == 5:
            raise StoreUnavailable("the power is gone")

    crew.signing.documents.before = dies_at_the_sixth
    rollout = assign(crew, Speed.AT_ONCE)
    assert find_rollout(crew.world.ports, crew.farm.farm, rollout)[0].cursor == 0
    assert round_of(crew, rollout).signed == 12
    for rig in crew.rigs:
        assert crew.signing.believed(rig).manifest.revision == crew.work(rig).revision
    assert all(crew.work(rig).before[rollout] == {} for rig in crew.rigs)


def test_a_stop_counts_although_a_step_is_under_way(crew: Crew) -> None:
    rollout = assign(crew)
    crew.takes(crew.rigs[0], shares=1)
    stops = iter([True])

    def stopped_meanwhile() -> None:
        if next(stops, False):
            stop_rollout(crew.world.ports, crew.farm.farm, rollout)

    crew.signing.documents.before = stopped_meanwhile
    assert round_of(crew, rollout).state is RolloutState.STOPPED
    assert round_of(crew, rollout).state is RolloutState.STOPPED
