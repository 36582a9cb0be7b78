"""The function behind the table's stream, and what its cold start loads."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from cloud.bootstrap import AwsPorts
from cloud.domain import keys
from cloud.domain.people import Connection
from cloud.domain.records import Machine
from cloud.ports import Item
from cloud.usecases.renew_socket import keep_connection
from tests.fakes import management_api
from tests.fakes.functions import VARIABLES, Handler
from tests.fakes.management_api import ManagementApi
from tests.fakes.stream_records import written
from wire.messages import AgentKind


@pytest.fixture
def pages(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[ManagementApi]:
    with management_api.serving() as running:
        monkeypatch.setenv("RIG_SOCKET_ENDPOINT", f"{running.url}/live")
        yield running


def test_a_change_reaches_the_page(
    pages: ManagementApi, start: Callable[[str], Handler], ports: AwsPorts
) -> None:
    keep_connection(ports, Connection("farm_1", "c1", "a@b.test", "session"))
    machine = Machine("machine_1", "rig", AgentKind.CPU_GPU, "agent_1", 1_800_000_000.0)
    item = Item.of(keys.machine("farm_1", "machine_1"), machine, watched=True)
    assert start("stream")({"Records": [written(item)]}, None) is None
    (message,) = pages.sent_to("c1")
    assert message.startswith(b'{"type":"machines_changed"')


@pytest.mark.parametrize("name", ["stream", "schedule", "consumer"])
def test_functions_load_neither_the_router_nor_argon2(name: str) -> None:
    foreign = "{'chalice', 'argon2', 'boto3', 'starlette', 'websockets', 'uvicorn'}"
    code = f"import sys, cloud.functions.{name}; print(sorted({foreign} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **VARIABLES},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[]"
