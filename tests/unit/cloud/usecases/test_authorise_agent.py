"""Which tokens are let in, and what the others are told."""

from __future__ import annotations

import pytest

from cloud.domain import keys
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Cadence
from cloud.domain.tokens import read_token
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.change_farm import change_farm_settings
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.empty_bin import empty_bin
from tests.fakes.reports import NOW
from tests.fakes.store import Call
from tests.fakes.world import Farm, Sentry, World
from wire.faults import Fault
from wire.live import FarmSettings


def _refused(world: World, authorization: str | None) -> Fault:
    with pytest.raises(Fault) as caught:
        authorise_agent(world.ports, authorization)
    return caught.value


def test_good_token_proves_the_agent(world: World, sentry: Sentry) -> None:
    principal = authorise_agent(world.ports, sentry.bearer)
    assert principal == AgentPrincipal(sentry.farm, world.agent(sentry), Cadence())


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
def test_scheme_is_read_loosely(world: World, sentry: Sentry, scheme: str) -> None:
    assert authorise_agent(world.ports, f"{scheme} {sentry.token}").agent.agent == sentry.agent


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "farm.agent.secret"])
def test_token_missing(world: World, header: str | None) -> None:
    fault = _refused(world, header)
    assert (fault.code, fault.status) == ("token_missing", 401)
    assert world.store.calls == []


@pytest.mark.parametrize("token", ["x", "a.b", "a.b.short", "a#b.c." + "s" * 43, "a.b." + "s" * 4000])
def test_malformed_token_asks_the_store_nothing(world: World, token: str) -> None:
    fault = _refused(world, f"Bearer {token}")
    assert (fault.code, fault.status) == ("token_wrong", 401)
    assert token not in fault.message
    assert world.store.calls == []


def test_wrong_secret(world: World, sentry: Sentry) -> None:
    fault = _refused(world, sentry.bearer[:-1] + "x")
    assert (fault.code, fault.status) == ("token_wrong", 401)


def test_unknown_agent_is_told_the_same_as_one_with_a_wrong_secret(world: World, sentry: Sentry) -> None:
    unknown = _refused(world, sentry.bearer.replace(sentry.agent, "agent_999999"))
    wrong = _refused(world, sentry.bearer[:-1] + "x")
    assert (unknown.code, unknown.message, unknown.status) == (wrong.code, wrong.message, wrong.status)


def test_token_under_another_farms_id(world: World, sentry: Sentry) -> None:
    other = world.farm("South", "south@example.test")
    theirs = world.sentry(other)
    token = read_token(sentry.token)
    assert token is not None
    assert _refused(world, f"Bearer {token._replace(farm=other.farm)}").code == "token_wrong"
    crossed = token._replace(farm=other.farm, agent=theirs.agent)
    assert _refused(world, f"Bearer {crossed}").code == "token_wrong"


def test_deleted_agent_is_told_so_by_name_and_that_it_can_be_restored(world: World, farm: Farm) -> None:
    sentry = world.sentry(farm, "barn-7")
    delete_agent(world.ports, farm.farm, sentry.agent)
    fault = _refused(world, sentry.bearer)
    assert (fault.code, fault.status) == ("agent_deleted", 403)
    assert "barn-7" in fault.message
    assert "restored" in fault.message


def test_erased_agent_is_told_so_by_name_and_no_more(world: World, farm: Farm) -> None:
    sentry = world.sentry(farm, "barn-7")
    delete_agent(world.ports, farm.farm, sentry.agent)
    world.clock.advance(world.ports.policy.bin_s)
    empty_bin(world.ports, farm.farm)
    fault = _refused(world, sentry.bearer)
    assert (fault.code, fault.status) == ("agent_deleted", 403)
    assert "barn-7" in fault.message
    assert "restored" not in fault.message


def test_a_wrong_secret_does_not_learn_that_the_agent_was_deleted(world: World, sentry: Sentry) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    assert _refused(world, sentry.bearer[:-1] + "x").code == "token_wrong"


def test_erased_agent_is_forgotten_in_the_end(world: World, sentry: Sentry) -> None:
    delete_agent(world.ports, sentry.farm, sentry.agent)
    world.clock.advance(world.ports.policy.bin_s)
    empty_bin(world.ports, sentry.farm)
    world.clock.advance(world.ports.policy.erased_token_s - 1)
    assert _refused(world, sentry.bearer).code == "agent_deleted"
    world.clock.advance(1)
    assert _refused(world, sentry.bearer).code == "token_wrong"


def test_one_call_tells_also_who_watches(world: World, farm: Farm, sentry: Sentry) -> None:
    world.watch(farm, "c1")
    world.store.calls.clear()
    assert authorise_agent(world.ports, sentry.bearer).cadence == Cadence(watched_until=NOW + 90)
    asked = (keys.agent(farm.farm, sentry.agent), keys.cadence(farm.farm))
    assert world.store.calls == [Call("get_many", asked)]


def test_cadence_is_of_one_farm(world: World, farm: Farm, sentry: Sentry) -> None:
    south = world.farm("South", "south@example.test")
    world.watch(south, "c2")
    change_farm_settings(world.ports, south.farm, FarmSettings(report_interval_s=360))
    assert world.principal(sentry).cadence == Cadence()
    change_farm_settings(world.ports, farm.farm, FarmSettings(report_interval_s=120))
    assert world.principal(sentry).cadence == Cadence(FarmSettings(report_interval_s=120))
