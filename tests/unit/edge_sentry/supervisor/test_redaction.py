"""What may be shown of a program's output."""

from __future__ import annotations

import pytest

from edge_sentry.supervisor.redaction import LONGEST_LINE, Redaction

WALLET = "48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt52XU5xvqgzYnDK9URnRoJMk1j8nLwEVsaSWJ4fhdUyZijBGUicoD"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"plain words", "plain words"),
        (f"user {WALLET}.rig1".encode(), "user [hidden].rig1"),
        (f"user {WALLET.lower()}".encode(), "user [hidden]"),
        (b"pass s3cret/x(1)", "pass [hidden]"),
        (b"\x1b[1;32mGPU0\x1b[0m \x1b[2K50 MH/s", "GPU0 50 MH/s"),
        (b"\x1b]0;title\x07text\x1b7", "text"),
        (b"a\x00b\x08c\td", "abc\td"),
        (b"\xff\xfe broken", "�� broken"),
        (f"\x1b[31m{WALLET[:20]}\x1b[0m{WALLET[20:]}".encode(), "[hidden]"),
    ],
)
def test_a_line(raw: bytes, shown: str) -> None:
    assert Redaction((WALLET, "s3cret/x(1)")).line(raw) == shown


def test_of_two_secrets_the_longer_is_cut_first() -> None:
    assert Redaction(("abcd", "abcdefgh")).line(b"abcdefgh abcd") == "[hidden] [hidden]"


def test_a_password_that_hides_nothing_is_no_secret() -> None:
    assert Redaction(("x", "")).line(b"xmrig x") == "xmrig x"


def test_a_line_is_bounded() -> None:
    line = Redaction(()).line(b"y" * 10_000)
    assert len(line) == LONGEST_LINE
    assert line.endswith("…")
