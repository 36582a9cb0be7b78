"""A line that was changed, taken out, moved or cut off is found and named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw
from msgspec.structs import replace

from cloud.domain.audit import (
    SIDE_MAX_BYTES,
    Act,
    BrokenLog,
    check_end,
    difference,
    digest,
    entry,
    follow,
)
from cloud.domain.people import AuditEntry, AuditHead
from cloud.domain.principals import Actor
from wire.live import Labels

FARM = "farm_1"
LENGTH = 5


def _chain(length: int = LENGTH) -> list[AuditEntry]:
    lines: list[AuditEntry] = []
    head = AuditHead()
    for number in range(length):
        act = Act("change_machine", f"machine m{number}", {"name": "old"}, {"name": "new"})
        lines.append(entry(FARM, head, 1.5 + number, Actor("a@b.test", "192.0.2.1"), act))
        head = _head(lines)
    return lines


def _head(lines: list[AuditEntry]) -> AuditHead:
    return AuditHead(lines[-1].number, lines[-1].sha256) if lines else AuditHead()


def _keep(lines: Iterable[AuditEntry]) -> list[tuple[int, bytes]]:
    """As a store keeps them: each body under a number."""
    return [(number, msgspec.json.encode(line)) for number, line in enumerate(lines, 1)]


def _fault(kept: Iterable[tuple[int, bytes]], head: AuditHead, farm: str | None = FARM) -> str | None:
    known = AuditHead()
    try:
        for number, body in kept:
            known = follow(farm, known, number, body)
        check_end(known, head)
    except BrokenLog as error:
        return str(error)
    return None


def test_a_line_says_who_did_what_from_where() -> None:
    head = AuditHead(6, "00ff")
    line = entry(FARM, head, 1.5, Actor("a@b.test", "192.0.2.1"), Act("end", "rig r", None, {"a": [1, "é"]}))
    assert (line.number, line.previous) == (7, "00ff")
    assert (line.at, line.by, line.address) == (1.5, "a@b.test", "192.0.2.1")
    assert (line.action, line.thing) == ("end", "rig r")
    assert [json.loads(bytes(part)) for part in (line.before, line.after)] == [None, {"a": [1, "é"]}]


def test_digest_can_be_worked_out_without_this_program() -> None:
    line = entry(FARM, AuditHead(6, "00ff"), 1.5, Actor("ann", "::1"), Act("end", "rig r", None, {"a": 1}))
    text = '["farm_1",7,1.5,"ann","::1","end","rig r",null,{"a":1},"00ff"]'
    assert line.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_line_read_from_the_store_has_the_same_digest() -> None:
    for line in _chain():
        again = msgspec.json.decode(msgspec.json.encode(line), type=AuditEntry)
        assert (again, digest(FARM, again)) == (line, line.sha256)


@pytest.mark.parametrize("farm", [FARM, None])
def test_what_is_too_long_is_cut_and_says_so(farm: str | None) -> None:
    long = {"names": ['"\\é\x07' * 2000]}
    actor = Actor("é" * 400, "x" * 5000)
    line = entry(farm, AuditHead(), 1.5, actor, Act("change_machine", "machine " + "x" * 5000, long, long))
    assert len(msgspec.json.encode(line)) < 8192
    assert line.by.endswith("(cut)")
    assert line.thing.endswith("(cut)")
    cut = json.loads(bytes(line.before))
    assert cut["cut_from_bytes"] == len(msgspec.json.encode(long))
    assert msgspec.json.encode(long).decode().startswith(cut["beginning"])
    assert line.after == line.before


@given(st.integers(SIDE_MAX_BYTES - 20, SIDE_MAX_BYTES + 20))
def test_what_just_fits_is_whole(length: int) -> None:
    value = "x" * (length - 2)
    line = entry(FARM, AuditHead(), 1.5, Actor("ann"), Act("act", "thing", value))
    assert (json.loads(bytes(line.before)) == value) == (length <= SIDE_MAX_BYTES)
    assert len(bytes(line.before)) <= SIDE_MAX_BYTES


def test_a_difference_holds_what_is_not_the_same() -> None:
    one = Labels("row 7", ("a",), "Ann")
    assert difference(one, replace(one, place="row 8", client=None)) == (
        {"place": "row 7", "client": "Ann"},
        {"place": "row 8", "client": None},
    )
    assert difference(one, one) == ({}, {})


@pytest.mark.parametrize("length", [0, 1, LENGTH])
def test_a_whole_chain_holds(length: int) -> None:
    lines = _chain(length)
    assert _fault(_keep(lines), _head(lines)) is None


@pytest.mark.parametrize("place", range(LENGTH))
@pytest.mark.parametrize(
    "change",
    [
        lambda line: replace(line, at=line.at + 1),
        lambda line: replace(line, by="b@b.test"),
        lambda line: replace(line, address=""),
        lambda line: replace(line, action="look"),
        lambda line: replace(line, thing="machine other"),
        lambda line: replace(line, before=Raw(b"null")),
        lambda line: replace(line, after=Raw(b'{"name":"neu"}')),
        lambda line: replace(line, number=line.number + 1),
        lambda line: replace(line, sha256="0" * 64),
    ],
    ids=["at", "by", "address", "action", "thing", "before", "after", "number", "sha256"],
)
def test_a_changed_line_is_named(place: int, change: Callable[[AuditEntry], AuditEntry]) -> None:
    lines = _chain()
    head = _head(lines)
    lines[place] = change(lines[place])
    fault = _fault(_keep(lines), head)
    assert fault is not None
    assert fault.startswith(f"line {place + 1} was changed")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b'{"number":2', b"\xff", b'{"by":"\xff"}', b'{"x":' + b"[" * 100_000]
)
def test_a_line_that_cannot_be_read_is_named(body: bytes) -> None:
    kept = _keep(_chain())
    kept[1] = (2, body)
    assert _fault(kept, _head(_chain())) == "line 2 was changed: it cannot be read"


@pytest.mark.parametrize("added", [b" ", b',"note":1'])
def test_the_same_line_written_otherwise_is_named(added: bytes) -> None:
    kept = _keep(_chain())
    kept[1] = (2, kept[1][1][:-1] + added + b"}")
    assert _fault(kept, _head(_chain())) == "line 2 was changed"


def test_a_changed_line_with_a_digest_to_match_is_told_by_the_next() -> None:
    lines = _chain()
    changed = replace(lines[1], by="b@b.test")
    lines[1] = replace(changed, sha256=digest(FARM, changed))
    fault = _fault(_keep(lines), _head(lines))
    assert fault == "line 3 does not follow line 2: one of the two was written anew"


def test_the_last_line_with_a_digest_to_match_is_told_by_the_head() -> None:
    lines = _chain()
    head, changed = _head(lines), replace(lines[-1], by="b@b.test")
    lines[-1] = replace(changed, sha256=digest(FARM, changed))
    assert _fault(_keep(lines), head) == "line 5 was written anew: the log ended with another"


@pytest.mark.parametrize("place", range(LENGTH - 1))
def test_a_removed_line_is_named(place: int) -> None:
    kept = _keep(_chain())
    del kept[place]
    assert _fault(kept, _head(_chain())) == f"line {place + 1} is missing"


@pytest.mark.parametrize("place", range(LENGTH - 1))
def test_two_lines_that_changed_places_are_named(place: int) -> None:
    lines = _chain()
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    fault = _fault(_keep(lines), _head(_chain()))
    assert fault == f"line {place + 1} was changed: it says that it is line {place + 2}"


@pytest.mark.parametrize("left", range(LENGTH))
def test_a_log_cut_at_its_end_is_told_by_its_head(left: int) -> None:
    fault = _fault(_keep(_chain())[:left], _head(_chain()))
    assert fault == f"line {left + 1} is missing: the log ended with line {LENGTH}"


def test_a_line_beyond_the_head_is_told() -> None:
    lines = _chain()
    fault = _fault(_keep(lines), _head(lines[:-1]))
    assert fault == f"line {LENGTH} was added: the log ended with line {LENGTH - 1}"


@pytest.mark.parametrize("farm", ["farm_2", None])
def test_the_log_of_one_is_not_that_of_another(farm: str | None) -> None:
    lines = _chain()
    assert _fault(_keep(lines), _head(lines), farm) == "line 1 was changed"


@given(st.permutations(range(LENGTH)), st.integers(0, LENGTH))
def test_only_the_whole_chain_in_order_holds(order: list[int], kept: int) -> None:
    lines = _chain()
    told = [lines[place] for place in order[:kept]]
    assert (_fault(_keep(told), _head(lines)) is None) == (told == lines)
