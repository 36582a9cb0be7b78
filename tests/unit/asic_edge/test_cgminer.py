"""Replies of port 4028 as firmwares really word them, and as none should."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from asic_edge import cgminer
from asic_edge.plausible import MOST_BOARDS, MOST_FANS, MOST_POOLS, Sieve
from asic_edge.snapshot import Board, Fan

KEYS = (
    *("chain_acn1", "chain_rate1", "chain_acs2", "temp_chip1", "temp_pcb1", "freq1", "fan1", "fan_num"),
    *("rate_unit", "total_rateideal", "GHS 5s", "MHS av", "Chip Temp Max", "Effective Chips", "Factory GHS"),
    *("Name", "URL", "User", "Accepted", "chain_power"),
)
odd: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just([]) | st.just({})
)
rows: st.SearchStrategy[Any] = st.lists(
    st.dictionaries(st.sampled_from(KEYS), odd, max_size=8) | odd, max_size=3
)


@given(st.fixed_dictionaries(dict.fromkeys(("STATS", "DEVS", "POOLS"), rows | odd)))
def test_hostile_replies_break_nothing(reply: dict[str, Any]) -> None:
    sieve = Sieve()
    found = cgminer.stats_row(reply)
    boards = (*cgminer.boards_of_stats(sieve, found), *cgminer.boards_of_devs(sieve, reply))
    assert all(isinstance(each, Board) for each in boards)
    assert len(cgminer.fans_of_stats(sieve, found)) <= MOST_FANS
    assert len(cgminer.pools(sieve, reply)) <= MOST_POOLS
    cgminer.expected_rate(sieve, found)
    cgminer.power(sieve, found)
    cgminer.rate(sieve, "hashrate", cgminer.row(reply, "DEVS"), "5s", "av")


def test_units_are_those_of_the_keys() -> None:
    sieve = Sieve()
    assert cgminer.rate(sieve, "hashrate", {"MHS 5s": "41500000.0"}, "5s") == 41.5e12
    assert cgminer.rate(sieve, "hashrate", {"GHS 5s": 110566.89}, "5s") == 110566.89e9
    assert cgminer.rate(sieve, "hashrate", {"KHS av": 5}, "5s", "av") == 5000
    assert cgminer.rate(sieve, "hashrate", {}, "5s") is None


def test_ideal_rate_is_in_the_unit_that_is_told() -> None:
    sieve = Sieve()
    assert cgminer.expected_rate(sieve, {"total_rateideal": 9500, "rate_unit": "MH"}) == 9.5e9
    assert cgminer.expected_rate(sieve, {"total_rateideal": 110000.0}) == 110e12
    assert cgminer.expected_rate(sieve, {"total_rateideal": 0}) is None


def test_empty_slots_are_no_boards() -> None:
    found = {"chain_acn1": 114, "chain_rate1": "37603.30", "chain_acn2": 0, "chain_rate2": ""}
    assert [each.position for each in cgminer.boards_of_stats(Sieve(), found)] == [0]


def test_a_board_that_stopped_is_told_with_0() -> None:
    found = {"chain_acn1": 114, "chain_rate1": "0.00"}
    assert cgminer.boards_of_stats(Sieve(), found)[0].hashrate == 0.0


def test_a_fan_that_stands_still_is_told_with_0() -> None:
    found = {"fan_num": 2, "fan1": 6000, "fan2": 0, "fan3": 0}
    assert cgminer.fans_of_stats(Sieve(), found) == (Fan(0, 6000.0), Fan(1, 0.0))


def test_more_boards_than_any_device_has_are_cut() -> None:
    reply = {"DEVS": [{"Name": "SM", "MHS av": 1.0}] * 1000}
    assert len(cgminer.boards_of_devs(Sieve(), reply)) == MOST_BOARDS


def test_power_under_its_several_names() -> None:
    assert cgminer.power(Sieve(), {"chain_power": "3250 W"}) == 3250
    assert cgminer.power(Sieve(), {"watt": 3400}) == 3400
    assert cgminer.power(Sieve(), {}) is None
