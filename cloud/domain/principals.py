"""Who is asking, once that is proved."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.domain.permissions import Seat
from cloud.domain.records import Agent, Cadence


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does something, as the audit log names them, and the address that it came from ("" if none)."""

    name: str
    address: str = ""


COMMANDER = Actor("commander")
"""The commander by itself."""

OPERATOR = Actor("operator")
"""Whoever runs the commander, at its command line."""


@dataclass(frozen=True, slots=True)
class AccountPrincipal:
    """A signed-in person, of whatever farm; `session` is the SHA-256 of the session's cookie."""

    email: str
    session: str


@dataclass(frozen=True, slots=True)
class PersonPrincipal:
    """A member of `farm`, signed in with `session` or by an API token, and what they may there."""

    email: str
    farm: str
    seat: Seat
    session: str = ""
    token: str = ""

    @property
    def name(self) -> str:
        """As the audit log names them."""
        return f"{self.email} by API token {self.token}" if self.token else self.email


@dataclass(frozen=True, slots=True)
class AgentPrincipal:
    """An agent that showed a good token, and what its farm asks of its agents."""

    farm: str
    agent: Agent
    cadence: Cadence
