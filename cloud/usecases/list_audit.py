"""Lists who did what, from an audit log."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cloud.domain import keys
from cloud.domain.paging import checked_after
from cloud.domain.people import AuditEntry
from cloud.ports import Ports, StoreReads, every
from wire.people import AuditLine, AuditPage

PAGE_MAX = 200
_PREFIX, _END = keys.AUDIT_PREFIX, keys.AUDIT_PREFIX + "~"


def list_audit(ports: Ports, farm: str, after: str | None, limit: int) -> AuditPage:
    """At most `limit` lines of the farm, the newest first, from `after` on (the `next` before).

    Raises Fault `bad_after` (422).
    """
    after, limit = checked_after(after, _PREFIX), min(limit, PAGE_MAX)
    page = ports.store.query(keys.audit_pk(farm), _PREFIX, _END, forwards=False, limit=limit, after=after)
    return AuditPage([_shown(item.read(AuditEntry)) for item in page.items], page.next)


def every_line(store: StoreReads, farm: str | None) -> Iterator[AuditLine]:
    """All lines of a farm, or of the commander's own log (None), the oldest first."""
    for item in every(store, keys.audit_pk(farm), _PREFIX, _END):
        yield _shown(item.read(AuditEntry))


def _shown(line: AuditEntry) -> AuditLine:
    before, after = msgspec.json.decode(line.before), msgspec.json.decode(line.after)
    return AuditLine(*msgspec.structs.astuple(msgspec.structs.replace(line, before=before, after=after)))
