"""A commander that can send letters, and what is read out of them."""

from __future__ import annotations

import re

from cloud.domain import keys
from cloud.domain.letters import LetterOrder
from cloud.ports import Letter, Ports
from tests.fakes.mail import FakeMail
from tests.fakes.ports import fake_ports
from tests.fakes.world import World


def with_mail(world: World) -> tuple[Ports, FakeMail]:
    """The world's ports, and the mail that they send."""
    mail = FakeMail()
    ports = fake_ports(
        store=world.store,
        passwords=world.passwords,
        sockets=world.sockets,
        clock=world.clock,
        randomness=world.ports.randomness,
        mail=mail,
    )
    return ports, mail


def secret_of(letter: Letter, kind: str) -> str:
    """The secret of the one link in a letter."""
    (secret,) = re.findall(rf"https://rigs\.example\.test/#/{kind}/([A-Za-z0-9_-]{{43}})\n", letter.text)
    return str(secret)


def outbox(world: World) -> list[LetterOrder]:
    """What waits to be sent."""
    items = sorted(world.store.items.items())
    return [item.read(LetterOrder) for key, item in items if key.pk == keys.OUTBOX_PK]
