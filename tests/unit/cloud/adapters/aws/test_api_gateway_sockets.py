"""Messages to pages through API Gateway, against a real HTTP server and against moto."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from moto import mock_aws
from moto.apigatewaymanagementapi.models import apigatewaymanagementapi_backends

from cloud.adapters.aws.api_gateway_sockets import ApiGatewaySockets, management_endpoint
from cloud.adapters.aws.clients import create_client
from cloud.domain import keys
from cloud.ports import Change
from cloud.usecases.publish_live import publish_live
from tests.fakes import management_api
from tests.fakes.management_api import ManagementApi
from tests.fakes.reports import report
from tests.fakes.world import Farm, Sentry, World

REGION = "eu-central-1"
STAGE = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/live"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def api() -> Iterator[ManagementApi]:
    with management_api.serving() as running:
        yield running


@pytest.fixture
def sockets(api: ManagementApi) -> ApiGatewaySockets:
    return _sockets(f"{api.url}/live")


def _sockets(endpoint: str, tries: int = 2) -> ApiGatewaySockets:
    service = "apigatewaymanagementapi"
    return ApiGatewaySockets(lambda: create_client(service, REGION, endpoint=endpoint, tries=tries))


def test_a_message_is_posted_signed_and_as_it_is(api: ManagementApi, sockets: ApiGatewaySockets) -> None:
    assert sockets.send("L0SM9cOFvHcCIhw", '{"name":"Süd"}'.encode())
    (asked,) = api.asked
    assert (asked.method, asked.path) == ("POST", "/live/@connections/L0SM9cOFvHcCIhw")
    assert asked.body == '{"name":"Süd"}'.encode()
    assert asked.authorization.startswith("AWS4-HMAC-SHA256 ")
    assert f"/{REGION}/execute-api/aws4_request" in asked.authorization


def test_an_id_of_api_gateway_is_encoded_once(api: ManagementApi, sockets: ApiGatewaySockets) -> None:
    assert sockets.send("L0SM9cOFvHcCIhw=", b"{}")
    assert [asked.path for asked in api.asked] == ["/live/@connections/L0SM9cOFvHcCIhw%3D"]


@pytest.mark.parametrize("status", [410, 400])
def test_a_connection_that_cannot_come_back_is_gone(
    api: ManagementApi, sockets: ApiGatewaySockets, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    api.answers["c1"].append(status)
    assert not sockets.send("c1", b"{}")
    assert len(api.asked) == 1
    assert caplog.records == []


def test_a_throttled_message_is_tried_again(api: ManagementApi, sockets: ApiGatewaySockets) -> None:
    api.answers["c1"].append(429)
    assert sockets.send("c1", b"{}")
    assert api.sent_to("c1") == [b"{}", b"{}"]


@pytest.mark.parametrize(("status", "tries"), [(429, 2), (500, 2), (403, 1)])
def test_a_message_that_fails_is_lost_alone_and_the_connection_stays(
    api: ManagementApi,
    sockets: ApiGatewaySockets,
    caplog: pytest.LogCaptureFixture,
    status: int,
    tries: int,
) -> None:
    api.answers["c1"].extend([status] * 5)
    assert sockets.send("c1", b"a secret body")
    assert len(api.asked) == tries
    assert "connection c1 was not reached" in caplog.text
    assert "secret" not in caplog.text


def test_an_api_that_does_not_answer_is_no_error_either(
    api: ManagementApi, caplog: pytest.LogCaptureFixture
) -> None:
    assert _sockets("http://127.0.0.1:9/live", tries=1).send("c1", b"{}")
    assert "connection c1 was not reached" in caplog.text


def test_the_rest_of_a_batch_arrives(
    api: ManagementApi, sockets: ApiGatewaySockets, world: World, farm: Farm, sentry: Sentry
) -> None:
    for connection in ("broken", "gone", "well"):
        world.watch(farm, connection)
    api.answers["broken"].extend([429] * 5)
    api.answers["gone"].append(410)
    world.report(sentry, report(sentry.machine))
    ports = replace(world.ports, sockets=sockets)
    publish_live(ports, [Change(world.store.items[keys.latest(farm.farm, sentry.machine)])])
    assert len(api.sent_to("well")) == 1
    left = [key.sk for key in world.store.items if key.pk == keys.connections_pk(farm.farm)]
    assert sorted(left) == ["connection#broken", "connection#well"]


def test_a_connection_is_closed(api: ManagementApi, sockets: ApiGatewaySockets) -> None:
    sockets.close("c1")
    assert [(asked.method, asked.path) for asked in api.asked] == [("DELETE", "/live/@connections/c1")]


def test_closing_what_has_gone_is_quiet(
    api: ManagementApi, sockets: ApiGatewaySockets, caplog: pytest.LogCaptureFixture
) -> None:
    api.answers["c1"].append(410)
    sockets.close("c1")
    assert caplog.records == []


def test_the_client_is_made_once_and_not_before_it_is_needed(api: ManagementApi) -> None:
    made = []

    def make() -> object:
        made.append(create_client("apigatewaymanagementapi", REGION, endpoint=api.url))
        return made[-1]

    sockets = ApiGatewaySockets(make)  # type: ignore[arg-type]
    assert made == []
    sockets.send("c1", b"{}")
    sockets.send("c2", b"{}")
    assert len(made) == 1


def test_on_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    with mock_aws():
        assert _sockets(STAGE).send("c1", b'{"type":"pong"}')
        backend = apigatewaymanagementapi_backends["123456789012"][REGION]
        assert backend.connections["c1"].data == b'{"type":"pong"}'


@pytest.mark.parametrize("emulator", [None, ""])
def test_on_aws_messages_go_to_the_stage(emulator: str | None) -> None:
    assert management_endpoint(STAGE, emulator) == STAGE


@pytest.mark.parametrize("emulator", ["http://localhost:4566", "http://localhost:4566/"])
def test_in_an_emulator_they_go_to_its_own_address(emulator: str) -> None:
    expected = "http://localhost:4566/_aws/execute-api/a1b2c3d4e5/live"
    assert management_endpoint(STAGE, emulator) == expected
