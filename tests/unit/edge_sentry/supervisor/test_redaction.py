"""What may be shown of a program's output."""

from __future__ import annotations

import json
import time
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest

from edge_sentry.supervisor.redaction import HIDDEN, LONGEST_LINE, Redaction

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


PASSWORD = 'p@ss/w"o rd\\é😀'


@pytest.mark.parametrize(
    "form",
    [
        json.dumps(PASSWORD)[1:-1],
        json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
        json.dumps(PASSWORD).replace("/", "\\/")[1:-1],
        json.dumps(json.dumps(PASSWORD)[1:-1])[1:-1],
        "".join(f"\\u{ord(each):04X}" for each in PASSWORD[:-1]) + "\\uD83D\\uDE00",
        quote(PASSWORD),
        quote(PASSWORD, safe=""),
        quote(quote(PASSWORD, safe="")).lower(),
        quote_plus(PASSWORD),
        "\u200b".join(PASSWORD),
        f"\u2066{PASSWORD[:4]}\u00ad\ufeff{PASSWORD[4:]}",
    ],
)
def test_a_secret_in_other_words(form: str) -> None:
    assert Redaction((PASSWORD,)).line(f'{{"pass": "{form}"}}'.encode()) == '{"pass": "[hidden]"}'


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "wallet.rig1:"])
@pytest.mark.parametrize("secret", ["s3cret/x(1)", "~~~???>>>", WALLET])
def test_a_secret_within_base64(encode: object, user: str, secret: str) -> None:
    told = encode(f"{user}{secret}@pool".encode()).decode()  # type: ignore[operator]
    shown = Redaction((secret,)).line(f"Basic {told}".encode())
    assert HIDDEN in shown
    whole = {told[place : place + 4] for place in range(len(user) + 6, len(user) + len(secret) - 4)}
    assert not any(part in shown for part in whole)


def test_of_a_secret_that_is_shortened_the_rest_is_shown() -> None:
    """Which few letters are the wallet's cannot be known."""
    assert Redaction((WALLET,)).line(b"user 48ed...icoD") == "user 48ed...icoD"


@pytest.mark.parametrize("secret", ["\\" * 200 + "x", "a" * 200 + "b", "%" * 200 + "x", "+ " * 100 + "x"])
def test_no_secret_makes_a_line_take_long(secret: str) -> None:
    redaction = Redaction((secret,))
    began = time.process_time()
    for letter in ("\\", "a", "%", "%25", "+", " "):
        redaction.line((letter * 16_000)[:16_000].encode())
    assert time.process_time() - began < 20


def test_whoever_cuts_a_line_knows_how_long_a_secret_may_stand() -> None:
    assert Redaction(("abcdef",)).longest == 36
    assert Redaction(("x" * 10_000,)).longest == 4096
