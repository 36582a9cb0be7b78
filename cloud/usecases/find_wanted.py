"""Finds which rigs are wanted to run which playbooks, and in which version."""

from __future__ import annotations

from collections import defaultdict

from cloud.domain import keys
from cloud.domain.rig_work import Work
from cloud.ports import Ports, every


def find_wanted(ports: Ports, farm: str) -> dict[str, dict[str, int]]:
    """Playbook to machine to wanted version; rigs in the bin do not count."""
    pk, found = keys.farm_pk(farm), defaultdict[str, dict[str, int]](dict)
    works = [item.read(Work) for item in every(ports.store, pk, keys.WORK_PREFIX, keys.WORK_PREFIX + "~")]
    wanting = [work for work in works if work.wanted]
    if not wanting:
        return {}
    prefix = keys.MACHINE_PREFIX
    there = {item.key.sk.removeprefix(prefix) for item in every(ports.store, pk, prefix, prefix + "~")}
    for work in wanting:
        for playbook, version in work.wanted.items() if work.machine in there else ():
            found[playbook][work.machine] = version
    return dict(found)
