"""Where items live: a farm's out of reach of another's, samples in the order of their times."""

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
    assert keys.watch("f1") == ("farm#f1", "watch")
    assert keys.latest("f1", "m1") == ("farm#f1#latest#15", "m1")
    assert keys.farm_connection("f1", "c1") == ("farm#f1#connections", "connection#c1")
    assert keys.connection("c1") == ("connection#c1", "connection")
    assert keys.person("a@b.test") == ("person#a@b.test", "person")
    assert keys.session("00ff") == ("session#00ff", "session")
    assert keys.ticket("00ff") == ("ticket#00ff", "ticket")


def test_samples_lie_by_their_millisecond() -> None:
    assert keys.samples("f1", "m1", 1_800_000_000.1234) == (
        "farm#f1#history#m1",
        "samples#001800000000123",
    )


@given(st.floats(0, 1e11), st.floats(0, 1e11))
def test_samples_sort_as_their_times_do(one: float, other: float) -> None:
    earlier, later = sorted([one, other])
    assert keys.samples_sk(earlier) <= keys.samples_sk(later)
    assert len(keys.samples_sk(one)) == len(keys.samples_sk(other))


@given(IDS, IDS)
def test_farm_is_found_again_in_each_of_its_partitions(farm: str, machine: str) -> None:
    partitions = [
        keys.farm_pk(farm),
        keys.latest(farm, machine).pk,
        keys.samples_pk(farm, machine),
        keys.connections_pk(farm),
    ]
    assert [keys.farm_of(pk) for pk in partitions] == [farm] * 4


@given(IDS, IDS, IDS, IDS)
def test_two_farms_never_share_a_key(one: str, other: str, machine: str, machine2: str) -> None:
    if one == other:
        return
    makers = (keys.agent, keys.machine, keys.specs, keys.latest, keys.farm_connection)
    assert {make(one, machine) for make in makers}.isdisjoint({make(other, machine2) for make in makers})


def test_latest_snapshots_are_spread_over_all_shards() -> None:
    partitions = {keys.latest("f1", f"machine_{number}").pk for number in range(1000)}
    assert len(partitions) == keys.SHARDS
