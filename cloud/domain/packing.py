"""Packs samples, and folds of them, into few bytes.

A block is kept as whole steps of each metric, as differences, in narrow integers: some minutes of a
rig's figures must fit, with everything else, into the 1 KB that a DynamoDB write is billed by.
"""

from __future__ import annotations

import math
import sys
import zlib
from array import array
from collections.abc import Sequence

import msgspec

from cloud.domain.rollup import Fold, Folds
from wire.messages import Block, Series, series_name, split_series_name
from wire.metrics import BY_CODE, BY_NAME, Metric, from_steps

_WIDTHS = "bhiq"
_BITS = {"b": 8, "h": 16, "i": 32, "q": 64}
_CODE_BITS = 8


class _Run(msgspec.Struct, frozen=True, array_like=True):
    """A column: numbers from `base` on, by the differences between neighbours, counted in `unit`.

    `differences` are little-endian integers of `width`, the least of them for "no value". The first is
    from `base`.
    """

    width: str
    differences: bytes
    base: int = 0
    unit: int = 1


_Column = _Run | int | None
"""A number alone stands at every time; None: never read."""


class _Packed(msgspec.Struct, frozen=True, array_like=True):
    """Times in milliseconds from the first on, then a column for each series by its `column_of`."""

    start_ms: int
    at: _Run
    columns: dict[int, _Column]
    subjects: tuple[str, ...] = ()


_decoder = msgspec.msgpack.Decoder(_Packed)

Buckets = dict[int, dict[int, Fold]]
"""Offset of a bucket to `column_of` a series to fold."""


class _PackedFolds(msgspec.Struct, frozen=True, array_like=True):
    buckets: Buckets
    subjects: tuple[str, ...]


_folds_decoder = msgspec.msgpack.Decoder(_PackedFolds)


class Subjects:
    """Subjects by their place, so that a series is one integer; place 0 is the machine itself."""

    def __init__(self) -> None:
        self._places = {"": 0}

    def column_of(self, name: str) -> int:
        """What stands for a series' name: its metric's code, above that its subject's place."""
        metric, subject = split_series_name(name)
        place = self._places.setdefault(subject, len(self._places))
        return BY_NAME[metric].code | place << _CODE_BITS

    def listed(self) -> tuple[str, ...]:
        """Those met so far, for `name_of`."""
        return tuple(self._places)[1:]


def name_of(column: int, subjects: Sequence[str]) -> str | None:
    """The name of the series that `Subjects` gave this integer; None: its metric is not in the table."""
    place, code = divmod(column, 1 << _CODE_BITS)
    if code not in BY_CODE or place > len(subjects):
        return None
    return series_name(BY_CODE[code].name, subjects[place - 1] if place else "")


def pack(block: Block) -> bytes:
    """The block to the precision of its metrics' steps and of a millisecond."""
    milliseconds = [round(round(at, 3) * 1000) for at in block.at]
    start = milliseconds[0]
    subjects = Subjects()
    columns = {
        subjects.column_of(series.name): _column(_whole(BY_NAME[series.metric], series.values))
        for series in block.series
    }
    packed = _Packed(start, _run([at - start for at in milliseconds], 0), columns, subjects.listed())
    return zlib.compress(msgspec.msgpack.encode(packed), 6)


def unpack(body: bytes) -> Block:
    """What `pack` was given; series whose metric is no longer in the table are left out."""
    packed = _decoder.decode(zlib.decompress(body))
    at = tuple((packed.start_ms + (offset or 0)) / 1000 for offset in _numbers(packed.at))
    named = ((name_of(key, packed.subjects), column) for key, column in packed.columns.items())
    return Block(at, tuple(_series(name, column, len(at)) for name, column in named if name is not None))


def pack_folds(folds: Folds, from_at: int) -> bytes:
    """Folds by bucket and series' name; the same bytes in whatever order they were folded."""
    subjects = Subjects()
    buckets = {
        start - from_at: {subjects.column_of(name): fold for name, fold in sorted(bucket.items())}
        for start, bucket in sorted(folds.items())
    }
    packed = _PackedFolds(buckets, subjects.listed())
    return zlib.compress(msgspec.msgpack.encode(packed), 6)


def unpack_folds(body: bytes | Buckets, from_at: int) -> Folds:
    """What `pack_folds` was given, or older bodies had; without metrics that are no longer in the table."""
    packed = (
        _PackedFolds(body, ()) if isinstance(body, dict) else _folds_decoder.decode(zlib.decompress(body))
    )
    columns = {column for bucket in packed.buckets.values() for column in bucket}
    names = {column: name for column in columns if (name := name_of(column, packed.subjects)) is not None}
    return {
        from_at + offset: {names[column]: fold for column, fold in bucket.items() if column in names}
        for offset, bucket in packed.buckets.items()
    }


def _series(name: str, column: _Column, count: int) -> Series:
    metric_name, subject = split_series_name(name)
    metric = BY_NAME[metric_name]
    numbers = _numbers(column) if isinstance(column, _Run) else [column] * count
    values = tuple(None if number is None else from_steps(metric, number) for number in numbers)
    return Series(metric_name, values, subject)


def _whole(metric: Metric, values: Sequence[float | None]) -> list[int | None]:
    step = metric.step
    return [None if value is None else round(value / step) for value in values]


def _column(numbers: Sequence[int | None]) -> _Column:
    base = next((number for number in numbers if number is not None), None)
    if base is None or all(number == base for number in numbers):
        return base
    return _run(numbers, base)


def _run(numbers: Sequence[int | None], base: int) -> _Run:
    differences: list[int | None] = []
    before = base
    for number in numbers:
        differences.append(None if number is None else number - before)
        before = before if number is None else number
    read = [difference for difference in differences if difference is not None]
    unit = math.gcd(*read) or 1
    width = _narrowest(min(read) // unit, max(read) // unit)
    absent = -(1 << _BITS[width] - 1)
    narrow = array(width, [absent if each is None else each // unit for each in differences])
    return _Run(width, _little_endian(narrow).tobytes(), base, unit)


def _narrowest(least: int, most: int) -> str:
    """The least number of a width is kept free, as the sign of an absent value."""
    for code in _WIDTHS:
        bound = 1 << _BITS[code] - 1
        if -bound < least and most < bound:
            return code
    raise ValueError("a value is beyond 63 bits of its metric's step")


def _numbers(run: _Run) -> list[int | None]:
    differences = array(run.width)
    differences.frombytes(run.differences)
    absent, number = -(1 << _BITS[run.width] - 1), run.base
    numbers: list[int | None] = []
    for difference in _little_endian(differences):
        if difference == absent:
            numbers.append(None)
        else:
            number += difference * run.unit
            numbers.append(number)
    return numbers


def _little_endian(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
