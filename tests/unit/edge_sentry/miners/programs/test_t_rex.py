"""T-Rex: its own clock dates its shares, a second algorithm has lists of its own."""

from __future__ import annotations

from typing import Any

from edge_sentry.miners.normal_form import State, Trouble
from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

ONE = "t-rex-0.25.9"
DUAL = "t-rex-0.26.8-dual"


def test_ages_are_by_the_programs_clock() -> None:
    """The recording is years old, and the share in it was 81 s old then."""
    assert read_with(ONE, lambda _: None).algorithms[0].pool.last_share_age_s == 81.0


def test_dual_mining() -> None:
    reading = read_with(DUAL, lambda _: None)
    assert [row.name for row in reading.algorithms] == ["etchash", "blake3"]
    assert reading.devices[0].hashrates == (59e6, 820e6)
    assert reading.devices[0].rejected == (0, 1)


def test_a_second_algorithm_without_cards() -> None:
    reading = read_with(DUAL, lambda reply: reply["dual_stat"].pop("gpus"))
    assert reading.devices[0].hashrates == (59e6, None)
    assert reasons(reading)["devices[0].hashrates"] == "'hashrate' is not told"


def test_paused_as_a_whole_and_by_card() -> None:
    def change(reply: Any) -> None:
        reply["paused"] = True
        reply["gpus"][0]["paused"] = True

    reading = read_with(ONE, change)
    assert reading.state is State.PAUSED
    assert reading.devices[0].state == "paused"


def test_domains_beyond_the_first() -> None:
    reading = read_with(ONE, lambda reply: reply["gpus"][0].update(pci_domain=2))
    assert reading.devices[0].key == "0002:0a:00.0"


def test_another_program_of_the_same_shape() -> None:
    assert read_with(ONE, lambda reply: reply.update(name="other")).trouble is Trouble.ANOTHER_PROGRAM
