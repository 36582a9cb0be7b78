"""An authenticator on a telephone, and accounts that ask for its codes."""

from __future__ import annotations

from typing import NamedTuple

import pyotp

from cloud.usecases.offer_second_factor import offer_second_factor
from cloud.usecases.prove_second_factor import prove_second_factor
from tests.fakes.world import OWNER, PASSWORD, World


class Telephone(NamedTuple):
    """What it was shown, and the recovery codes that somebody wrote down."""

    secret: str
    recovery: list[str]

    def code(self, at: float) -> str:
        """What it shows then."""
        return pyotp.TOTP(self.secret).at(int(at))


def with_second_factor(world: World, email: str = OWNER, password: str = PASSWORD) -> Telephone:
    """The account has a second factor from now on; its code of this moment is spent."""
    secret = offer_second_factor(world.ports, email, password).secret
    proof = Telephone(secret, []).code(world.clock())
    return Telephone(secret, prove_second_factor(world.ports, email, proof).codes)
