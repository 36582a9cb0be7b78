"""Each record of the queue succeeds or fails on its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cloud.domain.records import Arrival, decode_arrival, encode_arrival
from cloud.entrypoints.queue import consume
from cloud.ports import Item, StoreUnavailable, Write
from tests.fakes.ports import fake_ports
from tests.fakes.store import MemoryStore
from tests.fakes.time_and_chance import FakeClock
from wire.messages import Block, MachineReport, Report, Series

NOW = 1_800_000_000.0


def _arrival(machine: str) -> Arrival:
    block = Block((NOW - 10, NOW), (Series("cpu_load_pct", (1.0, None)),))
    return Arrival("farm_1", NOW, False, Report(1, 1, NOW, 60.0, (MachineReport(machine, open=block),)))


def _event(*bodies: str) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{n}", "body": body} for n, body in enumerate(bodies)]}


def test_an_arrival_survives_the_queue() -> None:
    assert decode_arrival(encode_arrival(_arrival("machine_1"))) == _arrival("machine_1")


@pytest.mark.parametrize(
    "rubbish", ["", "rubbish", "!!!", "eJwDAAAAAAE=", encode_arrival(_arrival("m"))[:-8]]
)
def test_anything_else_is_no_arrival(rubbish: str) -> None:
    with pytest.raises(ValueError, match=r"arrival|padding|base64|characters"):
        decode_arrival(rubbish)


def test_only_the_bad_record_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore(FakeClock(NOW))
    good = [encode_arrival(_arrival(f"machine_{number}")) for number in range(2)]
    answer = consume(fake_ports(store=store), _event(good[0], "secret rubbish", good[1]))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert sorted(key.sk for key in store.items) == ["machine_0", "machine_1"]
    assert "m1" in caplog.text
    assert "secret rubbish" not in caplog.text


class _FailingFor(MemoryStore):
    """Cannot write what belongs to machine_0."""

    def write(self, write: Write) -> bool:
        item: Item = write.item  # type: ignore[union-attr]
        if item.key.sk == "machine_0":
            raise StoreUnavailable("throttled")
        return super().write(write)


def test_a_store_that_is_busy_for_one_record_does_not_hold_up_the_rest() -> None:
    ports = replace(fake_ports(), store=_FailingFor(FakeClock(NOW)))
    bodies = [encode_arrival(_arrival(f"machine_{number}")) for number in range(2)]
    assert consume(ports, _event(*bodies)) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
