"""Samples leave in order and whole, a report under way never changes, and what is lost is counted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.wire.reports import machine_report, report
from wire.codec import MAX_SENT_BYTES, encode_report
from wire.messages import Report, Series
from wire.uplink.outbox import SAMPLES_PER_REPORT, Outbox, Sample


class Forms:
    """Makes a report of samples, whose goodbye tells whether others wait."""

    def __init__(self, texts_per_sample: int = 1) -> None:
        self._numbers = count()
        self._columns = texts_per_sample

    def __call__(self, samples: Sequence[Sample], last: bool) -> Report:
        at = tuple(sample.taken for sample in samples)
        series = tuple(
            Series(f"column-{column}", tuple(sample.values["load_1min"] for sample in samples))
            for column in range(self._columns)
        )
        machine = machine_report(at=at, series=series)
        return report(machine, sequence=next(self._numbers), goodbye=last)


def filled(samples: int, capacity: int = 10_000) -> Outbox:
    outbox = Outbox(capacity)
    for second in range(samples):
        outbox.add(Sample(float(second), {"load_1min": second / 7}))
    return outbox


def emptied(outbox: Outbox, forms: Forms) -> list[Report]:
    reports = []
    while (head := outbox.head(forms)) is not None:
        reports.append(head)
        outbox.settle()
    return reports


def test_an_empty_outbox_has_no_report() -> None:
    assert Outbox().head(Forms()) is None


@given(st.integers(1, 1500))
def test_all_samples_leave_once_in_order(samples: int) -> None:
    outbox = filled(samples)
    reports = emptied(outbox, Forms())
    assert [at for each in reports for at in each.machines[0].at] == list(range(samples))
    assert all(len(each.machines[0].at) <= SAMPLES_PER_REPORT for each in reports)
    assert [each.goodbye for each in reports] == [False] * (len(reports) - 1) + [True]
    assert len(outbox) == 0


def test_the_report_under_way_stays_the_same() -> None:
    outbox, forms = filled(3), Forms()
    first = outbox.head(forms)
    outbox.add(Sample(99.0, {"load_1min": 1.0}))
    assert outbox.head(forms) is first
    assert len(outbox) == 4
    outbox.settle()
    second = outbox.head(forms)
    assert second is not None
    assert second.machines[0].at == (99.0,)


def test_a_report_formed_anew_has_the_same_samples_and_another_number() -> None:
    outbox, forms = filled(3), Forms()
    first = outbox.head(forms)
    outbox.add(Sample(99.0, {"load_1min": 1.0}))
    outbox.reform()
    second = outbox.head(forms)
    assert first is not None
    assert second is not None
    assert second.machines == first.machines
    assert second.sequence > first.sequence
    assert not second.goodbye


@given(st.integers(1, 50), st.integers(0, 120))
def test_when_full_the_oldest_go_and_are_counted(capacity: int, samples: int) -> None:
    outbox = filled(samples, capacity)
    assert outbox.dropped == max(0, samples - capacity)
    kept = [at for each in emptied(outbox, Forms()) for at in each.machines[0].at]
    assert kept == list(range(samples))[-capacity:]


def test_a_full_outbox_does_not_touch_the_report_under_way() -> None:
    outbox, forms = filled(5, capacity=5), Forms()
    outbox.head(forms)
    for second in range(5, 11):
        outbox.add(Sample(float(second), {"load_1min": 0.0}))
    assert [each.machines[0].at for each in emptied(outbox, forms)] == [
        (0, 1, 2, 3, 4),
        (6, 7, 8, 9, 10),
    ]
    assert outbox.dropped == 1


def test_two_samples_of_one_moment_are_one() -> None:
    outbox = filled(1)
    outbox.add(Sample(0.001, {"load_1min": 0.0}))
    outbox.add(Sample(-5.0, {"load_1min": 0.0}))
    assert len(outbox) == 1


def test_a_report_that_would_be_too_large_takes_fewer_samples() -> None:
    outbox = filled(SAMPLES_PER_REPORT)
    reports = emptied(outbox, Forms(texts_per_sample=900))
    assert len(reports) > 1
    assert all(len(encode_report(each)) <= MAX_SENT_BYTES for each in reports)
    assert sum(len(each.machines[0].at) for each in reports) == SAMPLES_PER_REPORT


def test_samples_stay_when_no_report_can_be_formed() -> None:
    outbox = filled(2)

    def broken(samples: Sequence[Sample], last: bool) -> Report:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        outbox.head(broken)
    assert len(outbox) == 2
