"""Errands in words and numbers: what is sent, what is said of one, and what the audit log keeps of it."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from cloud.domain import errands
from cloud.domain.asic_records import StoredErrand, pack_told
from cloud.domain.audit import SIDE_MAX_BYTES
from cloud.domain.records import Agent, WaitingErrand
from tests.fakes.edges import edge_state
from tests.fakes.reports import NOW
from wire.edge import (
    CSV_MAX_LETTERS,
    AddFound,
    AnswerQuestion,
    EdgeState,
    EndSearch,
    Errand,
    ErrandLine,
    ErrandResult,
    GivenErrand,
    ImportRows,
    RemoveDevices,
    Search,
    SearchState,
)
from wire.faults import Fault
from wire.messages import AgentKind

EDGE = Agent("agent_1", "shed", AgentKind.ASIC, "", None, NOW - 1000)
SEARCH = Search(("10.0.0.0/24",))
SEARCHED = replace(edge_state(), search=SearchState(1, "done", NOW, 254, 254, 2, 0))
ENDED = ErrandResult(1, ok=True, text="Done.", counts={"added": 1}, lines=(ErrandLine("1", "added", "new"),))


def waits(*numbers: int, at: float = NOW) -> Agent:
    """An edge that these wait for."""
    waiting = tuple(WaitingErrand(number, at) for number in numbers)
    return replace(EDGE, errands=waiting, errands_given=max(numbers, default=0))


def kept(errand: Errand = SEARCH, result: ErrandResult | None = None) -> StoredErrand:
    """The first errand, given now."""
    return StoredErrand(1, "search", NOW, pack_told(errand), pack_told(result) if result else b"")


def test_what_waits_is_not_done_and_not_late() -> None:
    assert errands.waiting(waits(1, 2, 3), NOW) == (1, 2, 3)
    assert errands.waiting(waits(1, 2, 3), NOW, done=2) == (3,)
    assert errands.waiting(waits(1), NOW + 899.9) == (1,)
    assert errands.waiting(waits(1), NOW + 900) == ()


def test_settled_numbers_go_on_above_whatever_was_done() -> None:
    """The store may be older than the edge, which was given more before it was copied."""
    settled = errands.settled(waits(1, 2), NOW, done=7)
    assert (settled.errands, settled.errands_given) == ((), 7)
    assert errands.given(settled, NOW).errands == (WaitingErrand(8, NOW),)
    assert errands.settled(waits(1), NOW, done=2**40 - 1).errands_given == 2**39
    assert errands.settled(waits(1), NOW) == waits(1)


def test_ten_wait_at_most() -> None:
    full = waits(*range(1, errands.WAITING_MAX + 1))
    with pytest.raises(Fault, match="10 errands wait") as caught:
        errands.given(full, NOW)
    assert (caught.value.code, caught.value.status) == ("too_many_errands", 409)


def test_labels_are_checked_as_everywhere() -> None:
    wanted = AddFound(("10.0.0.1",), " {model} ", " row 1 ", "Ann ", (" hot", "hot", ""))
    assert errands.checked(wanted) == AddFound(("10.0.0.1",), "{model}", "row 1", "Ann", ("hot",))
    assert errands.checked(Search((" 10.0.0.0/24 ",))) == SEARCH


@pytest.mark.parametrize(
    ("errand", "field"),
    [
        (AddFound(("10.0.0.1",), rule="a\u202eb"), "errand.rule"),
        (AddFound(("10.0.0.1",), place="a\nb"), "errand.place"),
        (AddFound(("10.0.0.1",), client="a\u200b"), "errand.client"),
        (AddFound(("10.0.0.1",), tags=("a\x00",)), "tags"),
        (Search(("10.0.0.0/24", "a\u202eb")), "errand.ranges"),
    ],
)
def test_text_that_could_disguise_itself_is_refused(errand: Errand, field: str) -> None:
    with pytest.raises(Fault) as caught:
        errands.checked(errand)
    assert (caught.value.code, caught.value.field) == ("bad_label", field)


def test_an_errand_fits_into_an_answer() -> None:
    largest = ImportRows("x" * CSV_MAX_LETTERS)
    assert errands.checked(largest) is largest
    with pytest.raises(Fault, match="in parts") as caught:
        errands.checked(ImportRows("ü" * (CSV_MAX_LETTERS // 2) + "x" * 50_000))
    assert (caught.value.code, caught.value.status) == ("errand_too_large", 422)


def test_as_many_as_fit_from_the_first_on() -> None:
    large = ImportRows("x" * 100_000)
    wanted = [*(GivenErrand(number, large) for number in (1, 2, 3)), GivenErrand(4, EndSearch())]
    assert [each.number for each in errands.that_fit(wanted)] == [1, 2]
    assert [each.number for each in errands.that_fit(wanted[2:])] == [3, 4]


@pytest.mark.parametrize(
    ("errand", "told"),
    [
        (SEARCH, {"kind": "search", "ranges": ["10.0.0.0/24"], "public": False}),
        (EndSearch(), {"kind": "end_search"}),
        (
            AddFound(("10.0.0.1", "10.0.0.2"), "{n}", "row 1", "Ann", ("hot",)),
            {
                "kind": "add_found",
                "count": 2,
                "addresses": ["10.0.0.1", "10.0.0.2"],
                "rule": "{n}",
                "place": "row 1",
                "client": "Ann",
                "tags": ["hot"],
            },
        ),
        (ImportRows("name\nsecret-row\n"), {"kind": "import_rows", "lines": 2, "apply": False}),
        (
            RemoveDevices(tuple(f"machine_{number}" for number in range(25))),
            {
                "kind": "remove_devices",
                "count": 25,
                "machines": [f"machine_{number}" for number in range(20)],
            },
        ),
        (AnswerQuestion(3, "same"), {"kind": "answer_question", "question": 3, "answer": "same"}),
    ],
)
def test_the_audit_log_tells_what_it_is_about_and_no_more(errand: Errand, told: object) -> None:
    encoded = msgspec.json.encode(errands.summary(errand))
    assert msgspec.json.decode(encoded) == told
    assert len(encoded) < SIDE_MAX_BYTES


def test_one_that_waits_or_is_under_way_has_no_result() -> None:
    view = errands.view(kept(), waits(1), None, NOW + 899)
    assert (view.result, view.expired, view.kind, view.number) == (None, False, "search", 1)
    taken = waits()
    assert errands.view(kept(), taken, None, NOW + 899).expired is False
    assert errands.view(kept(), taken, edge_state(searching=1), NOW + 5000).expired is False


@pytest.mark.parametrize("agent", [waits(), waits(1)])
@pytest.mark.parametrize("state", [None, edge_state(searching=2), SEARCHED])
def test_one_that_came_too_late_says_so(agent: Agent, state: EdgeState | None) -> None:
    view = errands.view(kept(), agent, state, NOW + 900)
    assert view.expired is True
    assert view.result == ErrandResult(1, ok=False, text=errands.TOO_LATE)


def test_one_that_an_enrolment_dropped_says_so() -> None:
    for epoch, enrolled_at, dropped in ((2, NOW + 10, True), (2, NOW - 10, False), (1, NOW + 10, False)):
        agent = replace(waits(), epoch=epoch, enrolled_at=enrolled_at)
        view = errands.view(kept(), agent, None, NOW + 11)
        assert view.result == (ErrandResult(1, ok=False, text=errands.ENROLLED) if dropped else None)


def test_what_came_of_it_is_shown_whenever_it_came() -> None:
    agent = replace(waits(1), epoch=2, enrolled_at=NOW + 10)
    view = errands.view(kept(result=ENDED), agent, None, NOW + 5000)
    assert (view.result, view.expired) == (ENDED, False)
    short = errands.without_lines(view).result
    assert short == replace(ENDED, lines=())
    assert errands.without_lines(errands.view(kept(), waits(1), None, NOW)).result is None
