"""Lists the ends of all audit logs: noted outside of the store, they show later that none was cut."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.domain import keys
from cloud.domain.audit import NotedHead
from cloud.domain.people import AuditHead
from cloud.ports import StoreReads, every


def list_heads(store: StoreReads) -> Iterator[NotedHead]:
    """Of each log that has a line."""
    for farm in every_log(store):
        head = find_head(store, farm)
        if head.number > 0:
            yield NotedHead(farm, head.number, head.sha256)


def every_log(store: StoreReads) -> Iterator[str | None]:
    """Whose logs there may be: the commander's own (None), then each farm's."""
    yield None
    for item in every(store, keys.FARMS_PK, keys.FARM_PREFIX, keys.FARM_PREFIX + "~"):
        yield item.key.sk.removeprefix(keys.FARM_PREFIX)


def find_head(store: StoreReads, farm: str | None) -> AuditHead:
    """The end of a log, as it was kept with its last line; number 0 where there is none."""
    item = store.get(keys.audit_head(farm))
    return item.read(AuditHead) if item else AuditHead()
