"""Codes of a telephone and recovery codes: each counts once, and none before its time."""

from __future__ import annotations

import base64
import sys
import urllib.parse
from subprocess import run

import msgspec
import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.domain.people import Person
from cloud.domain.second_factor import (
    kept,
    qr_rows,
    recovery_code,
    step_of,
    totp_secret,
    uri,
    with_code_taken,
    without_second_factor,
)

NOW = 1_800_000_015.0
SECRET = totp_secret("some randomness")
STEP = int(NOW // 30)
CODES = [recovery_code(f"randomness {number}") for number in range(3)]
PERSON = Person("a@b.test", "", "hash", 1.0, totp_secret=SECRET, recovery_sha256=kept(CODES))


def _code(step: int) -> str:
    return pyotp.HOTP(SECRET).at(step)


def test_secret_has_160_bits_and_recovery_codes_80() -> None:
    assert len(base64.b32decode(SECRET)) == 20
    assert [len(part) for part in CODES[0].split("-")] == [4, 4, 4, 4]
    assert len({*CODES, SECRET, totp_secret("other")}) == 5


def test_secret_of_the_standard_gives_its_codes() -> None:
    """RFC 6238, appendix B, the last six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert step_of(secret, "287082", 59, 0) == 1
    assert step_of(secret, "081804", 1_111_111_109, 0) == 37_037_036


@pytest.mark.parametrize(("skew", "expected"), [(-2, None), (-1, -1), (0, 0), (1, 1), (2, None)])
def test_a_telephone_may_be_wrong_by_one_step(skew: int, expected: int | None) -> None:
    assert step_of(SECRET, _code(STEP + skew), NOW, 0) == (None if expected is None else STEP + expected)


def test_a_code_is_taken_once_and_then_none_before_it() -> None:
    taken = with_code_taken(PERSON, _code(STEP), NOW)
    assert taken == msgspec.structs.replace(PERSON, totp_step=STEP)
    assert taken is not None
    assert with_code_taken(taken, _code(STEP), NOW) is None
    assert with_code_taken(taken, _code(STEP - 1), NOW) is None
    later = with_code_taken(taken, _code(STEP + 1), NOW)
    assert later is not None
    assert later.totp_step == STEP + 1


def test_a_clock_that_was_far_ahead_refuses_no_code_for_ever() -> None:
    ahead = msgspec.structs.replace(PERSON, totp_step=STEP + 30 * 2880)
    taken = with_code_taken(ahead, _code(STEP), NOW)
    assert taken is not None
    assert taken.totp_step == STEP
    assert with_code_taken(taken, _code(STEP), NOW) is None
    slightly = msgspec.structs.replace(PERSON, totp_step=STEP + 4)
    assert with_code_taken(slightly, _code(STEP), NOW) is None


def test_a_recovery_code_is_taken_once_however_it_is_typed() -> None:
    typed = f" {CODES[1].upper().replace('-', ' ')} "
    taken = with_code_taken(PERSON, typed, NOW)
    assert taken == msgspec.structs.replace(PERSON, recovery_sha256=kept([CODES[0], CODES[2]]))
    assert taken is not None
    assert with_code_taken(taken, CODES[1], NOW) is None
    assert with_code_taken(taken, CODES[2], NOW) is not None


def test_a_code_may_be_typed_in_groups() -> None:
    code = _code(STEP)
    assert step_of(SECRET, f"{code[:3]} {code[3:]}", NOW, 0) == STEP


@given(st.text(max_size=32))
def test_no_other_text_is_a_code(text: str) -> None:
    bare = "".join(text.lower().replace("-", "").split())
    right = {_code(STEP + skew) for skew in (-1, 0, 1)} | {code.replace("-", "") for code in CODES}
    if bare not in right:
        assert with_code_taken(PERSON, text, NOW) is None


def test_nothing_is_a_code_where_there_is_no_second_factor() -> None:
    bare = without_second_factor(msgspec.structs.replace(PERSON, totp_step=STEP))
    assert bare == Person("a@b.test", "", "hash", 1.0, totp_step=STEP)
    for code in (_code(STEP + 1), CODES[0], ""):
        assert with_code_taken(bare, code, NOW) is None


@pytest.mark.parametrize("email", ["ann@example.test", "é&issuer=Bank@ü.test", "a b?#@x.test"])
def test_uri_names_the_account_and_nothing_else(email: str) -> None:
    parts = urllib.parse.urlsplit(uri(SECRET, email))
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert urllib.parse.unquote(parts.path) == f"/Rig Commander:{email}"
    assert urllib.parse.parse_qs(parts.query) == {"secret": [SECRET], "issuer": ["Rig Commander"]}


def test_qr_code_is_a_square_of_dark_and_light() -> None:
    rows = qr_rows(uri(SECRET, "ann@example.test"))
    assert {len(row) for row in rows} == {len(rows)}
    assert {*"".join(rows)} == {"0", "1"}
    assert rows[0].startswith("11111110")
    assert rows[0].endswith("01111111")


def test_the_longest_address_fits_a_qr_code() -> None:
    assert qr_rows(uri(SECRET, "🔑" * 320)) != []


def test_nobody_waits_for_the_libraries_who_does_not_need_them() -> None:
    script = "import sys, cloud.app; sys.exit(bool({'pyotp', 'segno', 'smtplib'} & {*sys.modules}))"
    assert run([sys.executable, "-c", script], timeout=60, check=False).returncode == 0
