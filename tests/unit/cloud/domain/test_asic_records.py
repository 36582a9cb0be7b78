"""The newest states of a batch come back as they were put in."""

from __future__ import annotations

from cloud.domain.asic_records import AsicRow, LatestBatch, pack_rows
from cloud.domain.records import Latest, Mined
from cloud.ports import Item
from wire.edge import NoReply

SILENT = NoReply("refuses connections", 90.0, 2)
MINED = Mined("SHA256", 9.5e13, "H/s", None, 1e14, "pool.example:3333")


def test_what_is_known_of_each_machine_of_a_batch() -> None:
    rows = [
        AsicRow("one", 95.0, {10: 3250.0}, b"packed", (MINED,)),
        AsicRow("two", 80.0, {}, b"", (), SILENT),
    ]
    batch = LatestBatch("edge", 3, 100.0, 60.0, pack_rows(rows), stopped=True, dropped=4, clock_off_s=2.5)
    kept = Item.of(("farm#f#latest#00", "edge#00000003"), batch).read(LatestBatch)  # type: ignore[arg-type]
    assert kept.latest() == {
        "one": Latest("one", 95.0, 100.0, 60.0, {10: 3250.0}, b"packed", True, 4, 2.5, (MINED,)),
        "two": Latest("two", 80.0, 100.0, 60.0, {}, b"", True, 4, 2.5, silence=SILENT),
    }
