"""From the normal form to what the supervisor judges by."""

from __future__ import annotations

import pytest

from edge_sentry.miners.normal_form import Algorithm, Device, MinerReading, Pool, State, Trouble
from edge_sentry.supervisor.facts import Api, MinerFacts
from edge_sentry.supervisor.told import facts_of


def reading(*algorithms: Algorithm, **more: object) -> MinerReading:
    return MinerReading(miner="stand-in", read_at=1.0, algorithms=algorithms, **more)  # type: ignore[arg-type]


def test_figures_of_two_algorithms_stay_apart_and_their_shares_add_up() -> None:
    first = Algorithm(
        name="kawpow", hashrate=50.0, accepted=3, rejected=1, pool=Pool(connected=True, failures=2)
    )
    second = Algorithm(name=None, hashrate=None, accepted=4)
    cards = (
        Device(key="0000:01:00.0", hashrates=(50.0, None)),
        Device(key=None, index=7, hashrates=(0.0, 5.0)),
        Device(key=None, hashrates=(None, None)),
    )
    assert facts_of(reading(first, second, devices=cards, state=State.PAUSED), 9.0) == MinerFacts(
        at=9.0,
        api=Api.READABLE,
        hashrates={"kawpow": 50.0, "algorithm 2": None},
        devices={"0000:01:00.0": 50.0, "gpu7": 5.0, "gpu2": None},
        accepted=7,
        rejected=1,
        pool_connected=True,
        pool_failures=2,
        paused=True,
    )


@pytest.mark.parametrize(
    ("connected", "together"),
    [((None, None), None), ((True, None), True), ((True, False), False), ((False, False), False)],
)
def test_one_pool_away_is_told(connected: tuple[bool | None, ...], together: bool | None) -> None:
    pools = [Algorithm(name=str(place), pool=Pool(connected=each)) for place, each in enumerate(connected)]
    assert facts_of(reading(*pools), 9.0).pool_connected is together


@pytest.mark.parametrize("trouble", list(Trouble))
def test_only_silence_is_silence(trouble: Trouble) -> None:
    facts = facts_of(reading(trouble=trouble, reason="why"), 9.0)
    silent = trouble in (Trouble.NOTHING_LISTENS, Trouble.NO_ANSWER)
    assert facts == MinerFacts(at=9.0, api=Api.SILENT if silent else Api.UNREADABLE, reason="why")


def test_what_is_not_told_is_not_zero() -> None:
    facts = facts_of(reading(Algorithm(name="x")), 9.0)
    assert (facts.accepted, facts.rejected, facts.pool_failures) == (None, None, None)
