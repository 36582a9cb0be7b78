"""What the operator chose about a deployment, and why it cannot go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

EDITIONS = ("selfhost", "enterprise")


class DeployError(Exception):
    """Why nothing was deployed, in words for the operator."""


@dataclass(frozen=True, slots=True)
class Choices:
    """One deployment in one account and region; `settings` are variables of docs/settings.md."""

    edition: str
    name: str = "RigCommander"
    domain: str | None = None
    certificate_arn: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def stacks(self) -> tuple[str, ...]:
        """Names of the stacks, what needs others last."""
        return tuple(f"{self.name}-{part}" for part in ("Data", "App", "Site"))

    def context(self) -> dict[str, str]:
        """As the CDK app reads it."""
        given = {"domain": self.domain, "certificate": self.certificate_arn}
        chosen = {key: value for key, value in given.items() if value}
        return {"edition": self.edition, "name": self.name, **chosen, **self.settings}
