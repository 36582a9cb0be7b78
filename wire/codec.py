"""Bytes to messages and back, with every limit checked before anything is believed."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Hashable, Iterable
from itertools import pairwise
from typing import TypeVar

import msgspec

from wire.faults import Fault
from wire.live import FromPage
from wire.messages import Block, MachineReport, Report, Series
from wire.metrics import BY_NAME, Of, misreading

MAX_SENT_BYTES = 256 * 1024
MAX_INFLATED_BYTES = 1024 * 1024
BLOCK_SPAN_MAX_S = 3600
"""Twelve times what an agent gathers in one block, whatever its cadence and its clock do."""

T = TypeVar("T")
_PATH = re.compile(r" - at `\$?\.?([^`]*)`\Z")
_report_decoder = msgspec.json.Decoder(Report)
_page_decoder: msgspec.json.Decoder[FromPage] = msgspec.json.Decoder(FromPage)


def encode(message: msgspec.Struct) -> bytes:
    """JSON of one message."""
    return msgspec.json.encode(message)


def encode_report(report: Report) -> bytes:
    """Gzipped JSON, as sent with `REPORT_CONTENT_TYPE`."""
    return gzip.compress(encode(report), compresslevel=6, mtime=0)


def decode(body: bytes, kind: type[T]) -> T:
    """Reads one message of `kind`; raises Fault `bad_json` (400) or `bad_message` (422)."""
    if len(body) > MAX_SENT_BYTES:
        raise too_large(len(body))
    return _read(msgspec.json.Decoder(kind), body)


def decode_from_page(body: bytes) -> FromPage:
    """Reads what a page sends by its socket; raises Fault as `decode`."""
    if len(body) > MAX_SENT_BYTES:
        raise too_large(len(body))
    return _read(_page_decoder, body)


def decode_report(body: bytes, *, gzipped: bool) -> Report:
    """Reads and checks a whole report; raises Fault with the path of what is wrong."""
    if len(body) > MAX_SENT_BYTES:
        raise too_large(len(body))
    report = _read(_report_decoder, inflate(body) if gzipped else body)
    check_report(report)
    return report


def inflate(body: bytes) -> bytes:
    """Gunzips at most `MAX_INFLATED_BYTES`, stopping as soon as more would come."""
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(body, MAX_INFLATED_BYTES + 1)
    except zlib.error as error:
        raise Fault("bad_gzip", "The body is not gzip.", status=400) from error
    if len(plain) > MAX_INFLATED_BYTES:
        raise Fault(
            "inflated_too_large",
            f"The body inflates to more than {MAX_INFLATED_BYTES:,} bytes.",
            status=413,
        )
    if not inflater.eof or inflater.unused_data:
        raise Fault("bad_gzip", "The gzip body is cut short or followed by other bytes.", status=400)
    return plain


def too_large(size_bytes: int) -> Fault:
    """The refusal of a body over `MAX_SENT_BYTES`."""
    message = f"The body has {size_bytes:,} bytes; at most {MAX_SENT_BYTES:,} are accepted."
    return Fault("body_too_large", message, status=413)


def check_report(report: Report) -> None:
    """What types cannot say: known metrics, equal lengths, ascending times, nothing twice, true values."""
    if not report.machines and report.edge is None:
        raise Fault("nothing_reported", "Nothing is reported of any machine.", "machines")
    seen: set[str] = set()
    for index, machine in enumerate(report.machines):
        path = f"machines[{index}]"
        if machine.machine in seen:
            raise Fault("duplicate_machine", "A machine stands twice in one report.", f"{path}.machine")
        seen.add(machine.machine)
        _check_machine(machine, path)


def _check_machine(machine: MachineReport, path: str) -> None:
    for index, block in enumerate(machine.blocks):
        _check_block(block, f"{path}.blocks[{index}]")
    if machine.open is not None:
        _check_block(machine.open, f"{path}.open")
    parts = (*machine.blocks, *([machine.open] if machine.open else ()))
    if not parts and machine.silence is None:
        message = (
            "Nothing is reported of this machine: neither blocks nor an open one, nor that it is silent."
        )
        raise Fault("nothing_reported", message, path)
    if any(later.at[0] <= earlier.at[-1] for earlier, later in pairwise(parts)):
        raise Fault("times_out_of_order", "The blocks do not follow one another.", f"{path}.blocks")
    _check_rows(machine, path)


def _check_rows(machine: MachineReport, path: str) -> None:
    mining = ((row.algorithm, row.coin) for row in machine.mining)
    _check_unique(mining, "duplicate_mining", "An algorithm and coin", f"{path}.mining")
    programs = (row.program for row in machine.programs)
    _check_unique(programs, "duplicate_program", "A program", f"{path}.programs")
    devices = (device.device for device in machine.specs.devices) if machine.specs else ()
    _check_unique(devices, "duplicate_device", "A device", f"{path}.specs.devices")
    if any(later.id <= earlier.id for earlier, later in pairwise(machine.events)):
        message = "The ids of the events do not ascend."
        raise Fault("events_out_of_order", message, f"{path}.events")


def _check_unique(known_by: Iterable[Hashable], code: str, what: str, path: str) -> None:
    seen: set[Hashable] = set()
    for index, each in enumerate(known_by):
        if each in seen:
            raise Fault(code, f"{what} stands twice for one machine.", f"{path}[{index}]")
        seen.add(each)


def _check_block(block: Block, path: str) -> None:
    times = block.at
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise Fault("times_out_of_order", "The times of the samples do not ascend.", f"{path}.at")
    span_s = times[-1] - times[0]
    if span_s > BLOCK_SPAN_MAX_S:
        message = f"The block spans {span_s:,.0f} s; at most {BLOCK_SPAN_MAX_S:,} s are accepted."
        raise Fault("block_too_long", message, f"{path}.at")
    _check_all_series(block, path)


def _check_all_series(block: Block, path: str) -> None:
    seen: set[tuple[str, str]] = set()
    for index, series in enumerate(block.series):
        where = f"{path}.series[{index}]"
        if (series.metric, series.subject) in seen:
            message = "A metric stands twice for one subject."
            raise Fault("duplicate_metric", message, f"{where}.metric")
        seen.add((series.metric, series.subject))
        if len(series.values) != len(block.at):
            message = f"{len(series.values)} values stand beside {len(block.at)} times."
            raise Fault("uneven_series", message, f"{where}.values")
        _check_series(series, where)


def _check_series(series: Series, where: str) -> None:
    name = series.metric
    metric = BY_NAME.get(name)
    if metric is None:
        raise Fault("unknown_metric", f"{name!r} is not a metric that we know.", f"{where}.metric")
    if (metric.of is Of.MACHINE) != (series.subject == ""):
        wrong = "has no subject" if metric.of is Of.MACHINE else "needs a subject"
        message = f"{name} is of a {metric.of} and {wrong}."
        raise Fault("bad_subject", message, f"{where}.subject")
    for index, value in enumerate(series.values):
        reason = None if value is None else misreading(metric, value)
        if reason is not None:
            raise Fault("bad_value", f"The value of {name} {reason}.", f"{where}.values[{index}]")


def _read(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        text = str(error)
        path = _PATH.search(text)
        sentence = _PATH.sub("", text)
        raise Fault("bad_message", f"{sentence}.", path[1] if path else "") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Fault("bad_json", "The body is not valid JSON.", status=400) from error
    except RecursionError as error:
        raise Fault("bad_json", "The body is nested too deeply.", status=400) from error
