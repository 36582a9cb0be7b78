"""A farm with a pool, a wallet and a playbook of them, for the tests of what changes these."""

from __future__ import annotations

from typing import NamedTuple

from cloud.domain import keys
from cloud.domain.playbooks import StoredVersion
from cloud.domain.rig_work import Work
from cloud.ports import Item, Put
from cloud.usecases.find_playbooks import find_version
from cloud.usecases.save_playbook import add_playbook
from cloud.usecases.save_pool import add_pool
from cloud.usecases.save_wallet import add_wallet
from tests.fakes.templates import draft, pool, wallet
from tests.fakes.world import Farm, Sentry, World


class Ids(NamedTuple):
    """Of the one thing of each kind."""

    pool: str
    wallet: str
    playbook: str


def filled_book(world: World, farm: Farm) -> Ids:
    """A pool called Europe, a wallet called Ann, a playbook called Monero."""
    pool_id = add_pool(world.ports, farm.farm, pool()).pool
    wallet_id = add_wallet(world.ports, farm.farm, wallet()).wallet
    playbook = add_playbook(world.ports, farm.farm, draft(pool_id, wallet_id)).playbook
    return Ids(pool_id, wallet_id, playbook)


def version(world: World, farm: Farm, playbook: str, number: int | None = None) -> StoredVersion:
    """One that there must be."""
    found = find_version(world.ports, farm.farm, playbook, number)
    assert found is not None
    return found


def wanted_on(world: World, rig: Sentry, playbooks: dict[str, int]) -> None:
    """As if the rig had been given these playbooks in these versions."""
    work = Work(rig.machine, rig.machine[-40:], playbooks)
    world.store.write(Put(Item.of(keys.work(rig.farm, rig.machine), work)))
