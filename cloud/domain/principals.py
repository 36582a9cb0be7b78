"""Who is asking, once that is proved."""

from __future__ import annotations

from dataclasses import dataclass

from cloud.domain.records import Agent


@dataclass(frozen=True, slots=True)
class PersonPrincipal:
    """A signed-in person; `session` is the SHA-256 under which the session is kept."""

    email: str
    farm: str
    session: str


@dataclass(frozen=True, slots=True)
class AgentPrincipal:
    """An agent that showed a good token. `watched`: somebody looks at its farm now."""

    farm: str
    agent: Agent
    watched: bool
