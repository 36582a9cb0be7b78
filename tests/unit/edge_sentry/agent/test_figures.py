"""What samples and reports say of mining: by algorithm and by card, never too old, never a wrong sum."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from edge_sentry.agent.figures import FRESH_S, Sight, program_of, rows_of, values_of
from edge_sentry.miners.normal_form import Algorithm, Device, MinerReading, Pool
from wire.messages import Mining, Program, Series
from wire.metrics import BY_NAME

CARDS = {"0000:01:00.0": "gpu-1", "0000:02:00.0": "gpu-2"}


def sight(*algorithms: Algorithm, age_s: float = 1.0, hashes: bool = True, **more: Any) -> Sight:
    reading = MinerReading(miner="xmrig", read_at=1.0, algorithms=algorithms, **more)
    return Sight(Program("cpu", "xmrig", "running", running_s=9.0), hashes, reading, age_s)


def told(program: str, series: str, count: int, ours: bool) -> int:
    return count


def values(*sights: Sight) -> dict[str, float]:
    return values_of(sights, CARDS, told)


def test_a_program_by_its_algorithm() -> None:
    one = sight(Algorithm(name="rx/0", hashrate=12345.678, accepted=7, rejected=1))
    assert values(one) == {"hashrate@rx/0": 12345.7, "accepted_shares@rx/0": 7, "rejected_shares@rx/0": 1}
    assert rows_of((one,)) == (Mining("rx/0", 12345.7, "H/s"),)


def test_a_hashrate_has_six_digits() -> None:
    card = Device(key="0000:01:00.0", hashrates=(98_765_432.1,))
    one = sight(Algorithm(name="x", hashrate=123_456_789.0), devices=(card,))
    assert values(one) == {"hashrate@x": 123_457_000.0, "gpu_hashrate@gpu-1": 98_765_400.0}
    assert rows_of((one,)) == (Mining("x", 123_457_000.0, "H/s"),)


def test_two_of_one_algorithm_are_added_and_one_that_is_not_known_leaves_no_sum() -> None:
    first, second = (sight(Algorithm(name="x", hashrate=rate)) for rate in (5.0, 6.0))
    assert values(first, second) == {"hashrate@x": 11.0}
    unknown = sight(Algorithm(name="x"))
    assert (values(first, unknown), rows_of((first, unknown))) == ({}, (Mining("x", None),))


def test_two_units_are_never_added() -> None:
    hashes, solutions = (
        sight(Algorithm(name="x", hashrate=5.0)),
        sight(Algorithm(name="x", unit="Sol/s", hashrate=6.0)),
    )
    assert rows_of((hashes, solutions)) == (Mining("x", 5.0, "H/s"),)


@pytest.mark.parametrize(
    ("age_s", "own_age_s", "fresh"), [(FRESH_S, None, True), (FRESH_S + 1, None, False), (20.0, 20.0, False)]
)
def test_what_is_too_old_is_no_figure(age_s: float, own_age_s: float | None, fresh: bool) -> None:
    one = sight(
        Algorithm(name="x", hashrate=5.0, accepted=1),
        age_s=age_s,
        figures_age_s=own_age_s,
        devices=(Device(key="0000:01:00.0", hashrates=(5.0,)),),
    )
    assert bool(values(one)) is fresh
    assert rows_of((one,)) == (Mining("x", 5.0 if fresh else None),)
    assert program_of(one).accepted == (1 if fresh else None)


def test_of_a_program_that_ended_nothing_is_left() -> None:
    ended = sight(Algorithm(name="x", hashrate=5.0, accepted=1), hashes=False)
    assert (values(ended), rows_of((ended,))) == ({}, ())
    assert program_of(ended) == ended.program


def test_cards_by_their_ids_in_the_first_algorithm() -> None:
    devices = (
        Device(key="0000:01:00.0", hashrates=(5.0, 50.0)),
        Device(key="0000:02:00.0", hashrates=(None, 60.0)),
        Device(key="0000:09:00.0", hashrates=(7.0, None)),
        Device(key=None, hashrates=(8.0, None)),
        Device(key="cpu0", kind="cpu", hashrates=(9.0, None)),
    )
    one = sight(Algorithm(name="x"), Algorithm(name="y"), devices=devices)
    assert values(one) == {"gpu_hashrate@gpu-1": 5.0}


def test_of_two_programs_that_name_a_card_the_one_that_mines_counts() -> None:
    idle, busy = (
        sight(Algorithm(name=name), devices=(Device(key="0000:01:00.0", hashrates=(rate,)),))
        for name, rate in (("x", 0.0), ("y", 5.0))
    )
    assert values(idle, busy) == values(busy, idle) == {"gpu_hashrate@gpu-1": 5.0}


@pytest.mark.parametrize(
    ("name", "shown"),
    [(None, "unknown"), ("cuckoo cycle", "cuckoo_cycle"), ("ünïcode@x", "_n_code_x"), ("x" * 90, "x" * 40)],
)
def test_names_fit_a_subject(name: str | None, shown: str) -> None:
    one = sight(Algorithm(name=name, hashrate=1.0))
    assert rows_of((one,))[0].algorithm == shown
    (series,) = values(one)
    metric, _, subject = series.partition("@")
    msgspec.convert({"metric": metric, "values": [], "subject": subject}, Series)


def test_what_cannot_be_true_is_left_out() -> None:
    one = sight(Algorithm(name="x", hashrate=BY_NAME["hashrate"].maximum * 2, accepted=3))
    assert values(one) == {"accepted_shares@x": 3}


def test_a_program_that_names_many_algorithms_does_not_fill_the_report() -> None:
    assert len(rows_of([sight(Algorithm(name=f"x{number}")) for number in range(20)])) == 8


def test_a_program_as_the_wire_has_it() -> None:
    one = sight(
        Algorithm(name="x", accepted=3, rejected=1, pool=Pool(address="pool.example:3333", connected=True)),
        Algorithm(name="y", accepted=4, pool=Pool(connected=False)),
        version="6.22.1",
        uptime_s=77.0,
    )
    shown = program_of(one)
    assert shown == Program(
        "cpu",
        "xmrig",
        "running",
        version="6.22.1",
        running_s=9.0,
        accepted=7,
        rejected=1,
        pool="pool.example:3333",
        pool_connected=False,
    )
    watched = one._replace(program=Program("other", "xmrig", "mining", managed=False))
    assert program_of(watched).running_s == 77.0
