"""What every store checks before it writes: how much one commit may hold."""

from __future__ import annotations

from collections.abc import Sequence

from cloud.ports import MAX_BODY_BYTES, MAX_COMMIT_WRITES, ItemTooLarge, Put, Write


def check_writes(writes: Sequence[Write]) -> None:
    """The limits of `commit`, the same for every store: number, size, distinct keys."""
    if not 1 <= len(writes) <= MAX_COMMIT_WRITES:
        raise ValueError(f"{len(writes)} writes in one commit; 1 to {MAX_COMMIT_WRITES} are possible")
    keys = {write.item.key if isinstance(write, Put) else write.key for write in writes}
    if len(keys) < len(writes):
        raise ValueError("two writes on one key in one commit")
    check_sizes(writes)


def check_sizes(writes: Sequence[Write]) -> None:
    """Raises ItemTooLarge for the first body that no store keeps."""
    for write in writes:
        if isinstance(write, Put) and len(write.item.body) > MAX_BODY_BYTES:
            raise ItemTooLarge(f"{len(write.item.body)} bytes; at most {MAX_BODY_BYTES} are kept")
