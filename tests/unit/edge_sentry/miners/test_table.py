"""The table says of each program how it is asked and what keeps its API on the rig."""

from __future__ import annotations

import pytest

from edge_sentry.miners.question import HttpGet, TcpText
from edge_sentry.miners.table import MINERS, Miner

each = pytest.mark.parametrize("miner", MINERS.values(), ids=lambda miner: miner.name)

OPEN_TO_ALL = {"srbminer-multi", "wildrig-multi", "gminer", "nanominer", "claymore"}
"""Programs that offer no way to bind their API to this rig."""


@each
def test_row(miner: Miner) -> None:
    assert miner.name == miner.name.lower()
    assert miner.questions
    assert miner.questions[0].required
    assert miner.default_port is None or 1024 < miner.default_port < 65536


@each
def test_what_binds_to_loopback_says_so_on_the_command_line(miner: Miner) -> None:
    arguments = miner.arguments(18088, "secret")
    assert miner.binds_to_loopback is (miner.name not in OPEN_TO_ALL)
    # XMRig's and the others' flags name the address; nanominer has no flags at all.
    assert any("127.0.0.1" in argument for argument in arguments) is miner.binds_to_loopback


@each
def test_the_port_is_filled_in(miner: Miner) -> None:
    opened = [*miner.arguments(18088, "secret"), *(each.format(port=18088) for each in miner.api_settings)]
    assert any("18088" in argument for argument in opened)
    assert not any("{" in argument for argument in opened)


def test_only_xmrig_takes_a_token() -> None:
    assert [miner.name for miner in MINERS.values() if "{token}" in " ".join(miner.api_arguments)] == [
        "xmrig"
    ]
    assert "--http-access-token=secret" in MINERS["xmrig"].arguments(1, "secret")


@each
def test_questions_only_read(miner: Miner) -> None:
    """No path or command that changes anything: those of remote control are never sent."""
    for question in miner.questions:
        words = question.path if isinstance(question, HttpGet) else question.text
        assert not any(word in words for word in ("control", "restart", "quit", "stop", "shutdown", "set"))
        if isinstance(question, TcpText):
            assert question.text.endswith("\n")
        else:
            assert question.path.startswith("/")
