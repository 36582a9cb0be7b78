"""How samples become blocks: how long a block is, how it is kept on disk, and how it is thinned."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from wire.messages import Block, Series

LENGTH_S = 300
SHORTENED_BY_S = 60
VALUES_MAX = 420  # packed by the commander they stay within one write unit of 1 KB
SAMPLES_MAX = 720
THINNED_TO_S = 300

Values = Mapping[str, float]
_block_decoder = msgspec.msgpack.Decoder(Block)


def length_s(series: int, sample_s: float, report_s: float) -> int:
    """Seconds that a block of so many series covers: at most 300, less where it would hold too many values.

    Blocks shorter than the report's interval would only make reports of more blocks.
    """
    fitting_s = VALUES_MAX // max(series, 1) * sample_s
    shortened_s = int(max(fitting_s, report_s, SHORTENED_BY_S) // SHORTENED_BY_S) * SHORTENED_BY_S
    return min(shortened_s, LENGTH_S)


class Room(NamedTuple):
    """What one block takes: so many seconds, and at most so many samples, old and new cadence together."""

    seconds: int
    samples: int = SAMPLES_MAX


def room_of(series: int, sample_s: float, report_s: float) -> Room:
    """The room of a block at this cadence."""
    seconds = length_s(series, sample_s, report_s)
    fitting = max(VALUES_MAX // max(series, 1), math.ceil(seconds / sample_s))
    return Room(seconds, min(fitting, SAMPLES_MAX))


def block_of(samples: Sequence[tuple[int, Values]]) -> Block:
    """A column for each metric that was read at least once; times are given in epoch milliseconds."""
    names = dict.fromkeys(name for _, values in samples for name in values)
    return Block(
        tuple(at_ms / 1000 for at_ms, _ in samples),
        tuple(Series(name, tuple(values.get(name) for _, values in samples)) for name in names),
    )


def samples_of(block: Block) -> list[tuple[int, Values]]:
    """What `block_of` was given."""
    return [
        (
            to_ms(at),
            {each.metric: value for each in block.series if (value := each.values[index]) is not None},
        )
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
