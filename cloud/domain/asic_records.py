"""What the store keeps of ASICs and of the edges that read them. Times are epoch seconds by our clock."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import msgspec

from cloud.domain.records import Latest, Mined, PackedRecord, Record
from wire.edge import Appliance, EdgeState, Errand, ErrandResult, FoundDevice, NoReply


class KeptSeat(PackedRecord, frozen=True):
    """A device's place in the roster of an edge.

    `added_at` is the edge's word for when it was added: another one means another device. `macs` are those
    that lead to `machine`; `told` is a digest of what the edge said of the device, by which a change is seen,
    and `words` one of its name, place, client and tags.
    """

    machine: str
    reads: bool
    added_at: float
    macs: tuple[str, ...]
    told: str
    words: str


class Seats(PackedRecord, frozen=True):
    """The seats of one batch of an edge, by the device's number."""

    seats: dict[int, KeptSeat]


class Evidence(Record, frozen=True):
    """The machine that a MAC, or a make and serial number, belongs to."""

    machine: str


class AsicRow(PackedRecord, frozen=True):
    """The newest of what is known of one ASIC, as `cloud.domain.records.Latest` has it of a rig.

    `open` is its last reading, packed; b"" and no values: it is silent, see `silence`.
    """

    machine: str
    sampled_at: float
    values: dict[int, float | None]
    open: bytes
    mining: tuple[Mined, ...] = ()
    silence: NoReply | None = None


class LatestBatch(PackedRecord, frozen=True):
    """The newest states of the machines of a batch that its edge reads: one write for about 50 of them.

    `rows` are AsicRows, packed. The next report is due within `interval_s`.
    """

    agent: str
    batch: int
    received_at: float
    interval_s: float
    rows: bytes
    stopped: bool = False
    dropped: int = 0
    clock_off_s: float | None = None

    def latest(self) -> dict[str, Latest]:
        """What is known of each machine, as of a rig."""
        return {row.machine: self._latest(row) for row in _rows_decoder.decode(zlib.decompress(self.rows))}

    def _latest(self, row: AsicRow) -> Latest:
        return Latest(
            machine=row.machine,
            sampled_at=row.sampled_at,
            received_at=self.received_at,
            interval_s=self.interval_s,
            values=row.values,
            open=row.open,
            stopped=self.stopped,
            dropped=self.dropped,
            clock_off_s=self.clock_off_s,
            mining=row.mining,
            silence=row.silence,
        )


_rows_decoder = msgspec.msgpack.Decoder(tuple[AsicRow, ...])


def pack_rows(rows: Iterable[AsicRow]) -> bytes:
    """As `LatestBatch.rows` holds them."""
    return zlib.compress(msgspec.msgpack.encode(tuple(rows)), 6)


class StoredAppliance(PackedRecord, frozen=True):
    """What the last full reading told beside figures."""

    appliance: Appliance


class StoredEdge(PackedRecord, frozen=True):
    """How an edge is doing, as it last said; without what is kept beside it (found devices, results)."""

    received_at: float
    interval_s: float
    stopped: bool
    state: EdgeState


class StoredFound(PackedRecord, frozen=True):
    """What the edge's last search found, as last told."""

    found: tuple[FoundDevice, ...]


class StoredErrand(PackedRecord, frozen=True):
    """An errand as it was given, and how it ended."""

    number: int
    given_at: float
    errand: Errand
    result: ErrandResult | None = None
