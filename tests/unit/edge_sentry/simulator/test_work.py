"""Simulated rigs mine what real ones do, some of them two things, nothing, or nobody knows how fast."""

from __future__ import annotations

from itertools import pairwise

from edge_sentry.simulator.work import Work

RIGS = [Work(1, index) for index in range(400)]


def test_nine_of_ten_mine_and_every_algorithm_is_there() -> None:
    mining = [rig.mining(0.0) for rig in RIGS]
    assert sum(bool(rows) for rows in mining) == 360
    algorithms = {(row.algorithm, row.coin, row.unit) for rows in mining for row in rows}
    assert algorithms == {
        ("randomx", "XMR", "H/s"),
        ("kawpow", "RVN", "H/s"),
        ("etchash", "ETC", "H/s"),
        ("equihash", "ZEC", "Sol/s"),
        ("autolykos2", "ERG", "H/s"),
    }


def test_some_mine_two_things_and_of_some_the_hashrate_is_not_read() -> None:
    mining = [rig.mining(0.0) for rig in RIGS]
    assert 0 < sum(len(rows) == 2 for rows in mining) < 40
    assert sum(row.hashrate is None for rows in mining for row in rows) == 20


def test_hashrates_are_smooth_and_what_is_mined_stays() -> None:
    for rig in RIGS[:20]:
        rows = [rig.mining(10.0 * step) for step in range(360)]
        assert len({tuple((row.algorithm, row.coin) for row in each) for each in rows}) == 1
        rates = [each[0].hashrate for each in rows if each and each[0].hashrate is not None]
        assert all(abs(later / earlier - 1) < 0.01 for earlier, later in pairwise(rates))


def test_power_is_that_of_the_work_where_there_is_a_meter() -> None:
    powers = [(rig.power_w(0.0), rig.gpu_watts, bool(rig.mining(0.0))) for rig in RIGS]
    assert 50 < sum(power is None for power, _, _ in powers) < 80
    assert max(power + gpus for power, gpus, busy in powers if power and not busy) < 100
    assert min(power + gpus for power, gpus, busy in powers if power and busy) > 120


def test_the_same_seed_gives_the_same_work() -> None:
    assert Work(7, 3).mining(50.0) == Work(7, 3).mining(50.0) != Work(8, 3).mining(50.0)
