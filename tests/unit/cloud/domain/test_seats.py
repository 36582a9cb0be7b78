"""Which machine a device is, what is said of it, and when another edge is to read it: as tables."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain import seats
from cloud.domain.records import Latest
from cloud.domain.seats import ALL_WORDS, Claim, Found, Reading, Where
from tests.fakes.rosters import entry, mac
from wire.edge import NoReply
from wire.live import Labels, Pace

PACE = Pace(10, 60, 90, 150)
NOW = 10_000.0
LEAD = "another"


def test_claims_are_the_present_mac_then_former_ones_then_make_and_serial() -> None:
    each = entry(1, serial="S7", former_macs=(mac(9), mac(1), mac(8)))
    macs = [Claim("mac", mac(number)) for number in (1, 9, 8)]
    assert seats.claims_of(each) == (*macs, Claim("serial", "Antminer\nS7"))
    assert seats.claims_of(entry(1, 0)) == ()


def test_two_makes_with_one_serial_number_are_two_claims() -> None:
    one, two = entry(1, 0, serial="S7"), entry(2, 0, serial="S7", make="Whatsminer")
    assert set(seats.claims_of(one)).isdisjoint(seats.claims_of(two))


CHOICES = [
    (None, None, [], False, None),
    (None, Where.GONE, [], False, None),
    (None, Where.HERE, [], False, None),
    (None, Where.HERE, [Found("m", Where.ELSEWHERE)], False, None),
    (None, Where.BINNED, [], False, LEAD),
    (None, Where.LEAVING, [], False, LEAD),
    (None, Where.ELSEWHERE, [Found("m", Where.BINNED)], False, LEAD),
    (None, Where.FREE, [], False, LEAD),
    (None, Where.GONE, [Found("m", Where.HERE), Found("n", Where.BINNED)], False, "n"),
    ("own", None, [Found("m", Where.BINNED)], False, "own"),
    ("own", Where.GONE, [], False, "own"),
    ("own", Where.HERE, [], False, "own"),
    ("own", Where.ELSEWHERE, [], True, LEAD),
    ("own", Where.ELSEWHERE, [], False, LEAD),
    ("own", Where.BINNED, [], True, "own"),
    ("own", Where.BINNED, [], False, LEAD),
    ("own", Where.LEAVING, [], True, "own"),
    ("own", Where.LEAVING, [], False, LEAD),
    ("own", Where.FREE, [], True, "own"),
    ("own", Where.FREE, [], False, LEAD),
]


@pytest.mark.parametrize(("own", "where", "others", "supported", "chosen"), CHOICES)
def test_which_machine(
    own: str | None, where: Where | None, others: list[Found], supported: bool, chosen: str | None
) -> None:
    lead = None if where is None else Found(LEAD, where)
    assert seats.choose(own, lead, others, supported=supported) == chosen


def test_a_change_of_anything_but_words_shows_in_what_was_told() -> None:
    each = entry(1)
    changed = [
        replace(each, mac=mac(2)),
        replace(each, former_macs=(mac(3),)),
        replace(each, serial="7"),
        replace(each, make="x"),
        replace(each, model="y"),
    ]
    told = {seats.told_digest(other) for other in (each, *changed)}
    assert len(told) == 6
    assert seats.told_digest(replace(each, name="x", place="y", tags=("z",))) == seats.told_digest(each)


def test_it_shows_which_word_is_new() -> None:
    each = entry(1, place="row 1")
    before = seats.words_digest(each)
    assert seats.new_words(each, before) == frozenset()
    changed = replace(each, place="row 2", tags=("hot",))
    assert seats.new_words(changed, before) == {"place", "tags"}


def test_only_the_words_asked_for_are_said() -> None:
    each = entry(1, name="new", place="row 1", client="Ann", tags=("hot", "hot", "old"))
    assert seats.said(each, ALL_WORDS, "", Labels()) == ("new", Labels("row 1", ("hot", "old"), "Ann"))
    known = Labels("row 9", ("x",), "Bob")
    assert seats.said(each, frozenset({"place"}), "kept", known) == ("kept", replace(known, place="row 1"))


@pytest.mark.parametrize("hidden", ["\u3164", " ", "a\u202eb", "\u0301"])
def test_what_cannot_be_seen_is_left_out(hidden: str) -> None:
    each = entry(1, name=hidden, place=hidden, client=hidden, tags=(hidden, "seen"))
    assert seats.said(each, ALL_WORDS, "", Labels()) == ("ASIC 1", Labels(tags=("seen",)))


def test_a_name_that_grows_in_its_one_spelling_is_cut() -> None:
    name, _ = seats.said(entry(1, name="\u0958" * 80), ALL_WORDS, "", Labels())
    assert 0 < len(name) <= 80


@pytest.mark.parametrize(
    ("make", "model", "shown"),
    [
        ("Antminer", "S19", "Antminer S19"),
        (None, "S19", "S19"),
        ("Antminer", None, "Antminer"),
        (None, None, None),
    ],
)
def test_model_has_the_make_before_it(make: str | None, model: str | None, shown: str | None) -> None:
    assert seats.model_of(entry(1, make=make, model=model)) == shown


def _latest(silent_since: float | None) -> Latest:
    silence = None if silent_since is None else NoReply("is off", silent_since, 3)
    return Latest("m", 0, NOW, 60, {}, b"", silence=silence)


TAKEOVERS = [
    ("it reads", Reading(0, NOW, 60, _latest(None)), 0.0, False),
    ("it is offline for a minute", Reading(0, NOW - 210, 60, _latest(None)), 0.0, True),
    ("it is offline", Reading(0, NOW - 209, 60, _latest(None)), 0.0, False),
    ("it began just now and said nothing", Reading(NOW, None, 60, None), 0.0, False),
    ("it never said anything", Reading(NOW - 210, None, 60, None), 0.0, True),
    ("it began to read after its last report", Reading(NOW - 5, NOW - 900, 60, None), 0.0, False),
    ("the machine is silent", Reading(0, NOW, 60, _latest(NOW - 300)), 0.0, True),
    ("not for long", Reading(0, NOW, 60, _latest(NOW - 299)), 0.0, False),
    ("not for long here", Reading(NOW - 299, NOW, 60, _latest(NOW - 5000)), 0.0, False),
    ("nothing was ever said of it", Reading(NOW - 300, NOW, 60, None), 0.0, True),
    ("it was lost for its silence", Reading(NOW - 400, NOW, 60, _latest(NOW - 400)), NOW - 400, False),
    ("an hour ago", Reading(NOW - 3600, NOW, 60, _latest(NOW - 400)), NOW - 3600, True),
    ("the reader went since", Reading(NOW - 400, NOW - 400, 60, _latest(None)), NOW - 400, True),
]


@pytest.mark.parametrize(
    ("reading", "lost_at", "taken"), [case[1:] for case in TAKEOVERS], ids=[c[0] for c in TAKEOVERS]
)
def test_when_another_edge_reads(reading: Reading, lost_at: float, taken: bool) -> None:
    assert seats.may_take_over(reading, lost_at, NOW, PACE) is taken
