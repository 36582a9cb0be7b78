"""The shapes of messages refuse what the protocol forbids and ignore what they do not know."""

from __future__ import annotations

import msgspec
import pytest

from wire.codec import decode
from wire.faults import Fault
from wire.messages import Enrolment, MachineReport, ReportReply, Series, Specs

GOOD = {"kind": "cpu_gpu", "agent_version": "1", "hostname": "rig", "sent_at": 5}


def read(**changes: object) -> Enrolment:
    return decode(msgspec.json.encode({**GOOD, **changes}), Enrolment)


def test_unknown_fields_are_ignored() -> None:
    assert read(colour="red") == read()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "toaster"}, "kind"),
        ({"hostname": "x" * 201}, "hostname"),
        ({"hostname": None}, "hostname"),
        ({"sent_at": -1}, "sent_at"),
        ({"sent_at": "now"}, "sent_at"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Fault) as caught:
        read(**changes)
    assert (caught.value.code, caught.value.field, caught.value.status) == ("bad_message", field, 422)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "ä", "a\n", "x" * 65])
def test_ids_have_few_letters(name: str) -> None:
    body = msgspec.json.encode({"machine": name, "at": [1], "series": []})
    with pytest.raises(Fault) as caught:
        decode(body, MachineReport)
    assert caught.value.field == "machine"


def test_none_is_not_zero_on_the_wire() -> None:
    sent = msgspec.json.encode(Series("load_1min", (None, 0.0)))
    assert sent == b'{"metric":"load_1min","values":[null,0.0]}'


def test_defaults_are_left_out() -> None:
    assert msgspec.json.encode(Specs(hostname="rig")) == b'{"hostname":"rig"}'


def test_a_reply_needs_all_its_fields() -> None:
    with pytest.raises(Fault):
        decode(b'{"epoch": 1}', ReportReply)
