"""Gives a farm another name."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.labels import checked_name
from cloud.domain.records import Farm
from cloud.ports import AtRevision, Item, Ports, Put
from cloud.usecases.keep_audit import commit_audited
from wire.faults import Fault


def rename_farm(ports: Ports, farm_id: str, name: str) -> None:
    """Raises Fault `bad_name` (422) or `try_again` (409)."""
    name, item = checked_name(name), ports.store.get(keys.farm(farm_id))
    if item is None:
        raise Fault("farm_unknown", "There is no such farm.", status=404)
    farm = item.read(Farm)
    if farm.name == name:
        return
    renamed = Item.of(item.key, msgspec.structs.replace(farm, name=name), revision=item.revision + 1)
    act = Act("rename_farm", f"farm {farm_id}", {"name": farm.name}, {"name": name})
    if not commit_audited(ports, farm_id, act, [Put(renamed, AtRevision(item.revision))]):
        raise Fault("try_again", "The farm changed meanwhile; please try again.", status=409)
