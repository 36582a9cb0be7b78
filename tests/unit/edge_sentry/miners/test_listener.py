"""Who listens on a port of this rig, and whether the network can reach it."""

from __future__ import annotations

import os
import socket

import psutil
import pytest

from edge_sentry.miners.listener import Listener, listener_on


def test_this_very_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        found = listener_on(port)
    assert found is not None
    assert found[:3] == ("127.0.0.1", os.getpid(), psutil.Process().name())
    assert not found.is_open_to_network
    assert listener_on(port) is None


def test_a_socket_for_every_address_is_open_to_the_network() -> None:
    with socket.create_server(("0.0.0.0", 0)) as listening:
        found = listener_on(listening.getsockname()[1])
    assert found is not None
    assert found.is_open_to_network


def test_another_loopback_address_is_not_asked() -> None:
    with socket.create_server(("127.0.0.2", 0)) as listening:
        assert listener_on(listening.getsockname()[1]) is None


@pytest.mark.parametrize(
    ("address", "is_open"),
    [
        ("127.0.0.1", False),
        ("::1", False),
        ("0.0.0.0", True),
        ("::", True),
        ("fe80::1%eth0", True),
        ("::ffff:127.0.0.1", False),
    ],
)
def test_open_to_the_network(address: str, is_open: bool) -> None:
    assert Listener(address, None, None).is_open_to_network is is_open
