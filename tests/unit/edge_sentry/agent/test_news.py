"""What a rig tells and is told: its programs' part as ever, and its assignment's beside it."""

from __future__ import annotations

from pathlib import Path

from edge_sentry.agent.news import RigNews
from edge_sentry.playbooks.keeper import MISSED_BEFORE_POLLING, Keeper
from edge_sentry.playbooks.kept import Kept
from edge_sentry.playbooks.shelf import Shelf
from edge_sentry.supervisor.events import Kind, Note
from tests.fakes.signed import FARM, MACHINE, SigningKey, signed
from tests.unit.edge_sentry.agent.test_mining import Place
from tests.unit.edge_sentry.playbooks.fakes import PLACE, FakeFar, assigned
from tests.unit.edge_sentry.supervisor.fakes import playbook
from wire.assignments import Document, DocumentPlace
from wire.codec import encode
from wire.messages import Action, Order, ReportReply


def test_a_document_starts_a_program_and_both_are_told(tmp_path: Path) -> None:
    place, far, key = Place(tmp_path), FakeFar(), SigningKey()
    kept = Kept(farm=FARM, machine=MACHINE, key=key.public)
    keeper = Keeper(kept, Shelf(tmp_path), place.part, far, now=place.moments)
    news = RigNews(place.part, keeper)
    far.body = encode(signed(Document((assigned(),)), key, revision=1))
    news.take(ReportReply(1, 1, 1.0, 10.0, 60.0, document=DocumentPlace(PLACE, 9e9, 1, 1)))
    keeper.work()
    place.work()
    place.work()
    assert place.states() == {"gpu": "running"}
    keeper.work()
    told = news.assignment()
    assert told is not None
    assert {each.state.value for each in told.steps} == {"done"}
    assert [event.kind for event in news.events()] == ["assignment_accepted", "started"]
    assert news.events()[1].reason == "version 1 of stand-in"
    assert far.asked == [(PLACE, "")]
    for _ in range(MISSED_BEFORE_POLLING):
        news.missed()
    place.moments.advance(60)
    keeper.work()
    assert len(far.asked) == 2


def test_without_a_key_programs_are_told_of_all_the_same(tmp_path: Path) -> None:
    place = Place(tmp_path, playbook())
    news = RigNews(place.part, None)
    news.missed()
    news.take(ReportReply(1, 1, 1.0, 10.0, 60.0, (Order(1, Action.STOP, "gpu"),)))
    place.work()
    place.work()
    assert (news.assignment(), news.orders_done(), news.log()) == (None, 1, None)
    last = news.events()[-1].id
    news.acknowledge(last)
    place.work()
    assert news.events() == ()


def test_a_hand_over_keeps_what_is_only_watched(tmp_path: Path) -> None:
    place = Place(tmp_path, playbook())
    place.work()
    place.part.assign(7, (playbook("cpu"),))
    place.part.tell("cpu", Note(Kind.POOL_CHANGED, "it mines for another"))
    for _ in range(3):
        place.work()
    assert place.states() == {"cpu": "running"}
    assert (place.part.assigned.revision, len(place.part.views())) == (7, 1)
    assert "pool_changed" in place.told()
