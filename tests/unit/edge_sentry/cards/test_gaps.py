"""What could not be read is told by its maker's name."""

from __future__ import annotations

from edge_sentry.cards.gaps import unread_cards
from edge_sentry.reading import Gap


def test_the_reason_stands_beside_the_list_of_cards() -> None:
    reading = unread_cards("amd", "no answer", lost=True, hung_readings=2)
    assert reading.unread == {"devices": "AMD: no answer"}
    assert reading.gaps == (Gap("amd", "no answer", lost=True),)
    assert reading.hung_readings == 2
