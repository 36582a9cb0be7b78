"""A snapshot's own arithmetic, and two readings of one device put together."""

from __future__ import annotations

import msgspec

from asic_edge.snapshot import Board, Depth, Fan, Identity, PoolState, Snapshot, Unread, completed

BARE = Snapshot(Identity("10.0.0.1", "Antminer", "S19 Pro"), 1.0, Depth.FULL)


def _with(**changes: object) -> Snapshot:
    return msgspec.structs.replace(BARE, **changes)


def test_nothing_told_is_empty() -> None:
    assert BARE.is_empty
    assert _with(boards=(Board(0, expected_chips=114),)).is_empty
    assert not _with(hashrate=0.0).is_empty
    assert not _with(boards=(Board(0, hashrate=1.0),)).is_empty
    assert not _with(fans=(Fan(0, 0),)).is_empty
    assert not _with(pools=(PoolState(0, "pool.example.com:1"),)).is_empty
    assert not _with(identity=Identity("10.0.0.1", mac="02:00:00:00:00:01")).is_empty


def test_efficiency_needs_power_and_a_hashrate() -> None:
    assert _with(power_w=3000.0, hashrate=100e12).joules_per_hash == 30e-12
    assert _with(power_w=3000.0, hashrate=0.0).joules_per_hash is None
    assert _with(hashrate=100e12).joules_per_hash is None


def test_hottest_chip_of_all_boards() -> None:
    boards = (Board(0, chip_temperature_c=71.0), Board(1), Board(2, chip_temperature_c=78.0))
    assert _with(boards=boards).hottest_chip_c == 78.0
    assert BARE.hottest_chip_c is None


def test_completing_never_replaces_what_was_read() -> None:
    first = _with(hashrate=1.0, boards=(Board(0, hashrate=1.0), Board(1)))
    second = _with(
        hashrate=2.0, uptime_s=7.0, boards=(Board(0, hashrate=2.0, chips=9), Board(2, hashrate=2.0))
    )
    both = completed(first, second, ())
    assert (both.hashrate, both.uptime_s) == (1.0, 7.0)
    assert both.boards == (Board(0, hashrate=1.0, chips=9), Board(1))


def test_reasons_of_the_one_that_could_tell_count() -> None:
    first = _with(unread=(Unread("mac", "not told here"), Unread("boards", "hung")))
    second = _with(
        identity=Identity("10.0.0.1", mac="02:00:00:00:00:01"),
        unread=(Unread("power_w", "no sensor"), Unread("uptime_s", "of no account")),
    )
    both = completed(first, second, ("mac", "power_w"))
    assert both.unread == (Unread("boards", "hung"), Unread("power_w", "no sensor"))
    assert both.identity.mac == "02:00:00:00:00:01"
    assert both.identity.model == "S19 Pro"
