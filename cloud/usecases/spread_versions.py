"""Brings new versions of playbooks to the rigs that are to run them."""

from __future__ import annotations

from collections.abc import Mapping

from cloud.ports import Ports
from cloud.usecases.begin_rollout import RIGS_MAX, begin_rollout
from cloud.usecases.find_rollout import every_rollout
from cloud.usecases.find_wanted import find_wanted
from wire.templates import Speed


def spread_versions(ports: Ports, farm: str, what: str, versions: Mapping[str, int], pace: Speed) -> None:
    """Begins a rollout to the rigs that are to run one of these playbooks in another version, if any are."""
    wanted = find_wanted(ports, farm)
    rigs = sorted(
        {
            machine
            for playbook, version in versions.items()
            for machine, present in wanted.get(playbook, {}).items()
            if present != version
        }
    )
    for at in range(0, len(rigs), RIGS_MAX):
        begin_rollout(ports, farm, what, rigs[at : at + RIGS_MAX], pace, versions)


def spread_missed(ports: Ports, farm: str, what: str, versions: Mapping[str, int], pace: Speed) -> None:
    """The same for versions that no rollout was ever begun for: the commander was stopped in between.

    Whoever was told to try again sends the same change again, and it changes nothing any more.
    """
    if not find_wanted(ports, farm):
        return
    begun = {each for head, _ in every_rollout(ports, farm) for each in head.wish.playbooks.items()}
    missed = {playbook: version for playbook, version in versions.items() if (playbook, version) not in begun}
    spread_versions(ports, farm, what, missed, pace)
