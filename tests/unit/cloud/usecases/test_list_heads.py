"""The ends of all logs, to be kept outside of the store."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.audit import Act, NotedHead
from cloud.domain.people import AuditHead
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.list_heads import list_heads
from tests.fakes.world import Farm, World


def test_each_log_with_a_line_has_a_head(world: World, farm: Farm) -> None:
    commit_audited(world.ports, farm.farm, Act("act", "thing"), [])
    key = keys.audit_head(farm.farm)
    assert world.store.items[key].read(AuditHead).number == 2
    (line,) = world.audit(farm.farm)[1:]
    assert NotedHead(farm.farm, 2, line.sha256) in list(list_heads(world.store))


def test_a_store_of_an_older_program_has_none(world: World, farm: Farm) -> None:
    for key in list(world.store.items):
        if key.pk.endswith("#audit"):
            del world.store.items[key]
    assert list(list_heads(world.store)) == []
