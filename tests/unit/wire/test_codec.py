"""Whatever bytes come in: a valid message or a Fault comes out, within every limit."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.wire.reports import machine_report, report
from wire.codec import (
    BLOCK_SPAN_MAX_S,
    MAX_INFLATED_BYTES,
    MAX_SENT_BYTES,
    check_report,
    decode,
    decode_from_page,
    decode_report,
    encode,
    encode_report,
    inflate,
)
from wire.faults import Fault
from wire.live import Look, MachineChange, ParkedFor, Parking, Ping
from wire.messages import (
    Block,
    Device,
    Enrolment,
    MachineReport,
    Mining,
    Program,
    Report,
    RigEvent,
    Series,
    Specs,
)
from wire.metrics import METRICS, Metric, Of

PARTS = ("gpu-4f1c", "gpu-0", "kawpow")
ROWS = [(metric, subject) for metric in METRICS for subject in (("",) if metric.of is Of.MACHINE else PARTS)]


@st.composite
def machine_reports(draw: st.DrawFn) -> MachineReport:
    start = draw(st.integers(0, 2**33))
    offsets = draw(st.sets(st.integers(0, BLOCK_SPAN_MAX_S), min_size=1, max_size=20))
    times = [start + offset for offset in sorted(offsets)]
    cut = draw(st.integers(0, len(times) - 1))
    closed = (_block(draw, times[:cut]),) if cut else ()
    under_way = _block(draw, times[cut:]) if not closed or draw(st.booleans()) else None
    after = draw(st.none() | st.floats(0, 1e10))
    return MachineReport("m1", closed, under_way, after)


def _block(draw: st.DrawFn, at: list[int]) -> Block:
    rows: list[tuple[Metric, str]] = draw(st.lists(st.sampled_from(ROWS), unique=True, max_size=12))
    series = tuple(Series(row.name, tuple(draw(_value(row)) for _ in at), subject) for row, subject in rows)
    return Block(tuple(float(time) for time in at), series)


def _value(metric: Metric) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(metric.minimum, metric.maximum)


@given(machine_reports(), st.booleans())
def test_what_was_encoded_is_decoded_again(machine: MachineReport, gzipped: bool) -> None:
    sent = report(machine)
    body = encode_report(sent) if gzipped else encode(sent)
    assert decode_report(body, gzipped=gzipped) == sent


@given(st.binary() | st.text().map(str.encode), st.booleans())
def test_random_bytes_raise_nothing_but_a_fault(body: bytes, gzipped: bool) -> None:
    attempts = (
        lambda: decode_report(body, gzipped=gzipped),
        lambda: decode(body, Enrolment),
        lambda: decode_from_page(body),
    )
    for attempt in attempts:
        with pytest.raises(Fault):
            attempt()


@given(st.binary())
def test_random_bytes_gzipped_raise_nothing_but_a_fault(plain: bytes) -> None:
    with pytest.raises(Fault):
        decode_report(gzip.compress(plain), gzipped=True)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_random_json_raises_nothing_but_a_fault(value: object) -> None:
    with pytest.raises(Fault):
        decode_report(msgspec.json.encode(value), gzipped=False)


@given(st.data())
def test_a_damaged_report_raises_nothing_but_a_fault(data: st.DataObject) -> None:
    body = bytearray(encode_report(report()))
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        decoded = decode_report(bytes(body), gzipped=True)
    except Fault:
        return
    assert isinstance(decoded, Report)


def test_deep_nesting_is_a_fault() -> None:
    with pytest.raises(Fault) as caught:
        decode_report(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", gzipped=False)
    assert caught.value.code == "bad_json"


def test_a_gzip_bomb_is_refused_without_inflating_it() -> None:
    squeezer = zlib.compressobj(9, wbits=31)
    megabyte = bytes(1024 * 1024)
    bomb = b"".join(squeezer.compress(megabyte) for _ in range(200)) + squeezer.flush()
    assert len(bomb) < MAX_SENT_BYTES
    # Were it inflated, decompressing 200 MB would show; so would the memory.
    with pytest.raises(Fault) as caught:
        decode_report(bomb, gzipped=True)
    assert (caught.value.code, caught.value.status) == ("inflated_too_large", 413)


def test_the_limit_itself_is_allowed() -> None:
    assert len(inflate(gzip.compress(bytes(MAX_INFLATED_BYTES)))) == MAX_INFLATED_BYTES
    with pytest.raises(Fault):
        inflate(gzip.compress(bytes(MAX_INFLATED_BYTES + 1)))


def test_a_body_too_large_is_not_even_read() -> None:
    with pytest.raises(Fault) as caught:
        decode_report(bytes(MAX_SENT_BYTES + 1), gzipped=True)
    assert (caught.value.code, caught.value.status) == ("body_too_large", 413)


@pytest.mark.parametrize("tail", [b"x", gzip.compress(b"", mtime=0)], ids=["a letter", "another gzip"])
def test_nothing_may_follow_the_gzip(tail: bytes) -> None:
    with pytest.raises(Fault) as caught:
        inflate(gzip.compress(b"{}") + tail)
    assert caught.value.code == "bad_gzip"


def test_a_gzip_cut_short_is_refused() -> None:
    with pytest.raises(Fault) as caught:
        inflate(encode_report(report())[:-1])
    assert caught.value.code == "bad_gzip"


def _power(subject: str) -> Series:
    return Series("gpu_power_w", (1.0,), subject)


def _event(number: int) -> RigEvent:
    return RigEvent(number, 1.0, "started", "because")


def _more(**parts: Any) -> MachineReport:
    return replace(machine_report(), **parts)


@pytest.mark.parametrize(
    ("machines", "code", "field"),
    [
        ((machine_report(), machine_report()), "duplicate_machine", "machines[1].machine"),
        ((machine_report(at=(2.0, 2.0)),), "times_out_of_order", "machines[0].open.at"),
        (
            (machine_report(series=(Series("load_1min", (1.0, 2.0)),)),),
            "uneven_series",
            "machines[0].open.series[0].values",
        ),
        (
            (machine_report(series=(Series("load_1min", (1.0,)), Series("load_1min", (1.0,)))),),
            "duplicate_metric",
            "machines[0].open.series[1].metric",
        ),
        (
            (machine_report(series=(_power("a"), _power("b"), _power("a"))),),
            "duplicate_metric",
            "machines[0].open.series[2].metric",
        ),
        (
            (machine_report(series=(Series("load_1min", (1.0,), "a"),)),),
            "bad_subject",
            "machines[0].open.series[0].subject",
        ),
        (
            (machine_report(series=(_power("a"), _power(""))),),
            "bad_subject",
            "machines[0].open.series[1].subject",
        ),
        (
            (_more(mining=(Mining("x", 1.0), Mining("x", None, coin="X"), Mining("x", 2.0))),),
            "duplicate_mining",
            "machines[0].mining[2]",
        ),
        (
            (_more(programs=(Program("p", "xmrig", "running"), Program("p", "trex", "stopped"))),),
            "duplicate_program",
            "machines[0].programs[1]",
        ),
        (
            (_more(specs=Specs(devices=(Device("a"), Device("b"), Device("a")))),),
            "duplicate_device",
            "machines[0].specs.devices[2]",
        ),
        ((_more(events=(_event(2), _event(2))),), "events_out_of_order", "machines[0].events"),
        ((_more(events=(_event(1), _event(3), _event(2))),), "events_out_of_order", "machines[0].events"),
        (
            (MachineReport("m1", (Block((5.0,), ()),), Block((5.0,), ())),),
            "times_out_of_order",
            "machines[0].blocks",
        ),
        (
            (machine_report(series=(Series("beauty", (1.0,)),)),),
            "unknown_metric",
            "machines[0].open.series[0].metric",
        ),
        (
            (machine_report(at=(1.0, 2.0), series=(Series("cpu_load_pct", (None, 101.0)),)),),
            "bad_value",
            "machines[0].open.series[0].values[1]",
        ),
    ],
)
def test_what_types_cannot_say(machines: tuple[MachineReport, ...], code: str, field: str) -> None:
    with pytest.raises(Fault) as caught:
        check_report(report(*machines))
    assert (caught.value.code, caught.value.field) == (code, field)


def test_what_only_looks_like_twice_is_accepted() -> None:
    check_report(
        report(
            _more(
                blocks=(),
                open=Block((1.0,), (_power("a"), _power("b"), Series("gpu_load_pct", (1.0,), "a"))),
                mining=(Mining("x", 1.0), Mining("x", 1.0, coin="X"), Mining("y", 1.0)),
                programs=(Program("p", "xmrig", "running"), Program("q", "xmrig", "running")),
                specs=Specs(devices=(Device("a"), Device("b"))),
                events=(_event(1), _event(7)),
            )
        )
    )


@pytest.mark.parametrize(("series", "fits"), [(1000, True), (1001, False)])
def test_a_block_has_at_most_a_thousand_series(series: int, fits: bool) -> None:
    columns = tuple(_power(f"gpu-{number}") for number in range(series))
    body = encode_report(report(machine_report(series=columns)))
    if fits:
        decode_report(body, gzipped=True)
        return
    with pytest.raises(Fault) as caught:
        decode_report(body, gzipped=True)
    assert (caught.value.code, caught.value.field) == ("bad_message", "machines[0].open.series")


def test_a_page_pings_and_looks() -> None:
    assert decode_from_page(b'{"type":"ping"}') == Ping()
    assert decode_from_page(b'{"type":"look","machines":["m_1","m-2"],"more":1}') == Look(("m_1", "m-2"))
    assert decode_from_page(b'{"machines":[],"type":"look"}') == Look(())


FIFTY = [f"m{number}" for number in range(50)]


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"type": "look"}, ""),
        ({"type": "look", "machines": None}, "machines"),
        ({"type": "look", "machines": "m1"}, "machines"),
        ({"type": "look", "machines": [1]}, "machines[0]"),
        ({"type": "look", "machines": ["m1", "a#b"]}, "machines[1]"),
        ({"type": "look", "machines": [""]}, "machines[0]"),
        ({"type": "look", "machines": ["x" * 65]}, "machines[0]"),
        ({"type": "look", "machines": [*FIFTY, "m50"]}, "machines"),
        ({"type": "delta"}, "type"),
        ({"type": 1}, "type"),
        ({}, ""),
        ([], ""),
    ],
)
def test_anything_else_of_a_page_is_refused_with_its_place(message: object, field: str) -> None:
    with pytest.raises(Fault) as caught:
        decode_from_page(msgspec.json.encode(message))
    assert (caught.value.code, caught.value.status, caught.value.field) == ("bad_message", 422, field)


def test_a_page_looks_at_fifty_machines_at_most() -> None:
    assert decode_from_page(msgspec.json.encode({"type": "look", "machines": FIFTY})) == Look(tuple(FIFTY))


def test_a_page_that_says_too_much_is_not_even_read() -> None:
    with pytest.raises(Fault) as caught:
        decode_from_page(b" " * (MAX_SENT_BYTES + 1))
    assert (caught.value.code, caught.value.status) == ("body_too_large", 413)


def test_what_a_change_leaves_out_is_not_what_it_sets_to_nothing() -> None:
    assert decode(b"{}", MachineChange) == MachineChange()
    nothing = decode(b'{"client":null,"parked":null,"tags":[],"place":""}', MachineChange)
    assert nothing == MachineChange(place="", tags=(), client=None, parked=None)
    assert nothing != MachineChange()
    parked = decode(b'{"parked":{"reason":"spare"}}', MachineChange)
    assert parked == MachineChange(parked=Parking(ParkedFor.SPARE))


@pytest.mark.parametrize("change", [MachineChange(), MachineChange(client=None, tags=("a",))])
def test_a_change_is_encoded_as_it_was_meant(change: MachineChange) -> None:
    assert decode(encode(change), MachineChange) == change


@pytest.mark.parametrize("where", ["blocks[0]", "open"])
def test_a_block_of_more_than_an_hour_is_refused(where: str) -> None:
    """Each hour that a block spans costs the commander a rollup; an honest one spans five minutes."""
    load = Series("cpu_load_pct", (1.0, 2.0))
    longest, longer = (Block((1.0, 1.0 + span), (load,)) for span in (3600.0, 3600.5))
    for block, fine in ((longest, True), (longer, False)):
        closed, under_way = ((block,), None) if where == "blocks[0]" else ((), block)
        body = encode(report(MachineReport("m1", closed, under_way)))
        if fine:
            decode_report(body, gzipped=False)
            continue
        with pytest.raises(Fault) as caught:
            decode_report(body, gzipped=False)
        assert (caught.value.code, caught.value.status) == ("block_too_long", 422)
        assert caught.value.field == f"machines[0].{where}.at"
