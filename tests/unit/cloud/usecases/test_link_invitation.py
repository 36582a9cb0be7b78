"""Links that go into letters."""

from __future__ import annotations

import pytest

from cloud.usecases.find_invitation import find_invitation
from cloud.usecases.link_invitation import mail_invitation
from cloud.usecases.withdraw_invitation import withdraw_invitation
from tests.fakes.ports import PUBLIC_URL
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.seats import ANN, invited, secret_of


def test_a_letter_has_a_link_of_its_own(world: World, farm: Farm) -> None:
    made = invited(world, farm, email=ANN)
    mailed = mail_invitation(world.ports, farm.farm, made.invitation.invitation)
    assert mailed is not None
    assert mailed.link.startswith(f"{PUBLIC_URL}/#/invitation/")
    assert mailed.link != made.link
    assert (mailed.farm_name, mailed.invitation.email) == ("North", ANN)
    assert mailed.invitation.expires_at == made.invitation.expires_at


def test_earlier_letters_work_as_well(world: World, farm: Farm) -> None:
    """A letter that seemed to fail may have arrived."""
    made = invited(world, farm, email=ANN)
    mailed = [mail_invitation(world.ports, farm.farm, made.invitation.invitation) for _ in range(2)]
    links = [each.link for each in mailed if each is not None]
    for secret in (secret_of(made), *(link.partition("#/invitation/")[2] for link in links)):
        assert find_invitation(world.ports, secret).invitation.email == ANN


@pytest.mark.parametrize("what", ["unknown", "withdrawn", "expired"])
def test_an_invitation_that_is_not_open_gets_no_letter(world: World, farm: Farm, what: str) -> None:
    invitation = invited(world, farm, email=ANN).invitation.invitation
    if what == "withdrawn":
        withdraw_invitation(world.ports, farm.farm, invitation)
    elif what == "expired":
        world.clock.advance(world.ports.policy.invitation_s)
    else:
        invitation = "invitation_x"
    before = dict(world.store.items)
    assert mail_invitation(world.ports, farm.farm, invitation) is None
    assert world.store.items == before


def test_a_link_dies_with_the_invitation(world: World, farm: Farm) -> None:
    made = invited(world, farm, email=ANN)
    before = set(world.store.items)
    world.clock.advance(100)
    mail_invitation(world.ports, farm.farm, made.invitation.invitation)
    (added,) = set(world.store.items) - before
    assert world.store.items[added].expires_at == made.invitation.expires_at
