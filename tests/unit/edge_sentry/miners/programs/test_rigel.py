"""Rigel: figures under the names of algorithms, and a password in its reply."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from edge_sentry.miners.normal_form import Trouble
from tests.unit.edge_sentry.miners.programs.replies import read_with, reasons

ONE = "rigel-1.23.2"


def test_users_and_passwords_stay_in_the_reply() -> None:
    def change(reply: Any) -> None:
        details = reply["pools"]["xelishashv3"][0]["connection_details"]
        details.update(username="SECRET1", password="SECRET2", worker="SECRET3")

    assert b"SECRET" not in msgspec.json.encode(read_with(ONE, change))


def test_dual_mining() -> None:
    def change(reply: Any) -> None:
        reply["algorithm"] = "xelishashv3+zil"
        reply["hashrate"]["zil"] = 5.5
        reply["devices"][0]["hashrate"]["zil"] = 5.5

    reading = read_with(ONE, change)
    assert [(row.name, row.hashrate) for row in reading.algorithms] == [
        ("xelishashv3", 12112.195564915472),
        ("zil", 5.5),
    ]
    assert reading.devices[0].hashrates == (12112.195564915472, 5.5)
    assert reading.devices[0].accepted == (1405, None)
    assert "algorithms[1].pool.address" in reasons(reading)


@pytest.mark.parametrize(
    ("host", "port"), [("wallet/x", 1), ("pool.example.com", 0), (None, 3333), ("h", 1e9)]
)
def test_an_address_that_is_none(host: object, port: object) -> None:
    def change(reply: Any) -> None:
        reply["pools"]["xelishashv3"][0]["connection_details"].update(hostname=host, port=port)

    assert read_with(ONE, change).algorithms[0].pool.address is None


def test_another_program() -> None:
    assert read_with(ONE, lambda reply: reply.update(name="other")).trouble is Trouble.ANOTHER_PROGRAM
