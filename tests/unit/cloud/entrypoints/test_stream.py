"""Records of the stream become changes; what cannot be read is passed over."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from cloud.adapters.aws.dynamo_store import DynamoStore
from cloud.domain import keys
from cloud.domain.asic_records import LatestBatch
from cloud.domain.keys import Key
from cloud.entrypoints.stream import publish
from cloud.ports import Item, Put, StoreUnavailable
from tests.fakes.asic_reports import shed
from tests.fakes.functions import VARIABLES, plain_image, table
from tests.fakes.reports import NOW, report
from tests.fakes.stream_records import image, removed, written
from tests.fakes.time_and_chance import FakeClock
from tests.fakes.world import Farm, Sentry, World
from wire.live import Delta, MachinesChanged


@pytest.fixture
def page(world: World, farm: Farm) -> str:
    world.watch(farm, "c1")
    return "c1"


def _latest(world: World, sentry: Sentry, value: float, sequence: int = 1) -> Item:
    """The item that a report with this load leaves."""
    sent = report(sentry.machine, series={"cpu_load_pct": [value]}, sequence=sequence)
    world.report(sentry, sent)
    return world.store.items[keys.latest(sentry.farm, sentry.machine)]


def _machine(world: World, sentry: Sentry) -> Item:
    return world.store.items[keys.machine(sentry.farm, sentry.machine)]


def _event(*records: dict[str, Any]) -> dict[str, Any]:
    return {"Records": list(records)}


def _loads(messages: Sequence[object]) -> list[float | None]:
    deltas = [message for message in messages if isinstance(message, Delta)]
    return [load for delta in deltas for load in delta.live.values["cpu_load_pct"]]


def test_a_report_becomes_a_delta(world: World, sentry: Sentry, page: str) -> None:
    item = _latest(world, sentry, 41.5)
    assert item.watched
    publish(world.ports, _event(written(item)))
    (delta,) = world.sockets.read(page)
    assert isinstance(delta, Delta)
    assert (delta.live.machine, delta.live.received_at) == ([sentry.machine], [NOW])
    assert _loads([delta]) == [41.5]


def test_a_batch_that_cannot_be_read_is_passed_over_and_the_others_go_out(
    world: World, farm: Farm, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    edge = shed(world, farm.farm, 1, 51)
    edge.tell(edge.told(edge.part(1), edge.part(51)))
    bad, good = (world.store.items[keys.latest_batch(edge.farm, edge.agent, batch)] for batch in (0, 1))
    broken = LatestBatch(edge.agent, 0, NOW, 60, b"no rows")
    publish(world.ports, _event(written(Item.of(bad.key, broken, watched=True)), written(good)))
    (delta,) = world.sockets.read(page)
    assert isinstance(delta, Delta)
    assert delta.live.machine == [edge.machines[51]]
    assert len(caplog.records) == 1


def test_the_last_of_several_changes_wins(world: World, sentry: Sentry, page: str) -> None:
    items = [_latest(world, sentry, value, number) for number, value in enumerate((1.0, 2.0, 3.0), 1)]
    before = [None, *items]
    publish(world.ports, _event(*(written(new, old) for new, old in zip(items, before, strict=False))))
    assert _loads(world.sockets.read(page)) == [3.0]


def test_what_nobody_watches_is_not_sent(world: World, sentry: Sentry, page: str) -> None:
    item = replace(_latest(world, sentry, 1.0), watched=False)
    publish(world.ports, _event(written(item), removed(item)))
    assert world.sockets.read(page) == []


def test_an_item_that_became_unwatched_is_not_sent(world: World, sentry: Sentry, page: str) -> None:
    item = _latest(world, sentry, 1.0)
    publish(world.ports, _event(written(replace(item, watched=False), item)))
    assert world.sockets.read(page) == []


def test_a_removed_machine_is_told_and_its_figures_are_not(world: World, sentry: Sentry, page: str) -> None:
    latest = _latest(world, sentry, 1.0)
    publish(world.ports, _event(written(latest), removed(latest), removed(_machine(world, sentry))))
    assert world.sockets.read(page) == [MachinesChanged(NOW)]


def test_nothing_to_tell_asks_the_store_nothing(world: World, sentry: Sentry) -> None:
    item = replace(_machine(world, sentry), watched=False)
    world.store.calls.clear()
    publish(world.ports, _event(written(item)))
    publish(world.ports, _event())
    assert world.store.calls == []


def _without(name: str, record: dict[str, Any]) -> dict[str, Any]:
    images = record["dynamodb"]
    kept = {key: value for key, value in images["NewImage"].items() if key != name}
    return {**record, "dynamodb": {**images, "NewImage": kept}}


def _with(name: str, value: Any, record: dict[str, Any]) -> dict[str, Any]:
    images = record["dynamodb"]
    return {**record, "dynamodb": {**images, "NewImage": {**images["NewImage"], name: value}}}


@pytest.mark.parametrize("name", ["pk", "sk", "kind", "body", "revision", "watched"])
def test_a_record_that_lacks_an_attribute_is_logged_and_the_rest_goes_out(
    world: World, sentry: Sentry, page: str, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    good = written(_latest(world, sentry, 41.5))
    publish(world.ports, _event(_without(name, good), good))
    assert _loads(world.sockets.read(page)) == [41.5]
    (logged,) = caplog.records
    assert sentry.machine in logged.getMessage()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("body", {"B": "no base64!"}),
        ("body", {"S": "text"}),
        ("revision", {"N": "many"}),
        ("watched", {"S": "yes"}),
        ("body", {"B": base64.b64encode(b"no latest").decode()}),
        ("body", {"B": ""}),
        ("pk", {"S": "nobody's"}),
    ],
)
def test_a_record_that_cannot_be_read_holds_nothing_up(
    world: World, sentry: Sentry, page: str, caplog: pytest.LogCaptureFixture, name: str, value: Any
) -> None:
    other = world.sentry(Farm(sentry.farm, "", ""), "rig-2")
    before, after = written(_latest(world, sentry, 41.5)), written(_latest(world, other, 7.0))
    publish(world.ports, _event(before, _with(name, value, before), after))
    assert set(_loads(world.sockets.read(page))) == {7.0, 41.5}
    assert len(caplog.records) == 1


def test_a_record_without_its_image_is_passed_over(world: World, sentry: Sentry, page: str) -> None:
    """As a stream of another view type would send it."""
    good = written(_latest(world, sentry, 41.5))
    keys_alone = {**good, "dynamodb": {"Keys": good["dynamodb"]["Keys"]}}
    publish(world.ports, _event(keys_alone, good))
    assert _loads(world.sockets.read(page)) == [41.5]


def test_a_log_never_shows_a_body(
    world: World, sentry: Sentry, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"B": base64.b64encode(b"a wallet in the body").decode()}
    publish(world.ports, _event(_with("body", body, written(_latest(world, sentry, 1.0)))))
    assert len(caplog.records) == 1
    assert "wallet" not in caplog.text
    assert body["B"] not in caplog.text


def test_a_store_that_is_away_is_asked_again(world: World, sentry: Sentry, page: str) -> None:
    event = _event(written(_latest(world, sentry, 41.5)))
    world.store.failures = [StoreUnavailable("throttled")]
    with pytest.raises(StoreUnavailable):
        publish(world.ports, event)
    publish(world.ports, event)
    assert _loads(world.sockets.read(page)) == [41.5]


@pytest.mark.parametrize(
    "item",
    [
        Item(Key("farm#f", "machine#m"), "machine", b'{"a":1}', watched=True),
        Item(Key("farm#f#latest#01", "m"), "latest", bytes(range(256)), (1 << 61) + 1, 1_900_000_000, True),
    ],
)
def test_images_are_those_of_the_table(monkeypatch: pytest.MonkeyPatch, item: Item) -> None:
    """The names and types that a stream carries are those that the store on DynamoDB writes."""
    for name, text in VARIABLES.items():
        monkeypatch.setenv(name, text)
    with table() as model:
        assert DynamoStore(model, FakeClock()).write(Put(item))
        stored = plain_image(model, item)
    stored["body"] = {"B": base64.b64encode(stored["body"]["B"]).decode()}
    assert stored == image(item)
