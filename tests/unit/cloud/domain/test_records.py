"""What is stored can be read again, old bodies and those of newer programs included."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain import records
from cloud.domain.records import Agent, Latest, Machine, Record, Samples, StoredSpecs
from wire.messages import AgentKind, Series, Specs, Unread

ALL: list[Record] = [
    records.Farm("f", "North", 1.0),
    records.Person("a@b.test", "f", "hash", 1.0),
    records.Session("a@b.test", "f", 1.0),
    records.Ticket("f"),
    records.Connection("f", "c"),
    Agent("a", "rig", AgentKind.ASIC, "00ff", None, 1.0, True, 3, 2.0, "1.2.3", 4.0),
    Machine("m", "rig", AgentKind.CPU_GPU, "a", 1.0, True),
    Latest("m", 1.0, 2.0, 60, {"cpu_load_pct": None}, (Unread("gpu", "no driver"),), True),
    Samples((1.0, 2.0), (Series("cpu_load_pct", (1.0, None)),)),
    StoredSpecs(Specs(hostname="rig")),
    records.Watch("f"),
]


@pytest.mark.parametrize("record", ALL, ids=lambda record: type(record).__name__)
def test_record_is_read_as_it_was_written(record: Record) -> None:
    assert msgspec.json.decode(msgspec.json.encode(record), type=type(record)) == record


def test_every_kind_of_record_is_tried_above() -> None:
    assert {type(record) for record in ALL} == set(Record.__subclasses__())


def test_kinds_differ_when_written_small() -> None:
    names = [kind.__name__.lower() for kind in Record.__subclasses__()]
    assert len(set(names)) == len(names)


def test_body_of_an_older_program_is_read() -> None:
    body = b'{"agent":"a","name":"rig","kind":"cpu_gpu","secret_sha256":"0","machine":"m","created_at":1}'
    agent = msgspec.json.decode(body, type=Agent)
    assert agent == Agent("a", "rig", AgentKind.CPU_GPU, "0", "m", 1.0, False, 0, None, None, None)


def test_body_of_a_newer_program_is_read() -> None:
    body = b'{"farm":"f","name":"North","created_at":1,"colour":"red"}'
    assert msgspec.json.decode(body, type=records.Farm) == records.Farm("f", "North", 1.0)
