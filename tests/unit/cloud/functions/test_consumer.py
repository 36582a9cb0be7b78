"""The function behind the queue."""

from __future__ import annotations

from collections.abc import Callable

from cloud.bootstrap import AwsPorts
from cloud.domain import keys
from cloud.domain.records import Arrival, encode_arrival
from tests.fakes.functions import Handler
from tests.fakes.reports import NOW, report


def test_good_messages_are_stored_and_bad_ones_named(
    start: Callable[[str], Handler], ports: AwsPorts
) -> None:
    good = encode_arrival(Arrival("farm_1", NOW, False, report("machine_1")))
    bodies = {"m1": good, "m2": "rubbish"}
    event = {"Records": [{"messageId": name, "body": body} for name, body in bodies.items()]}
    assert start("consumer")(event, None) == {"batchItemFailures": [{"itemIdentifier": "m2"}]}
    assert ports.store.get(keys.latest("farm_1", "machine_1")) is not None
