"""Hands over from the present signing key to the next one; rigs follow it without being touched."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.records import FarmEntry
from cloud.domain.signing import Handovers
from cloud.ports import Absent, AtRevision, Item, Ports, Put, Signer, StoreBusy, every
from cloud.usecases.keep_audit import note_account
from wire.faults import Fault

_TRIES = 10


def rotate_key(ports: Ports) -> int:
    """Gives for how many farms; may be called again after it was interrupted.

    The present key signs for each farm which one follows, and only then the next one takes its place: from
    then on each document that is signed brings the way along. Raises StoreUnavailable, or Fault
    `cannot_sign` (409).
    """
    signer = ports.signer
    if signer is None:
        raise Fault("cannot_sign", "This commander has no signing key.", status=409)
    new, prefix = signer.next_key(), keys.FARM_PREFIX
    farms = [item.read(FarmEntry).farm for item in every(ports.store, keys.FARMS_PK, prefix, prefix + "~")]
    for farm in farms:
        _hand_over(ports, signer, farm, new)
    note_account(ports, Act("rotate_key", "signing key", after={"farms": len(farms)}))
    signer.switch()
    return len(farms)


def _hand_over(ports: Ports, signer: Signer, farm: str, new: bytes) -> None:
    key = keys.handovers(farm)
    for _ in range(_TRIES):
        item = ports.store.get(key)
        before = item.read(Handovers) if item else Handovers()
        after = before.with_one(farm, new, ports.clock(), signer.sign)
        if after == before:
            return
        revision = item.revision if item else 0
        kept = Item.of(key, after, revision=revision + 1)
        if ports.store.write(Put(kept, AtRevision(revision) if revision else Absent())):
            return
    raise StoreBusy("the keys of a farm are being changed by others again and again")
