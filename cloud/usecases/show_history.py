"""The samples of one machine over a span of time."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.domain import keys, state
from cloud.domain.records import Latest, Samples
from cloud.ports import Ports, every
from wire.faults import Fault
from wire.live import History

Row = tuple[float, dict[str, float | None]]


def show_history(ports: Ports, farm: str, machine_id: str, span_s: float) -> History:
    """What was sampled in the last `span_s` seconds; raises Fault `machine_unknown` (404)."""
    key, latest_key = keys.machine(farm, machine_id), keys.latest(farm, machine_id)
    found = ports.store.get_many([key, latest_key])
    if key not in found:
        raise Fault("machine_unknown", "There is no such machine.", status=404)
    to_at = ports.clock()
    rows = dict(_rows(ports, farm, machine_id, to_at - span_s))
    at = sorted(when for when in rows if to_at - span_s <= when <= to_at)
    metrics = sorted({name for values in rows.values() for name in values})
    interval_s = _interval_s(ports, found[latest_key].read(Latest) if latest_key in found else None)
    return History(
        server_at=to_at,
        from_at=to_at - span_s,
        to_at=to_at,
        gap_s=state.gap_s(interval_s),
        at=at,
        values={name: [rows[when].get(name) for when in at] for name in metrics},
    )


def _interval_s(ports: Ports, latest: Latest | None) -> float:
    return latest.interval_s if latest else ports.policy.report_interval_s


def _rows(ports: Ports, farm: str, machine_id: str, from_at: float) -> Iterator[Row]:
    """A row per sample time. An item is found by its first sample, so one begun before is read too."""
    pk = keys.samples_pk(farm, machine_id)
    first, last = keys.samples_sk(from_at), keys.SAMPLES_PREFIX + "~"
    before = ports.store.query(pk, keys.SAMPLES_PREFIX, first, forwards=False, limit=1).items
    for item in before:
        yield from _samples(item.read(Samples))
    for item in every(ports.store, pk, first, last):
        yield from _samples(item.read(Samples))


def _samples(samples: Samples) -> Iterator[Row]:
    for index, when in enumerate(samples.at):
        yield when, {series.metric: series.values[index] for series in samples.series}
