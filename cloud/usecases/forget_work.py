"""Erases what a rig was to run, with its document."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.rig_work import Work
from cloud.ports import Delete, Ports


def forget_work(ports: Ports, farm: str, machine: str) -> None:
    """Its worker name is free again. May be called again after it was interrupted."""
    key = keys.work(farm, machine)
    item = ports.store.get(key)
    if item is None:
        return
    if ports.documents is not None:
        ports.documents.remove(farm, machine)
    ports.store.write(Delete(keys.worker(farm, item.read(Work).worker)))
    ports.store.write(Delete(key))
