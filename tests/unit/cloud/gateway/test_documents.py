"""Documents as rigs fetch them from one machine."""

from __future__ import annotations

import logging

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from cloud.gateway.documents import DocumentGateway
from tests.fakes.asgi import AsgiClient

PATH = "/documents/farm_1/machine_1?until=9&signature=s3cret"


def opened(farm: str, machine: str, until: str, signature: str) -> bytes | None:
    right = (farm, machine, until, signature) == ("farm_1", "machine_1", "9", "s3cret")
    return b"{}" if right else None


@pytest.fixture
def client() -> AsgiClient:
    route = Route("/documents/{farm}/{machine}", DocumentGateway(opened).handle)
    return AsgiClient(Starlette(routes=[route]), "http://127.0.0.1")


def test_a_document_comes_once_until_it_changes(client: AsgiClient) -> None:
    first = client.get(PATH)
    assert (first.status_code, first.content) == (200, b"{}")
    again = client.get(PATH, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(PATH, headers={"If-None-Match": '"other"'}).status_code == 200


def test_every_wrong_address_is_answered_alike_and_not_logged(
    client: AsgiClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = [
        PATH.replace("machine_1", "machine_2"),
        PATH.replace("s3cret", "other"),
        PATH.replace("until=9", "until=8"),
        PATH.partition("?")[0],
    ]
    answers = [client.get(path) for path in wrong]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    client.get(PATH)
    assert [record.message for record in caplog.records if record.name.startswith("cloud")] == []
