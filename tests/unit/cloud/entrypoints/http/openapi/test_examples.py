"""Examples are messages as they travel: they can be read again, and their ids and secrets look real."""

from __future__ import annotations

import msgspec
import pytest

from cloud.entrypoints.http.openapi.examples import EXAMPLES
from cloud.entrypoints.http.openapi.operation import Message
from cloud.entrypoints.http.openapi.operations import OPERATIONS
from wire.codec import check_report
from wire.live import History, MachineView
from wire.messages import Report
from wire.metrics import BY_NAME


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)
def test_an_example_is_read_as_it_was_written(kind: Message) -> None:
    assert msgspec.json.decode(msgspec.json.encode(EXAMPLES[kind]), type=kind) == EXAMPLES[kind]


def test_there_is_one_of_each_body_and_answer_and_no_other() -> None:
    told = {message for each in OPERATIONS.values() for message in (each.body, each.answer)}
    assert set(EXAMPLES) == told - {None}


def test_figures_are_of_metrics_that_exist() -> None:
    report, view, history = EXAMPLES[Report], EXAMPLES[MachineView], EXAMPLES[History]
    assert isinstance(report, Report)
    assert isinstance(view, MachineView)
    assert isinstance(history, History)
    check_report(report)
    names = [*view.values, *view.live.values, *history.values]
    assert [name for name in names if name.partition("@")[0] not in BY_NAME] == []
