"""How samples become blocks: how long a block is, how it is kept on disk, and how it is thinned."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from wire.messages import Block, Series, split_series_name

LENGTH_S = 300
SHORTENED_BY_S = 60
# Packed by the commander, with all that stands beside them there, they stay within one write unit of
# 1 KB, and those of a machine with many devices within two; see decision 0018.
VALUES_MAX, MANY_VALUES_MAX = 420, 1800
SAMPLES_MAX = 720
THINNED_TO_S = 300

Values = Mapping[str, float]
"""One sample: the value of each series by its name, as `wire.messages.series_name` has it."""
_block_decoder = msgspec.msgpack.Decoder(Block)


def length_s(series: int, sample_s: float, report_s: float) -> int:
    """Seconds that a block of so many series covers: at most 300, less where it would hold too many values.

    Blocks shorter than the report's interval would only make reports of more blocks.
    """
    fitting_s = _fitting(series, sample_s, report_s) * sample_s
    shortened_s = int(max(fitting_s, report_s, SHORTENED_BY_S) // SHORTENED_BY_S) * SHORTENED_BY_S
    return min(shortened_s, LENGTH_S)


def _fitting(series: int, sample_s: float, report_s: float) -> int:
    """Samples that make a block of one write unit; of two where one would not hold two reports' time."""
    few = VALUES_MAX // max(series, 1)
    if few * sample_s >= max(2 * report_s, SHORTENED_BY_S):
        return few
    return MANY_VALUES_MAX // max(series, 1)


class Room(NamedTuple):
    """What one block takes: so many seconds, and at most so many samples, old and new cadence together."""

    seconds: int
    samples: int = SAMPLES_MAX


def room_of(series: int, sample_s: float, report_s: float) -> Room:
    """The room of a block at this cadence."""
    seconds = length_s(series, sample_s, report_s)
    samples = max(_fitting(series, sample_s, report_s), math.ceil(seconds / sample_s))
    return Room(seconds, min(samples, SAMPLES_MAX))


def block_of(samples: Sequence[tuple[int, Values]]) -> Block:
    """A column for each series that was read at least once; times are given in epoch milliseconds."""
    names = dict.fromkeys(name for _, values in samples for name in values)
    columns = ((split_series_name(name), tuple(values.get(name) for _, values in samples)) for name in names)
    return Block(
        tuple(at_ms / 1000 for at_ms, _ in samples),
        tuple(Series(metric, column, subject) for (metric, subject), column in columns),
    )


def samples_of(block: Block) -> list[tuple[int, Values]]:
    """What `block_of` was given."""
    columns = [(series.name, series.values) for series in block.series]
    return [
        (to_ms(at), {name: value for name, values in columns if (value := values[index]) is not None})
        for index, at in enumerate(block.at)
    ]


def thinned(block: Block) -> Block:
    """One sample of each 5 min, the first one always: the block is known by it."""
    kept: list[tuple[int, Values]] = []
    for at_ms, values in samples_of(block):
        if not kept or at_ms - kept[-1][0] >= THINNED_TO_S * 1000:
            kept.append((at_ms, values))
    return block_of(kept)


def freeze(block: Block) -> bytes:
    """The block as kept on disk."""
    return zlib.compress(msgspec.msgpack.encode(block), 6)


def thaw(body: bytes) -> Block:
    """The block that was frozen."""
    return _block_decoder.decode(zlib.decompress(body))


def to_ms(at: float) -> int:
    """Epoch seconds as whole milliseconds."""
    return round(at * 1000)
