"""Whatever a process on this rig answers: figures within bounds or a reason, never an error."""

from __future__ import annotations

import json
import string
from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_sentry.miners.normal_form import MOST_ALGORITHMS, MOST_DEVICES, MinerReading
from edge_sentry.miners.question import Replies
from edge_sentry.miners.table import MINERS
from tests.unit.edge_sentry.miners.recordings import RECORDINGS, Recording

each = pytest.mark.parametrize("recording", RECORDINGS, ids=lambda recording: recording.folder)
each_miner = pytest.mark.parametrize("miner", MINERS)
quickly = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Json = object
ABSURD: tuple[Json, ...] = (
    None,
    True,
    False,
    0,
    -1,
    -(10**400),
    10**400,
    1e300,
    -1e300,
    5e-324,
    float("nan"),
    float("inf"),
    "",
    "nan",
    "12",
    "x" * 10_000,
    "\x1b]0;title\x07",
    "0000:00:00.0",
    "a+b+c+d+e+f+g+h+i+j",
    "stratum+tcp://WALLET@:0",
    [],
    {},
    [[[]]],
    [None] * 300,
    [{}] * 300,
    [0] * 300,
    {str(index): {} for index in range(300)},
    {"": ""},
)


def checked(reading: MinerReading) -> MinerReading:
    """Within the normal form's own bounds, and one JSON document."""
    told = json.loads(msgspec.json.encode(reading))
    assert msgspec.convert(told, MinerReading) == reading
    assert len(reading.algorithms) <= MOST_ALGORITHMS
    assert len(reading.devices) <= MOST_DEVICES
    for device in reading.devices:
        for values in (device.hashrates, device.accepted, device.rejected, device.stale, device.invalid):
            assert len(values) == len(reading.algorithms)
    assert (reading.trouble is None) is (reading.reason is None)
    return reading


def places(value: Json, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The ways to every value within, the whole first."""
    within: list[tuple[str | int, Json]] = []
    if isinstance(value, dict):
        within = list(value.items())
    elif isinstance(value, list):
        within = list(enumerate(value))
    return [way, *(place for key, part in within for place in places(part, (*way, key)))]


def with_other(value: Json, way: tuple[str | int, ...], other: Json, *, drop: bool = False) -> Json:
    """A copy in which another value, or none at all, stands at the place."""
    if not way:
        return other
    if isinstance(value, dict):
        return {
            key: with_other(part, way[1:], other, drop=drop) if key == way[0] else part
            for key, part in value.items()
            if not (drop and len(way) == 1 and key == way[0])
        }
    assert isinstance(value, list)
    return [
        with_other(part, way[1:], other, drop=drop) if index == way[0] else part
        for index, part in enumerate(value)
        if not (drop and len(way) == 1 and index == way[0])
    ]


@each
@quickly
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_recordings_in_which_values_are_other_ones(recording: Recording, random: Random, times: int) -> None:
    checked(recording.read([_other_values(reply, random, times) for reply in recording.replies]))


def _other_values(reply: bytes | None, random: Random, times: int) -> bytes | None:
    try:
        value = json.loads(reply or b"")
    except ValueError:
        return reply
    for _ in range(times):
        value = with_other(
            value, random.choice(places(value)), random.choice(ABSURD), drop=random.random() < 0.3
        )
    return json.dumps(value).encode()


@each
def test_every_value_of_a_recording_alone_is_missing_or_absurd(recording: Recording) -> None:
    """All of them, one after the other, so that no field is left to chance."""
    for which, reply in enumerate(recording.replies):
        try:
            value = json.loads(reply or b"")
        except ValueError:
            continue
        for way in places(value):
            for other, drop in ((None, True), (None, False), ("text", False), (-1e300, False), ([], False)):
                replies = list(recording.replies)
                replies[which] = json.dumps(with_other(value, way, other, drop=drop)).encode()
                checked(recording.read(replies))


@each
def test_recordings_cut_off_anywhere(recording: Recording) -> None:
    for which, reply in enumerate(recording.replies):
        for length in range(0, len(reply or b""), 7):
            replies: list[bytes | None] = list(recording.replies)
            replies[which] = (reply or b"")[:length]
            checked(recording.read(replies))


@each
@quickly
@given(st.data())
def test_recordings_with_other_bytes(recording: Recording, data: st.DataObject) -> None:
    replies: list[bytes | None] = []
    for reply in recording.replies:
        raw = bytearray(reply or b"")
        for _ in range(data.draw(st.integers(0, 5))):
            at = data.draw(st.integers(0, max(len(raw) - 1, 0)))
            raw[at : at + data.draw(st.integers(0, 3))] = data.draw(
                st.sampled_from([b"", b"\0", b"|", b";", b"=", b"-", b"9" * 50, b'"', b"\xff", b"e", b"nan"])
            )
        replies.append(None if reply is None else bytes(raw))
    checked(recording.read(replies))


texts = st.text(alphabet=string.printable, max_size=20)
trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda parts: st.one_of(st.lists(parts, max_size=4), st.dictionaries(texts, parts, max_size=4)),
    max_leaves=20,
)


@each_miner
@quickly
@given(
    st.lists(
        st.one_of(st.none(), trees.map(lambda tree: json.dumps(tree).encode()), st.binary()),
        min_size=3,
        max_size=3,
    )
)
def test_any_answer_to_any_program(miner: str, replies: Replies) -> None:
    reading = Recording("", miner, ()).read(replies[: len(MINERS[miner].questions)])
    checked(reading)


def test_thousands_of_cards_are_cut_and_said() -> None:
    recording = next(each for each in RECORDINGS if each.folder.endswith("gminer-3.06"))
    value = json.loads(recording.replies[0] or b"")
    value["devices"] = value["devices"] * 5000
    reading = checked(recording.read([json.dumps(value).encode()]))
    assert len(reading.devices) == MOST_DEVICES
    assert [each.reason for each in reading.unread if each.part == "devices"] == [
        "there are 5000, of which the first 256 are read"
    ]
