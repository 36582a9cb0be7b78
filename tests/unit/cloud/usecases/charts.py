"""What charts must say, straight from the samples that arrived."""

from __future__ import annotations

from collections import defaultdict

from cloud.domain.rollup import metric_of
from cloud.usecases.show_history import SPANS, Span, show_history
from tests.fakes.world import Sentry, World
from tests.unit.cloud.usecases.life import Ledger
from wire.live import History
from wire.metrics import RollUp


def show(world: World, sentry: Sentry, span: str) -> History:
    return show_history(world.ports, sentry.farm, sentry.machine, SPANS[span])


def naive(ledger: Ledger, now: float, span: Span) -> dict[str, dict[float, float]]:
    """Series' name to bucket to figure, of all but counters."""
    first = now - span.length_s
    lists: dict[tuple[str, float], list[float]] = defaultdict(list)
    for (at, metric), value in sorted(ledger.items()):
        start = at // span.width_s * span.width_s if span.width_s else at
        if at <= now and start + (span.width_s or 0.001) > first:
            lists[metric, start].append(value)
    figures: dict[str, dict[float, float]] = defaultdict(dict)
    for (metric, start), values in lists.items():
        match metric_of(metric).roll_up:
            case RollUp.MEAN:
                figures[metric][start] = sum(values) / len(values)
            case RollUp.MAX:
                figures[metric][start] = max(values)
            case RollUp.LAST:
                figures[metric][start] = values[-1]
            case RollUp.INCREASE:
                pass
    return dict(figures)


def drawn(history: History) -> dict[str, dict[float, float]]:
    """What is shown, in the shape of `naive`."""
    return {
        metric: {at: value for at, value in zip(history.at, values, strict=True) if value is not None}
        for metric, values in history.values.items()
        if metric_of(metric).roll_up is not RollUp.INCREASE
    }
