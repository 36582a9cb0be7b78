"""Notes that the commander is alive, so that its own outage is never taken for the machines' silence."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Beat, Outage
from cloud.ports import Item, Newer, Ports, Put

OUTAGES_KEPT = 20


def keep_beat(ports: Ports, *, starts: bool = False) -> None:
    """Call it again and again; a longer pause between two calls was an outage, and any before a start."""
    now = ports.clock()
    item = ports.store.get(keys.beat())
    beat = item.read(Beat) if item else Beat(now)
    outages = beat.outages
    if now - beat.at > (0 if starts else ports.policy.outage_min_s):
        outages = (*outages, Outage(beat.at, now))[-OUTAGES_KEPT:]
    # In milliseconds, so that of two commanders' beats the later one stays.
    ports.store.write(Put(Item.of(keys.beat(), Beat(now, outages), revision=round(now * 1000)), Newer()))


def known_outages(ports: Ports) -> tuple[Outage, ...]:
    """The commander's last outages, oldest first."""
    item = ports.store.get(keys.beat())
    return item.read(Beat).outages if item else ()
