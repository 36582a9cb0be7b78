"""What the fake commander answers of a machine's past: samples or buckets, with a silence in their midst."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wire import live as w

Values = dict[str, float | None]
Span = tuple[int, int | None]
HISTORY_STEP_S = 10
# Length and width of the buckets; None: samples.
SPANS: dict[str, Span] = {
    "1h": (3600, None),
    "24h": (86_400, 600),
    "7d": (7 * 86_400, 600),
    "30d": (30 * 86_400, 3600),
    "1y": (365 * 86_400, 86_400),
}


def history_of(read: Callable[[float], Values], known: bool, late: bool, now: float, span: Span) -> w.History:
    length_s, width_s = span
    times = list(bucket_times(now, length_s, width_s) if width_s else sample_times(now))
    times = times if known else []
    # Over longer spans the waves are longer too, so that they can be seen.
    reads = [read(at * 3600 / length_s) for at in times]
    return w.History(
        server_at=now,
        from_at=now - length_s,
        to_at=now,
        resolution_s=width_s,
        gap_s=1.5 * width_s if width_s else 25,
        at=times,
        values={name: [one[name] for one in reads] for name in (reads[0] if reads else ())},
        late=[at for at in times if late and 0.6 <= (now - at) / length_s < 0.7],
    )


def bucket_times(now: float, length_s: int, width_s: int) -> Iterator[float]:
    """The starts of all buckets but for a silence and one single bucket within it."""
    first = int((now - length_s) // width_s)
    count = int(now // width_s) - first
    for step in range(count + 1):
        if not 0.42 < step / count < 0.58 or step == count // 2:
            yield float((first + step) * width_s)


def sample_times(now: float) -> Iterator[float]:
    """The last hour but for a silence of some minutes and one single sample within it."""
    for step in range(3600 // HISTORY_STEP_S, 0, -1):
        ago = step * HISTORY_STEP_S
        if not 1500 < ago < 2100 or ago == 1800:
            yield now - ago
