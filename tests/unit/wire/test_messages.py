"""The shapes of messages refuse what the protocol forbids and ignore what they do not know."""

from __future__ import annotations

import msgspec
import pytest

from wire.codec import decode
from wire.faults import Fault
from wire.messages import Enrolment, MachineReport, Mining, ReportReply, Series, Specs

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


ROW = {"algorithm": "RandomX", "hashrate": 9000.5}


def _mining(*rows: object) -> tuple[Mining, ...]:
    body = msgspec.json.encode({"machine": "m1", "mining": rows})
    return decode(body, MachineReport).mining


def test_what_is_mined_is_read_with_its_unit_and_coin() -> None:
    told = {"algorithm": "Equihash", "hashrate": None, "unit": "Sol/s", "coin": "ZEC"}
    assert _mining(ROW, told) == (Mining("RandomX", 9000.5), Mining("Equihash", None, "Sol/s", "ZEC"))


def test_a_hashrate_that_was_not_read_is_told_as_such() -> None:
    assert msgspec.json.encode(Mining("RandomX", None)) == b'{"algorithm":"RandomX","hashrate":null}'


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"algorithm": "RandomX"}, ""),
        ({"hashrate": 1}, ""),
        ({**ROW, "algorithm": ""}, ".algorithm"),
        ({**ROW, "algorithm": "x" * 41}, ".algorithm"),
        ({**ROW, "hashrate": -1}, ".hashrate"),
        ({**ROW, "hashrate": 1.1e24}, ".hashrate"),
        ({**ROW, "hashrate": "9 kH/s"}, ".hashrate"),
        ({**ROW, "unit": "kH/s"}, ".unit"),
        ({**ROW, "unit": None}, ".unit"),
        ({**ROW, "coin": ""}, ".coin"),
        ({**ROW, "coin": "x" * 21}, ".coin"),
    ],
)
def test_wrong_rows_of_mining_are_named(row: object, field: str) -> None:
    with pytest.raises(Fault) as caught:
        _mining(ROW, row)
    assert (caught.value.status, caught.value.field) == (422, f"mining[1]{field}")


def test_lists_have_their_limits() -> None:
    assert len(_mining(*[ROW] * 8)) == 8
    with pytest.raises(Fault):
        _mining(*[ROW] * 9)
    assert len(read(hardware=["x" * 200] * 16).hardware) == 16
    for hardware in (["x"] * 17, ["x" * 201], [None]):
        with pytest.raises(Fault):
            read(hardware=hardware)
        with pytest.raises(Fault):
            decode(msgspec.json.encode({"hardware": hardware}), Specs)


def test_an_older_agent_tells_no_hardware_and_no_mining() -> None:
    assert read().hardware == ()
    assert decode(b'{"machine":"m1"}', MachineReport).mining == ()
    assert decode(b"{}", Specs).hardware == ()


def test_a_reply_needs_all_its_fields() -> None:
    with pytest.raises(Fault):
        decode(b'{"epoch": 1}', ReportReply)
