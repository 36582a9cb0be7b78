"""How this edge is doing, as the dashboard shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest, nsmallest
from typing import Final, NamedTuple, Protocol

from asic_edge.agent.hall import Device, Hall
from asic_edge.errands.admitting import login_of
from asic_edge.errands.errands import Errands
from asic_edge.errands.outcome import cut
from asic_edge.gate import Asked, Gate, budget_of
from asic_edge.roster.book import Roster
from asic_edge.roster.entries import Answer, Question
from asic_edge.snapshot import Identity
from wire.edge import (
    AskedModel,
    EdgeState,
    GivenAnswer,
    LoginCounts,
    OpenQuestion,
    RoundState,
    SilentDevice,
    SlowDevice,
)

MOST_SLOW: Final = 20
MOST_SILENT: Final = 100
MOST_MODELS: Final = 50
MOST_QUESTIONS: Final = 100
MOST_ANSWERS: Final = 20
MOST_TROUBLE: Final = 10
_SHORT = 200


class Seated(Protocol):
    """The machine of a number, and whether it is read here."""

    @property
    def machine(self) -> str: ...

    @property
    def reads(self) -> bool: ...


class Course(NamedTuple):
    """How the rounds are getting on. `seats` and `refused` by number; `waiting` closed blocks; `trouble` in
    sentences.
    """

    round_s: float
    last_round: RoundState | None
    seats: Mapping[int, Seated]
    refused: Mapping[int, str]
    waiting: int
    networks: Sequence[str] = ()
    trouble: Sequence[str] = ()


def edge_state(hall: Hall, gate: Gate, roster: Roster, errands: Errands, course: Course) -> EdgeState:
    """`found` is in it when it is news: call `errands.found_told()` if it was not None, and
    `errands.accepted(…)` with the numbers of `results`, once the commander has the report.
    """
    devices, seats = hall.devices, course.seats
    silent = [each for each in devices.values() if each.silence is not None]
    elsewhere = sum(1 for number in devices if number in seats and not seats[number].reads)
    refused = len(course.refused.keys() & devices.keys())
    return EdgeState(
        devices=len(devices),
        reads=len(devices) - elsewhere - refused,
        elsewhere=elsewhere,
        refused=refused,
        round_s=course.round_s,
        errands_done=errands.done,
        networks=tuple(course.networks),
        round=course.last_round,
        slow=_slow(devices.values(), seats),
        silent=_silent(silent, seats),
        silent_count=len(silent),
        asked=_asked(devices.values(), gate.asked_by_model()),
        logins=_logins(devices.values()),
        questions=_questions(roster),
        answers=_answers(roster),
        waiting=course.waiting,
        trouble=_sentences((*course.trouble, errands.trouble)),
        search=errands.search,
        found=errands.found_news(),
        results=errands.results(),
    )


def _slow(devices: Iterable[Device], seats: Mapping[int, Seated]) -> tuple[SlowDevice, ...]:
    """Of those that answered: a silent one took all the time there was."""
    answered = (each for each in devices if each.last is not None and each.entry.address)
    return tuple(
        SlowDevice(_name(each), each.entry.address or "", max(each.took_s, 0.0), _machine(each, seats))
        for each in nlargest(MOST_SLOW, answered, key=lambda each: each.took_s)
    )


def _silent(devices: Iterable[Device], seats: Mapping[int, Seated]) -> tuple[SilentDevice, ...]:
    told = [(each.silence, each) for each in devices if each.silence is not None]
    longest = nsmallest(MOST_SILENT, told, key=lambda each: (each[0].since, each[1].entry.number))
    return tuple(
        SilentDevice(_name(each), each.entry.address or "", silence, _machine(each, seats))
        for silence, each in longest
    )


def _asked(devices: Iterable[Device], asked: Mapping[str, Asked]) -> tuple[AskedModel, ...]:
    """Models with most devices first; those that were asked and are in no roster, as by a search, too."""
    identities = [_identity(each) for each in devices]
    counts = Counter(_model(each) for each in identities)
    of = {_model(each): each for each in identities}
    models = sorted({*counts, *asked}, key=lambda each: (-counts[each], each))
    return tuple(
        _asked_model(each, counts[each], asked.get(each, Asked(0, 0, 0)), of.get(each))
        for each in models[:MOST_MODELS]
    )


def _asked_model(model: str, devices: int, asked: Asked, identity: Identity | None) -> AskedModel:
    budget = budget_of(identity or Identity("", model.partition(" ")[0]))
    return AskedModel(
        model[:_SHORT],
        devices,
        asked.identified,
        asked.light,
        asked.full,
        budget.connections,
        budget.least_interval_s,
    )


def _logins(devices: Iterable[Device]) -> LoginCounts:
    counts = Counter("unknown" if each.full is None else login_of(each.full).value for each in devices)
    return LoginCounts(**counts)


def _questions(roster: Roster) -> tuple[OpenQuestion, ...]:
    first = sorted(roster.questions.values(), key=lambda each: each.number)[:MOST_QUESTIONS]
    return tuple(_open(roster, each) for each in first)


def _open(roster: Roster, question: Question) -> OpenQuestion:
    of, identity = roster.get(question.of), question.sighting.identity
    name = of.name if of is not None else ""
    return OpenQuestion(question.number, name, identity.address, identity.mac, cut(question.because))


def _answers(roster: Roster) -> tuple[GivenAnswer, ...]:
    """The newest first."""
    return tuple(_given(roster, each) for each in reversed(roster.answers[-MOST_ANSWERS:]))


def _given(roster: Roster, answer: Answer) -> GivenAnswer:
    entry = roster.get(answer.entry.number) or answer.entry
    return GivenAnswer(answer.question.number, entry.name, answer.same)


def _sentences(told: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_cut(told)))[:MOST_TROUBLE]


def _cut(told: Iterable[str]) -> Iterator[str]:
    return (cut(each) for each in told if each)


def _name(device: Device) -> str:
    return device.entry.name[:_SHORT]


def _machine(device: Device, seats: Mapping[int, Seated]) -> str | None:
    seat = seats.get(device.entry.number)
    return None if seat is None else seat.machine


def _identity(device: Device) -> Identity:
    return device.full.identity if device.full is not None else device.entry.identity


def _model(identity: Identity) -> str:
    """As the gate counts it."""
    return " ".join(each for each in (identity.make, identity.model) if each) or "unknown"
