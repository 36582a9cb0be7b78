"""Finds rollouts, and keeps what is made of them."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.rollouts import KEPT_S, RolloutRigs, StoredRollout
from cloud.ports import AtRevision, Item, Ports, Put, every
from wire.faults import Fault


def find_rollout(ports: Ports, farm: str, rollout: str) -> tuple[StoredRollout, Item]:
    """With its item; raises Fault `rollout_unknown` (404)."""
    item = ports.store.get(keys.rollout(farm, rollout))
    if item is None:
        raise Fault("rollout_unknown", "There is no such rollout; they are kept for 30 days.", status=404)
    return item.read(StoredRollout), item


def every_rollout(ports: Ports, farm: str) -> list[tuple[StoredRollout, Item]]:
    """Those of the last 30 days, the newest first."""
    prefix = keys.ROLLOUT_PREFIX
    items = every(ports.store, keys.farm_pk(farm), prefix, prefix + "~")
    found = [(item.read(StoredRollout), item) for item in items]
    return sorted(found, key=lambda each: (each[0].begun_at, each[0].rollout), reverse=True)


def find_rigs(ports: Ports, farm: str, rollout: str) -> tuple[str, ...]:
    """Of a rollout, in their order."""
    item = ports.store.get(keys.rollout_rigs(farm, rollout))
    return item.read(RolloutRigs).machines if item else ()


def rollout_item(farm: str, head: StoredRollout, revision: int = 1) -> Item:
    """What keeps it for as long as it is shown."""
    key = keys.rollout(farm, head.rollout)
    return Item.of(key, head, revision=revision, expires_at=head.begun_at + KEPT_S)


def put_over(farm: str, item: Item, head: StoredRollout) -> Put:
    """Keeps it if nobody changed it meanwhile."""
    return Put(rollout_item(farm, head, item.revision + 1), AtRevision(item.revision))
