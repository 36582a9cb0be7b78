"""What the store keeps of ASICs and of the edges that read them. Times are epoch seconds by our clock."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from cloud.domain.records import Latest, Machine, Mined, PackedRecord, Record
from wire.edge import Appliance, EdgeState, Errand, ErrandResult, FoundDevice, NoReply

T = TypeVar("T")


class KeptSeat(PackedRecord, frozen=True):
    """A device's place in the roster of an edge.

    `added_at` is the edge's word for when it was added: another one means another device. `macs` and
    `serial` (make and serial number) are those that lead to `machine`; `told` is a digest of what the edge
    said of the device, by which a change is seen, and `words` those of its name, place, client and tags.
    `since`: when it began to read the machine, or ceased to; 0 for one that never did.
    """

    machine: str
    reads: bool
    added_at: float
    macs: tuple[str, ...]
    told: str
    words: str
    serial: str = ""
    since: float = 0


class Seats(PackedRecord, frozen=True):
    """The seats of one batch of an edge, by the device's number, as it was told in `epoch`."""

    seats: dict[int, KeptSeat]
    epoch: int = 0


class Evidence(Record, frozen=True):
    """The machine that a MAC, or a make and serial number, belongs to."""

    machine: str


class BinnedMachine(Record, frozen=True):
    """An ASIC in the bin: its edge was deleted, or has it in its roster no more.

    `macs`, `serial` and `words` are those of the seat that read it. It comes back while it is told again,
    until `erased_at` is set.
    """

    machine: Machine
    binned_at: float
    macs: tuple[str, ...] = ()
    serial: str = ""
    words: str = ""
    erased_at: float | None = None


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
    """How an edge is doing, as it last said; without what is kept beside it (found devices, results).

    The next report is due within `interval_s`.
    """

    received_at: float
    interval_s: float
    stopped: bool
    packed: bytes

    @property
    def state(self) -> EdgeState:
        return _unpack(self.packed, EdgeState)


class StoredFound(PackedRecord, frozen=True):
    """What the edge's last search found, as last told."""

    packed: bytes

    @property
    def found(self) -> tuple[FoundDevice, ...]:
        return _unpack(self.packed, tuple[FoundDevice, ...])


class StoredErrand(PackedRecord, frozen=True):
    """An errand as it was given, b"" once it has ended, and how it ended, b"" until then.

    `kind` is its tag; `preview`: it changes nothing, but says what its rows would change.
    """

    number: int
    kind: str
    given_at: float
    packed: bytes
    packed_result: bytes = b""
    preview: bool = False

    @property
    def errand(self) -> Errand | None:
        return msgspec.msgpack.decode(zlib.decompress(self.packed), type=Errand) if self.packed else None

    @property
    def result(self) -> ErrandResult | None:
        return _unpack(self.packed_result, ErrandResult) if self.packed_result else None


def pack_told(told: object) -> bytes:
    """As the records above hold what an edge or a page said: it was sent in as many bytes, so it fits."""
    return zlib.compress(msgspec.msgpack.encode(told), 6)


def _unpack(packed: bytes, told: type[T]) -> T:
    return msgspec.msgpack.decode(zlib.decompress(packed), type=told)
