"""Gives an ASIC edge an errand; it learns of it with the answer to its next report."""

from __future__ import annotations

from cloud.domain import errands, keys
from cloud.domain.asic_records import StoredErrand, pack_told
from cloud.domain.audit import Act
from cloud.ports import AtRevision, Item, Ports, Put
from cloud.usecases.find_edge import find_edge
from cloud.usecases.keep_audit import commit_audited
from wire.edge import Errand
from wire.edge_page import ErrandView
from wire.faults import Fault

_TRIES = 10


def give_errand(ports: Ports, farm: str, agent_id: str, errand: Errand) -> ErrandView:
    """The errand as it waits now.

    Raises Fault `too_many_errands` or `try_again` (409), `bad_label` or `errand_too_large` (422), or what
    `find_edge` raises, and then nothing is kept.
    """
    errand = errands.checked(errand)
    for _ in range(_TRIES):
        item, agent = find_edge(ports, farm, agent_id)
        now = ports.clock()
        changed = errands.given(errands.settled(agent, now), now)
        number = changed.errands_given
        kind, preview = errands.kind_of(errand), errands.is_preview(errand)
        kept = StoredErrand(number, kind, now, pack_told(errand), preview=preview)
        writes = [
            Put(Item.of(item.key, changed, revision=item.revision + 1), AtRevision(item.revision)),
            Put(Item.of(keys.errand(farm, agent_id, number), kept, expires_at=now + errands.KEPT_S)),
        ]
        told = {"name": agent.name, **errands.summary(errand)}
        if commit_audited(ports, farm, Act("give_errand", f"agent {agent_id}", after=told), writes):
            return errands.view(kept, changed, None, now)
    raise Fault("try_again", "The edge is being changed; please try again.", status=409)
