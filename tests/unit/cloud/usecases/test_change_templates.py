"""What a changed template makes of the playbooks that use it."""

from __future__ import annotations

import msgspec

from cloud.domain.playbooks import StoredVersion
from cloud.usecases.change_templates import changed_versions, check_users
from cloud.usecases.find_playbooks import find_book
from cloud.usecases.save_playbook import change_playbook
from cloud.usecases.save_wallet import add_wallet
from tests.fakes.templates import draft, pool, wallet
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import filled_book
from wire.templates import PoolChoice, Speed


def test_each_place_of_the_template_changes(world: World, farm: Farm) -> None:
    """The same pool twice, for two wallets."""
    ids = filled_book(world, farm)
    bob = add_wallet(world.ports, farm.farm, wallet("Bob", "bobs")).wallet
    choices = (PoolChoice(ids.pool, ids.wallet), PoolChoice(ids.pool, bob))
    wish = msgspec.structs.replace(draft(ids.pool, ids.wallet), pools=choices)
    change_playbook(world.ports, farm.farm, ids.playbook, wish, Speed.CAREFUL)

    def made(template: str, address: str) -> StoredVersion:
        book, _ = find_book(world.ports, farm.farm)
        entry = wallet("Bob", address) if template == bob else pool(address=address)
        (version,) = changed_versions(world.ports, farm.farm, book, template, entry)
        return version

    assert made(ids.pool, "c.example:1").told.pools == ("c.example:1", "c.example:1")
    assert made(bob, "new").told.wallets == ("an-account", "new")


def test_a_playbook_is_no_other_user_of_its_own_template(world: World, farm: Farm) -> None:
    ids = filled_book(world, farm)
    check_users(find_book(world.ports, farm.farm)[0], draft(ids.pool, ids.wallet), ids.playbook)
