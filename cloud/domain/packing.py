"""Packs a block of samples into few bytes: whole steps of each metric, as differences, in narrow integers.

A minute of a rig's figures must fit, with everything else, into the 1 KB that a DynamoDB write is billed by.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Sequence

import msgspec

from wire.messages import Block, Series
from wire.metrics import BY_CODE, BY_NAME, Metric, from_steps

_WIDTHS = "bhiq"
_BITS = {"b": 8, "h": 16, "i": 32, "q": 64}

Column = tuple[str, bytes]
"""Width code and the differences between neighbours, the first from 0; least of the width: no value."""


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    """Times in milliseconds, then a column per metric by its code."""

    start_ms: int
    at: Column
    columns: dict[int, Column]


_decoder = msgspec.msgpack.Decoder(_Packed)


def pack(block: Block) -> bytes:
    """The block to the precision of its metrics' steps and of a millisecond."""
    milliseconds = [round(round(at, 3) * 1000) for at in block.at]
    start = milliseconds[0]
    columns = {
        (metric := BY_NAME[series.metric]).code: _column(_whole(metric, series.values))
        for series in block.series
    }
    packed = _Packed(start, _column([at - start for at in milliseconds]), columns)
    return zlib.compress(msgspec.msgpack.encode(packed), 6)


def unpack(body: bytes) -> Block:
    """What `pack` was given; metrics that are no longer in the table are left out."""
    packed = _decoder.decode(zlib.decompress(body))
    at = tuple((packed.start_ms + (offset or 0)) / 1000 for offset in _numbers(packed.at))
    known = ((BY_CODE[code], column) for code, column in packed.columns.items() if code in BY_CODE)
    return Block(at, tuple(Series(metric.name, _values(metric, column)) for metric, column in known))


def _whole(metric: Metric, values: Sequence[float | None]) -> list[int | None]:
    step = metric.step
    return [None if value is None else round(value / step) for value in values]


def _values(metric: Metric, column: Column) -> tuple[float | None, ...]:
    numbers = _numbers(column)
    return tuple(None if number is None else from_steps(metric, number) for number in numbers)


def _column(numbers: Sequence[int | None]) -> Column:
    differences: list[int | None] = []
    before = 0
    for number in numbers:
        differences.append(None if number is None else number - before)
        before = before if number is None else number
    read = [difference for difference in differences if difference is not None]
    code = _narrowest(min(read, default=0), max(read, default=0))
    absent = -(1 << _BITS[code] - 1)
    packed = array(code, [absent if difference is None else difference for difference in differences])
    return code, _little_endian(packed).tobytes()


def _narrowest(least: int, most: int) -> str:
    """The least number of a width is kept free, as the sign of an absent value."""
    for code in _WIDTHS:
        bound = 1 << _BITS[code] - 1
        if -bound < least and most < bound:
            return code
    raise ValueError("a value is beyond 63 bits of its metric's step")


def _numbers(column: Column) -> list[int | None]:
    code, content = column
    differences = array(code)
    differences.frombytes(content)
    absent, number = -(1 << _BITS[code] - 1), 0
    numbers: list[int | None] = []
    for difference in _little_endian(differences):
        if difference == absent:
            numbers.append(None)
        else:
            number += difference
            numbers.append(number)
    return numbers


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
