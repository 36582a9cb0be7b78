"""A program whose API other machines can reach is told once, with what to do."""

from __future__ import annotations

import pytest

from edge_sentry.agent.exposure import Exposure
from edge_sentry.agent.readers import Target
from edge_sentry.miners.listener import Listener
from edge_sentry.miners.table import MINERS
from edge_sentry.supervisor.events import Kind, Level

XMRIG = Target("cpu", "xmrig", 18088, managed=True, run=100, token="let-me-in")
OPEN, CLOSED = Listener("0.0.0.0", 100, "x"), Listener("127.0.0.1", 100, "x")


def test_it_is_told_once_with_the_flags_and_never_with_the_token() -> None:
    exposure = Exposure()
    note = exposure.note(XMRIG, OPEN)
    assert note is not None
    assert (note.kind, note.level, note.over) == (Kind.API_EXPOSED, Level.ALERT, False)
    assert "0.0.0.0, port 18088" in note.reason
    assert "--http-host=127.0.0.1" in note.reason
    assert "let-me-in" not in note.reason
    assert exposure.note(XMRIG, OPEN) is None
    assert exposure.note(XMRIG._replace(run=200), OPEN) is None


def test_that_it_is_over_is_told_once_too() -> None:
    exposure = Exposure()
    assert exposure.note(XMRIG, CLOSED) is None
    exposure.note(XMRIG, OPEN)
    note = exposure.note(XMRIG._replace(run=200), CLOSED)
    assert note is not None
    assert note.over
    assert exposure.note(XMRIG, CLOSED) is None


@pytest.mark.parametrize("managed", [True, False])
def test_one_that_cannot_be_bound_to_the_rig_needs_a_firewall(managed: bool) -> None:
    note = Exposure().note(Target("gpu", "gminer", 10050, managed=managed), Listener("::", None, None))
    assert note is not None
    assert "GMiner cannot be told otherwise: close the port by a firewall" in note.reason


def test_every_reason_fits_an_event() -> None:
    for name in MINERS:
        note = Exposure().note(Target("x", name, 65535, managed=True, token="t" * 200), OPEN)
        assert note is not None
        assert len(note.reason) < 300
