"""Where items live: a farm's out of reach of another's, history in the order of its times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cloud.domain import keys

IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=64)


def test_keys_are_what_old_stores_have() -> None:
    assert keys.farm("f1") == ("farm#f1", "farm")
    assert keys.agent("f1", "a1") == ("farm#f1", "agent#a1")
    assert keys.machine("f1", "m1") == ("farm#f1", "machine#m1")
    assert keys.specs("f1", "m1") == ("farm#f1", "specs#m1")
    assert keys.unread("f1", "m1") == ("farm#f1", "unread#m1")
    assert keys.cadence("f1") == ("farm#f1", "cadence")
    assert keys.binned("f1", "a1") == ("farm#f1", "binned#a1")
    assert keys.standing("f1", "m1") == ("farm#f1#standing", "shard#15")
    assert keys.farm_entry("f1") == ("farms", "farm#f1")
    assert keys.beat() == ("commander", "beat")
    assert keys.latest("f1", "m1") == ("farm#f1#latest#15", "m1")
    assert keys.farm_connection("f1", "c1") == ("farm#f1#connections", "connection#c1")
    assert keys.connection("c1") == ("connection#c1", "connection")
    assert keys.person("a@b.test") == ("person#a@b.test", "person")
    assert keys.session("a@b.test", "00ff") == ("person#a@b.test", "session#00ff")
    assert keys.ticket("00ff") == ("ticket#00ff", "ticket")
    assert keys.members("f1") == ("farm#f1", "members")
    assert keys.invitation("f1", "i1") == ("farm#f1", "invitation#i1")
    assert keys.api_token("f1", "t1") == ("farm#f1", "apitoken#t1")
    assert keys.audit_line("f1", 7) == ("farm#f1#audit", "line#000000000007")
    assert keys.book("f1") == ("farm#f1", "book")
    assert keys.version("f1", "p1", 7) == ("farm#f1", "version#p1#000000000007")
    assert keys.audit_head("f1") == ("farm#f1#audit", "head")


def test_history_lies_by_its_millisecond() -> None:
    pk, hour = "farm#f1#history#m1", 1_800_000_000
    assert keys.history_pk("f1", "m1") == pk
    assert keys.block("f1", "m1", hour + 0.1234) == (pk, "block#001800000000123")
    assert keys.rollup("f1", "m1", keys.HOUR_PREFIX, hour) == (pk, "hour#001800000000000")
    assert keys.rollup("f1", "m1", keys.DAY_PREFIX, hour) == (pk, "day#001800000000000")


def test_an_event_lies_by_its_time_in_its_farm_and_its_machine() -> None:
    at = 1_800_000_000.1234
    of_farm, of_machine = keys.event("f1", at, "m1"), keys.machine_event("f1", "m1", at)
    assert of_farm == ("farm#f1#events", "event#001800000000123#m1")
    assert of_machine == ("farm#f1#history#m1", "event#001800000000123")
    assert keys.farm_event_of("f1", "m1", of_machine) == of_farm


def test_what_happens_within_a_millisecond_has_a_tail_of_its_own() -> None:
    at = 1_800_000_000.1234
    assert keys.event("f1", at, "m1", "7") == ("farm#f1#events", "event#001800000000123#7#m1")
    assert keys.machine_event("f1", "m1", at, "7") == ("farm#f1#history#m1", "event#001800000000123#7")
    assert keys.told_event("f1", "m1", at, "7") == ("farm#f1#history#m1", "told#001800000000123#7")
    assert keys.log("f1", "m1", "p") == ("farm#f1#history#m1", "log#p")


@given(IDS, IDS, st.floats(0, 1e11), st.sampled_from(["", "7", "order-7"]))
def test_event_of_a_farm_is_found_by_the_one_of_its_machine(
    farm: str, machine: str, at: float, tail: str
) -> None:
    of_machine = keys.machine_event(farm, machine, at, tail)
    assert keys.farm_event_of(farm, machine, of_machine) == keys.event(farm, at, machine, tail)


@given(IDS, st.floats(0, 1e10), IDS, st.floats(1e-3, 1e10))
def test_events_of_a_farm_sort_by_time_whoever_they_are_of(
    one: str, at: float, other: str, later_s: float
) -> None:
    earlier, later = keys.event("f1", at, one), keys.event("f1", at + later_s + 0.001, other)
    assert earlier.sk < later.sk < keys.EVENT_PREFIX + "~"


def test_prefixes_of_a_farms_own_partition_find_their_kind_alone() -> None:
    of_farm = [
        keys.farm("f1"),
        keys.agent("f1", "a1"),
        keys.machine("f1", "m1"),
        keys.specs("f1", "m1"),
        keys.unread("f1", "m1"),
        keys.cadence("f1"),
        keys.binned("f1", "a1"),
        keys.members("f1"),
        keys.invitation("f1", "i1"),
        keys.api_token("f1", "t1"),
    ]
    assert {key.pk for key in of_farm} == {keys.farm_pk("f1")}
    for prefix in (
        keys.AGENT_PREFIX,
        keys.MACHINE_PREFIX,
        keys.BINNED_PREFIX,
        keys.INVITATION_PREFIX,
        keys.API_TOKEN_PREFIX,
    ):
        found = [key.sk for key in of_farm if prefix <= key.sk <= prefix + "~"]
        assert [sk.startswith(prefix) for sk in found] == [True]


@given(st.floats(0, 1e11), st.floats(0, 1e11))
def test_history_sorts_as_its_times_do(one: float, other: float) -> None:
    prefix = keys.BLOCK_PREFIX
    earlier, later = sorted([one, other])
    assert keys.at_sk(prefix, earlier) <= keys.at_sk(prefix, later) < prefix + "~"
    assert len(keys.at_sk(prefix, one)) == len(keys.at_sk(prefix, other))


def test_kinds_of_history_do_not_mix() -> None:
    prefixes = [
        keys.BLOCK_PREFIX,
        keys.HOUR_PREFIX,
        keys.DAY_PREFIX,
        keys.EVENT_PREFIX,
        keys.TOLD_PREFIX,
        keys.LOG_PREFIX,
    ]
    for one in prefixes:
        found = [other for other in prefixes if one <= keys.at_sk(other, 1.0) <= one + "~"]
        assert found == [one]


@given(IDS, IDS)
def test_farm_is_found_again_in_each_of_its_partitions(farm: str, machine: str) -> None:
    partitions = [
        keys.farm_pk(farm),
        keys.latest(farm, machine).pk,
        keys.history_pk(farm, machine),
        keys.connections_pk(farm),
        keys.standing_pk(farm),
        keys.events_pk(farm),
        keys.audit_pk(farm),
    ]
    assert [keys.farm_of(pk) for pk in partitions] == [farm] * 7
    assert not [pk for pk in partitions if keys.is_of_another(pk, farm)]
    assert [pk for pk in partitions if keys.is_of_another(pk, farm + "x")] == partitions


def test_what_belongs_to_no_farm_is_no_other_farms() -> None:
    of_none = [
        keys.farm_entry("f1"),
        keys.connection("c1"),
        keys.beat(),
        keys.person("a@b.test"),
        keys.session("a@b.test", "00ff"),
        keys.ticket("00ff"),
    ]
    assert not [key for key in of_none if keys.is_of_another(key.pk, "f2")]


@given(IDS, st.integers(1, 10**12 - 2))
def test_lines_of_an_audit_log_sort_by_number_and_apart_from_its_head(farm: str, number: int) -> None:
    one, two = keys.audit_line(farm, number), keys.audit_line(farm, number + 1)
    assert one.sk < two.sk < keys.AUDIT_PREFIX + "~"
    assert not keys.AUDIT_PREFIX <= keys.audit_head(farm).sk <= keys.AUDIT_PREFIX + "~"


def _event(farm: str, machine: str) -> keys.Key:
    return keys.event(farm, 1.0, machine)


def _machine_event(farm: str, machine: str) -> keys.Key:
    return keys.machine_event(farm, machine, 1.0)


@given(IDS, IDS, IDS, IDS)
def test_two_farms_never_share_a_key(one: str, other: str, machine: str, machine2: str) -> None:
    if one == other:
        return
    makers = (
        keys.agent,
        keys.machine,
        keys.specs,
        keys.latest,
        keys.farm_connection,
        keys.binned,
        keys.standing,
        keys.invitation,
        keys.api_token,
        _event,
        _machine_event,
    )
    assert {make(one, machine) for make in makers}.isdisjoint({make(other, machine2) for make in makers})


def test_latest_snapshots_are_spread_over_all_shards() -> None:
    partitions = {keys.latest("f1", f"machine_{number}").pk for number in range(1000)}
    assert len(partitions) == keys.SHARDS
