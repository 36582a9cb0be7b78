"""Whatever edges tell of one hall, in whatever order, and whatever dies: each device is one machine."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cloud.domain.records import Agent
from cloud.ports import StoreUnavailable
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.restore_agent import restore_agent
from tests.fakes.edges import new_edge
from tests.fakes.rosters import (
    check_seats,
    entry,
    in_bin,
    listed,
    mac,
    machines_of,
    report_newest,
    tell,
)
from tests.fakes.world import World
from wire.edge import RosterEntry, batch_of
from wire.faults import Fault

EDGES = 3
STEP = 30
"""Between numbers, so that a few devices fill several batches."""
ACTS = (
    ("tell", 6),
    ("add", 4),
    ("add_nameless", 1),
    ("learn", 2),
    ("remove", 2),
    ("same", 2),
    ("different", 1),
    ("undo", 2),
    ("lose", 1),
    ("enrol", 1),
    ("report", 2),
    ("wait", 2),
    ("crash", 2),
    ("delete", 1),
    ("restore", 1),
    ("sweep", 1),
)
acts = st.tuples(
    st.sampled_from([name for name, weight in ACTS for _ in range(weight)]),
    st.integers(0, EDGES - 1),
    st.integers(0, 7),
)


class Hall:
    """Edges with a roster each; what they know of the same few devices need not agree."""

    def __init__(self) -> None:
        self.world = World()
        self.farm = self.world.farm()
        self.edges = [new_edge(self.world, self.farm, f"edge {who}") for who in range(EDGES)]
        for edge in self.edges:
            edge.enrol(self.world)
        self.rosters: list[dict[int, RosterEntry]] = [{} for _ in range(EDGES)]
        self.numbers, self.boards = [0] * EDGES, 100
        self.known_batches: list[set[int]] = [{0} for _ in range(EDGES)]

    def act(self, name: str, who: int, which: int) -> None:
        getattr(self, f"_{name}")(who, which)
        check_seats(self.world, self.farm.farm, self.edges)

    def is_there(self, who: int) -> bool:
        agent: Agent = self.edges[who].record(self.world)
        return agent.binned_at is None

    def tell_all(self, who: int) -> dict[int, str]:
        batches = tuple(self.known_batches[who] | {batch_of(n) for n in self.rosters[who]})
        self.known_batches[who] |= set(batches)
        entries = [self.rosters[who][number] for number in sorted(self.rosters[who])]
        reply = tell(self.world, self.edges[who], *entries, batches=batches)
        self.known_batches[who] |= set(reply.also)
        return machines_of(reply)

    def _tell(self, who: int, which: int) -> None:
        """One batch, or all."""
        if not self.is_there(who):
            return
        batches = sorted(self.known_batches[who] | {batch_of(n) for n in self.rosters[who]})
        if which >= len(batches):
            self.tell_all(who)
            return
        self.known_batches[who].add(batches[which])
        entries = [each for n, each in self.rosters[who].items() if batch_of(n) == batches[which]]
        reply = tell(self.world, self.edges[who], *entries, batches=(batches[which],))
        self.known_batches[who] |= set(reply.also)

    def _number(self, who: int) -> int:
        self.numbers[who] += STEP
        return self.numbers[who]

    def _put(self, who: int, mac_number: int) -> None:
        if not mac_number or all(each.mac != mac(mac_number) for each in self.rosters[who].values()):
            number = self._number(who)
            self.rosters[who][number] = entry(number, mac_number, added_at=self.world.clock.now)

    def _add(self, who: int, which: int) -> None:
        self._put(who, which + 1)

    def _add_nameless(self, who: int, _: int) -> None:
        self._put(who, 0)

    def _some(self, who: int, which: int) -> RosterEntry | None:
        found = list(self.rosters[who].values())
        return found[which % len(found)] if found else None

    def _learn(self, who: int, which: int) -> None:
        known = {each.mac for each in self.rosters[who].values()}
        nameless = [each for each in self.rosters[who].values() if each.mac is None]
        if nameless and mac(which + 1) not in known:
            self.rosters[who][nameless[0].number] = replace(nameless[0], mac=mac(which + 1))

    def _remove(self, who: int, which: int) -> None:
        if (gone := self._some(who, which)) is not None:
            del self.rosters[who][gone.number]

    def _same(self, who: int, which: int) -> None:
        """A new control board; the other edge may see the same one."""
        each = self._some(who, which)
        if each is None or each.mac is None:
            return
        self.boards += which % 2
        if all(other.mac != mac(self.boards) for other in self.rosters[who].values()):
            former = (*each.former_macs, each.mac)[-8:]
            self.rosters[who][each.number] = replace(each, mac=mac(self.boards), former_macs=former)

    def _different(self, who: int, _: int) -> None:
        self._put(who, self.boards)

    def _undo(self, who: int, which: int) -> None:
        each = self._some(who, which)
        if each is None or not each.former_macs or each.mac is None:
            return
        back = each.former_macs[-1]
        if all(other.mac != back for other in self.rosters[who].values()):
            self.rosters[who][each.number] = replace(each, mac=back, former_macs=each.former_macs[:-1])
            number = self._number(who)
            self.rosters[who][number] = replace(
                each, number=number, added_at=self.world.clock.now, former_macs=()
            )

    def _enrol(self, who: int, _: int) -> None:
        if self.is_there(who):
            self.edges[who].enrol(self.world)

    def _lose(self, who: int, which: int) -> None:
        """The edge's folder was lost, and some is found anew in another order, under an enrolment anew."""
        if not self.is_there(who):
            return
        self._enrol(who, which)
        found = list(reversed(self.rosters[who].values()))[which // 2 :]
        self.world.clock.advance(1)
        now = self.world.clock.now
        self.rosters[who] = {
            STEP * at: replace(each, number=STEP * at, added_at=now, former_macs=())
            for at, each in enumerate(found, 1)
        }
        self.numbers[who] = STEP * len(found)
        self.known_batches[who] = {0}

    def _report(self, who: int, which: int) -> None:
        machines = list(listed(self.world, self.farm.farm))
        silent = machines[:which] if which > 5 else []
        report_newest(self.world, self.edges[who], silent, self.world.clock.now - 400)

    def _wait(self, _: int, which: int) -> None:
        self.world.clock.advance((10, 100, 400, 4000)[which % 4])

    def _crash(self, who: int, which: int) -> None:
        """The commander dies in the middle of a telling."""
        if not self.is_there(who):
            return
        self.world.store.failures = [*[None] * (2 + 3 * which), StoreUnavailable("died")]
        with suppress(StoreUnavailable):
            self.tell_all(who)
        self.world.store.failures = []

    def _delete(self, who: int, which: int) -> None:
        self.world.store.failures = [*[None] * (4 + 3 * which), StoreUnavailable("died")]
        with suppress(StoreUnavailable, Fault):
            delete_agent(self.world.ports, self.farm.farm, self.edges[who].agent)
        self.world.store.failures = []

    def _restore(self, who: int, which: int) -> None:
        self.world.store.failures = [*[None] * (4 + 3 * which), StoreUnavailable("died")]
        with suppress(StoreUnavailable, Fault):
            restore_agent(self.world.ports, self.farm.farm, self.edges[who].agent)
        self.world.store.failures = []

    def _sweep(self, _: int, __: int) -> None:
        self.world.sweep()


@settings(max_examples=300, deadline=None)
@given(st.lists(acts, max_size=40))
def test_each_device_is_one_machine_that_one_edge_reads(done: list[tuple[str, int, int]]) -> None:
    hall = Hall()
    for act in done:
        hall.act(*act)
    hall.world.sweep()
    there = [who for who in range(EDGES) if hall.is_there(who)]
    for _ in range(3):
        found = {who: hall.tell_all(who) for who in there}
        check_seats(hall.world, hall.farm.farm, hall.edges)
    found = {who: hall.tell_all(who) for who in there}
    machines = listed(hall.world, hall.farm.farm)
    by_mac: dict[str, set[str]] = defaultdict(set)
    for who in there:
        assert found[who].keys() == hall.rosters[who].keys()
        assert set(found[who].values()) <= machines.keys()
        for number, each in hall.rosters[who].items():
            by_mac[each.mac or f"{who} {number}"].add(found[who][number])
    assert [shared for shared in by_mac.values() if len(shared) > 1] == []
    assert set(machines) == {machine for who in there for machine in found[who].values()}
    before = hall.world.kept()
    for who in there:
        hall.tell_all(who)
    assert hall.world.kept() == before


def test_what_nobody_told_any_more_lies_in_the_bin() -> None:
    hall = Hall()
    for act in [("add", 0, 0), ("tell", 0, 9), ("remove", 0, 0), ("tell", 0, 9)]:
        hall.act(*act)
    assert (listed(hall.world, hall.farm.farm), len(in_bin(hall.world, hall.farm.farm))) == ({}, 1)
