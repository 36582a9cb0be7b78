"""A new token for the same agent: the old one ends at once, the history stays."""

from __future__ import annotations

import pytest

from cloud.domain import keys, tokens
from cloud.domain.records import Agent
from cloud.ports import StoreUnavailable
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.renew_token import renew_token
from cloud.usecases.restore_agent import restore_agent
from cloud.usecases.show_history import SPANS, show_history
from tests.fakes.ports import PUBLIC_URL
from tests.fakes.reports import NOW, block, report
from tests.fakes.world import Farm, Sentry, World
from wire.faults import Fault
from wire.live import NewAgent
from wire.messages import AgentKind


def _renewed(world: World, sentry: Sentry) -> Sentry:
    return sentry._replace(token=renew_token(world.ports, sentry.farm, sentry.agent).token)


def _refused(world: World, sentry: Sentry) -> str:
    with pytest.raises(Fault) as caught:
        authorise_agent(world.ports, sentry.bearer)
    return caught.value.code


def test_the_old_token_ends_at_once_and_the_new_one_is_the_same_agent(world: World, sentry: Sentry) -> None:
    before = world.agent(sentry)
    renewed = _renewed(world, sentry)
    assert _refused(world, sentry) == "token_wrong"
    agent = authorise_agent(world.ports, renewed.bearer).agent
    assert (agent.agent, agent.machine, agent.name) == (before.agent, before.machine, before.name)


def test_answer_is_that_of_a_new_agent(world: World, farm: Farm) -> None:
    made = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC)
    again = renew_token(world.ports, farm.farm, made.agent.agent)
    expected = f"asic-edge enrol --url {PUBLIC_URL} --token {again.token}"
    assert again == NewAgent(made.agent, PUBLIC_URL, again.token, expected)
    assert again.token != made.token


def test_only_the_digest_of_the_secret_is_stored(world: World, sentry: Sentry) -> None:
    token = tokens.read_token(_renewed(world, sentry).token)
    assert token is not None
    assert world.agent(sentry).secret_sha256 == tokens.sha256(token.secret)
    assert all(token.secret.encode() not in item.body for item in world.store.items.values())


def test_the_rig_goes_on_under_its_history_when_it_is_enrolled_again(world: World, sentry: Sentry) -> None:
    world.enrol(sentry, ["mac"])
    world.report(sentry, report(sentry.machine, [NOW - 20], blocks=[block([NOW - 40])]))
    renewed = _renewed(world, sentry)
    with pytest.raises(Fault):
        world.report(sentry, report(sentry.machine, sequence=2))
    assert world.enrol(renewed, ["mac"]).epoch == 2
    world.report(renewed, report(sentry.machine, [NOW], epoch=2))
    shown = show_history(world.ports, sentry.farm, sentry.machine, SPANS["1h"])
    assert shown.at == [NOW - 40, NOW - 20, NOW]


def test_nothing_else_of_the_store_changes(world: World, sentry: Sentry) -> None:
    world.report(sentry, report(sentry.machine, blocks=[block([NOW - 40])]))
    before, key = world.kept(), keys.agent(sentry.farm, sentry.agent)
    _renewed(world, sentry)
    assert {**world.kept(), key: before[key]} == before
    assert world.store.items[key].revision == before[key].revision + 1


@pytest.mark.parametrize("agent", ["agent_x", "machine_000003", ""])
def test_unknown_agent(world: World, sentry: Sentry, agent: str) -> None:
    with pytest.raises(Fault) as caught:
        renew_token(world.ports, sentry.farm, agent)
    assert (caught.value.code, caught.value.status) == ("agent_unknown", 404)


def test_another_farms_agent_is_unknown_and_keeps_its_token(world: World, sentry: Sentry) -> None:
    other = world.farm("South", "south@example.test")
    with pytest.raises(Fault, match="no such agent"):
        renew_token(world.ports, other.farm, sentry.agent)
    assert authorise_agent(world.ports, sentry.bearer).agent.agent == sentry.agent


def test_in_the_bin_there_is_no_new_token_and_the_old_one_works_after_it(
    world: World, sentry: Sentry
) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    with pytest.raises(Fault, match="no such agent"):
        renew_token(world.ports, sentry.farm, sentry.agent)
    restore_agent(world.ports, sentry.farm, sentry.agent)
    assert authorise_agent(world.ports, sentry.bearer).agent.agent == sentry.agent


def test_two_at_once_give_one_token_that_works(world: World, sentry: Sentry) -> None:
    winners: list[Sentry] = []
    world.store.interruptions = [lambda: winners.append(_renewed(world, sentry))]
    with pytest.raises(Fault) as caught:
        renew_token(world.ports, sentry.farm, sentry.agent)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert authorise_agent(world.ports, winners[0].bearer).agent.agent == sentry.agent


def test_when_the_store_fails_the_old_token_stays(world: World, sentry: Sentry) -> None:
    world.store.failures = [None, StoreUnavailable("busy")]
    with pytest.raises(StoreUnavailable):
        renew_token(world.ports, sentry.farm, sentry.agent)
    assert authorise_agent(world.ports, sentry.bearer).agent == world.store.items[
        keys.agent(sentry.farm, sentry.agent)
    ].read(Agent)
