"""The newest states of a batch, and what edges told, come back as they were put in."""

from __future__ import annotations

from cloud.domain.asic_records import (
    AsicRow,
    LatestBatch,
    StoredEdge,
    StoredErrand,
    StoredFound,
    pack_rows,
    pack_told,
)
from cloud.domain.records import Latest, Mined
from cloud.ports import Item
from wire.edge import EdgeState, EndSearch, ErrandResult, FoundDevice, NoReply

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


def test_what_was_told_comes_back_as_it_was() -> None:
    state, found, result = (
        EdgeState(2, 1, 1, 0, 60.0),
        (FoundDevice("10.0.0.7"),),
        ErrandResult(3, True, "ended"),
    )
    assert StoredEdge(1.0, 60.0, False, pack_told(state)).state == state
    assert StoredFound(pack_told(found)).found == found
    ended = StoredErrand(3, "end_search", 1.0, b"", pack_told(result))
    assert (ended.errand, ended.result) == (None, result)
    waiting = StoredErrand(3, "end_search", 1.0, pack_told(EndSearch()))
    assert (waiting.errand, waiting.result) == (EndSearch(), None)
