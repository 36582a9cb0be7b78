"""A new agent, its machine, its token, and the names that it may have."""

from __future__ import annotations

import pytest

from cloud.domain import keys, tokens
from cloud.domain.labels import NAME_MAX
from cloud.domain.records import Agent, Machine
from cloud.usecases.create_agent import create_agent
from tests.fakes.ports import PUBLIC_URL, fake_ports
from tests.fakes.reports import NOW
from tests.fakes.world import Farm, World
from wire.faults import Fault
from wire.live import AgentView
from wire.messages import AgentKind


def test_sentry_has_a_machine_of_its_name(world: World, farm: Farm) -> None:
    made = create_agent(world.ports, farm.farm, "barn-7", AgentKind.CPU_GPU)
    agent, machine = made.agent.agent, made.agent.machine
    assert machine is not None
    assert made.agent == AgentView(agent, "barn-7", AgentKind.CPU_GPU, False, machine, NOW, None, None)
    stored = world.store.items[keys.machine(farm.farm, machine)]
    assert stored.read(Machine) == Machine(machine, "barn-7", AgentKind.CPU_GPU, agent, NOW, False)
    assert stored.watched is True


def test_asic_edge_is_no_machine_itself(world: World, farm: Farm) -> None:
    made = create_agent(world.ports, farm.farm, "lan", AgentKind.ASIC)
    assert made.agent.machine is None
    assert "machine" not in world.kinds()


def test_simulated_agent_and_machine_are_marked(world: World, farm: Farm) -> None:
    made = create_agent(world.ports, farm.farm, "sim", AgentKind.CPU_GPU, simulated=True)
    assert made.agent.machine is not None
    assert made.agent.simulated is True
    machine = world.store.items[keys.machine(farm.farm, made.agent.machine)].read(Machine)
    assert machine.simulated is True


@pytest.mark.parametrize(
    ("kind", "program"), [(AgentKind.CPU_GPU, "edge-sentry"), (AgentKind.ASIC, "asic-edge")]
)
def test_command_to_copy_enrols_with_the_token(
    world: World, farm: Farm, kind: AgentKind, program: str
) -> None:
    made = create_agent(world.ports, farm.farm, "x", kind)
    assert made.url == PUBLIC_URL
    assert made.command == f"{program} enrol --url {PUBLIC_URL} --token {made.token}"


def test_only_the_digest_of_the_secret_is_stored(world: World, farm: Farm) -> None:
    made = create_agent(world.ports, farm.farm, "x", AgentKind.CPU_GPU)
    token = tokens.read_token(made.token)
    assert token is not None
    assert (token.farm, token.agent) == (farm.farm, made.agent.agent)
    agent = world.store.items[keys.agent(farm.farm, token.agent)].read(Agent)
    assert agent.secret_sha256 == tokens.sha256(token.secret)
    assert all(token.secret.encode() not in item.body for item in world.store.items.values())


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\t\n",
        "a\x00b",
        "a\x1b[31mb",
        "a\nb",
        "a\r\nSet-Cookie: x=y",
        "a\u202eb",
        "a\u200bb",
        "a\u2028b",
        "n" * (NAME_MAX + 1),
        "n" * 10_000,
    ],
)
def test_hostile_name_is_refused_and_nothing_stored(world: World, farm: Farm, name: str) -> None:
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        create_agent(world.ports, farm.farm, name, AgentKind.CPU_GPU)
    assert (caught.value.code, caught.value.status, caught.value.field) == ("bad_name", 422, "name")
    assert world.store.items == before


@pytest.mark.parametrize(
    "name",
    ["n" * NAME_MAX, "<img src=x onerror=alert(1)>", "'; DROP TABLE items; --", "{{7*7}}", "Скважина №7 🐄"],
)
def test_markup_and_letters_of_all_kinds_are_plain_text(world: World, farm: Farm, name: str) -> None:
    assert create_agent(world.ports, farm.farm, name, AgentKind.CPU_GPU).agent.name == name


def test_space_around_a_name_is_taken_off(world: World, farm: Farm) -> None:
    assert create_agent(world.ports, farm.farm, "  barn 7 ", AgentKind.ASIC).agent.name == "barn 7"


def test_two_agents_may_have_one_name(world: World, farm: Farm) -> None:
    one = create_agent(world.ports, farm.farm, "same", AgentKind.CPU_GPU)
    other = create_agent(world.ports, farm.farm, "same", AgentKind.CPU_GPU)
    assert one.agent.agent != other.agent.agent
    assert one.token != other.token


class _Stuck:
    """Randomness that has one answer only."""

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_same"

    def new_secret(self) -> str:
        return "s" * 43


def test_taken_id_is_refused_and_the_first_agent_stays(world: World, farm: Farm) -> None:
    ports = fake_ports(store=world.store, clock=world.clock, randomness=_Stuck())
    create_agent(ports, farm.farm, "first", AgentKind.CPU_GPU)
    before = dict(world.store.items)
    with pytest.raises(Fault) as caught:
        create_agent(ports, farm.farm, "second", AgentKind.CPU_GPU)
    assert (caught.value.code, caught.value.status) == ("try_again", 409)
    assert world.store.items == before
