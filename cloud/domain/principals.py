"""Who is asking, once that is proved."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.domain.records import Agent, Cadence


@dataclass(frozen=True, slots=True)
class PersonPrincipal:
    """A signed-in person; `session` is the SHA-256 under which the session is kept."""

    email: str
    farm: str
    session: str


@dataclass(frozen=True, slots=True)
class AgentPrincipal:
    """An agent that showed a good token, and what its farm asks of its agents."""

    farm: str
    agent: Agent
    cadence: Cadence
