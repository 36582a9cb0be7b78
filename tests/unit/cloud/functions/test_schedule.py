"""The function of each minute."""

from __future__ import annotations

from collections.abc import Callable

from cloud.bootstrap import AwsPorts
from cloud.usecases.keep_beat import known_outages
from tests.fakes.functions import Handler


def test_the_beat_is_kept(start: Callable[[str], Handler], ports: AwsPorts) -> None:
    handler = start("schedule")
    for _ in range(2):
        assert handler({"source": "aws.events"}, None) is None
    assert known_outages(ports) == ()
