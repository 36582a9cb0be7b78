"""An agent's token, well and badly formed."""

from __future__ import annotations

import pytest

from cloud.domain import tokens
from cloud.domain.tokens import Token

SECRET = "s" * 43


def test_token_is_read_as_it_was_written() -> None:
    token = Token("farm_1", "agent_2", SECRET)
    assert str(token) == f"farm_1.agent_2.{SECRET}"
    assert tokens.read_token(str(token)) == token


@pytest.mark.parametrize(
    "text",
    [
        "",
        "farm_1",
        "farm_1.agent_2",
        f"farm_1.agent_2.{SECRET[:31]}",
        f"farm_1.agent_2.{'s' * 129}",
        f"farm_1.agent_2.{SECRET}.x",
        f"farm_1.agent_2.{SECRET}\n",
        f" farm_1.agent_2.{SECRET}",
        f"farm#1.agent_2.{SECRET}",
        f".agent_2.{SECRET}",
        f"{'f' * 65}.agent_2.{SECRET}",
        f"farm_1.agént.{SECRET}",
        f"farm_1.agent_٢.{SECRET}",
    ],
)
def test_anything_else_is_no_token(text: str) -> None:
    assert tokens.read_token(text) is None


def test_digest_is_sha_256() -> None:
    assert tokens.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_only_the_same_secret_matches() -> None:
    digest = tokens.sha256(SECRET)
    assert tokens.matches(SECRET, digest)
    assert not tokens.matches(SECRET[:-1] + "t", digest)
    assert not tokens.matches(digest, digest)
    assert not tokens.matches("", digest)
