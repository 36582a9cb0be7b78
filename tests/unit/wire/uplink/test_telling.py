"""What is said of a machine beside its samples: once, again when it changes, never again when refused."""

from __future__ import annotations

import pytest

from wire.messages import Block, MachineReport, Mining, Series, Specs, Unread
from wire.uplink.telling import Telling, mined

SPECS = Specs(hostname="rig")
UNREAD = (Unread("load_1min", "read 101.5, which is outside 0 to 100"),)
MINING = (Mining("randomx", 9000.0, coin="XMR"),)
OPEN = MachineReport("m1", open=Block((1.0,), (Series("load_1min", (1.0,)),)))
LATE = MachineReport("m1", blocks=(Block((1.0,), (Series("load_1min", (1.0,)),)),))


@pytest.fixture
def telling() -> Telling:
    told = Telling()
    told.describe(SPECS, UNREAD, MINING)
    told.note_told(told.added_to(OPEN))
    return told


def test_everything_is_said_first() -> None:
    telling = Telling()
    telling.describe(SPECS, UNREAD, MINING)
    part = telling.added_to(OPEN)
    assert (part.specs, part.unread, part.mining) == (SPECS, UNREAD, MINING)
    assert not telling.changed


def test_what_is_mined_is_said_always_and_the_rest_once(telling: Telling) -> None:
    part = telling.added_to(OPEN)
    assert (part.specs, part.unread, part.mining) == (None, None, MINING)


@pytest.mark.parametrize(
    ("specs", "unread", "mining"),
    [
        (Specs(hostname="other"), UNREAD, MINING),
        (SPECS, (), MINING),
        (SPECS, (*UNREAD, Unread("uptime_s", "why")), MINING),
        (SPECS, (Unread("load_1min", "driver gone"),), MINING),
        (SPECS, UNREAD, ()),
        (SPECS, UNREAD, (Mining("kawpow", 9000.0, coin="RVN"),)),
        (SPECS, UNREAD, (Mining("randomx", 9000.0, coin="ZEPH"),)),
        (SPECS, UNREAD, (*MINING, Mining("kawpow", None))),
    ],
)
def test_a_change_is_noticed_until_it_was_told(
    telling: Telling, specs: Specs, unread: tuple[Unread, ...], mining: tuple[Mining, ...]
) -> None:
    assert not telling.changed
    telling.describe(specs, unread, mining)
    assert telling.changed
    telling.note_told(LATE)
    assert telling.changed
    telling.note_told(telling.added_to(OPEN))
    assert not telling.changed


def test_figures_are_no_change(telling: Telling) -> None:
    reasons = (Unread("load_1min", "read 1,207.25, which is outside 0 to 100"),)
    telling.describe(SPECS, reasons, (Mining("randomx", None, coin="XMR"),))
    assert not telling.changed
    assert telling.added_to(OPEN).unread == reasons


@pytest.mark.parametrize("name", ["specs", "unread"])
def test_what_was_refused_is_not_said_again_and_the_rest_is(name: str) -> None:
    telling = Telling()
    telling.describe(SPECS, UNREAD, MINING)
    assert telling.note_refused(telling.added_to(OPEN), f"machines[0].{name}")
    part = telling.added_to(OPEN)
    assert (part.specs is None, part.unread is None) == (name == "specs", name == "unread")


def test_mining_that_was_refused_is_left_out_until_it_is_another(telling: Telling) -> None:
    assert telling.note_refused(telling.added_to(OPEN), "machines[0].mining[0].algorithm")
    assert telling.added_to(OPEN).mining == ()
    telling.note_told(telling.added_to(OPEN))
    assert not telling.changed
    other = (Mining("kawpow", 1.0),)
    telling.describe(SPECS, UNREAD, other)
    assert telling.added_to(OPEN).mining == other


def test_another_refusal_is_none_of_its_business(telling: Telling) -> None:
    assert not telling.note_refused(OPEN, "machines[0].open.at")
    assert not telling.note_refused(OPEN, "")


def test_a_new_epoch_is_told_everything(telling: Telling) -> None:
    telling.forget()
    assert telling.added_to(OPEN).specs == SPECS
    assert not telling.changed


def test_what_is_mined_leaves_hashrates_out() -> None:
    assert mined(MINING) == {("randomx", "XMR")}
