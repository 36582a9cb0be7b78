"""Codes of six digits that a telephone shows (TOTP, RFC 6238), and the recovery codes in their place.

The libraries are loaded by whoever needs them: few requests do, and no cold start should wait.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

import msgspec

from cloud.domain.people import Person
from cloud.domain.tokens import sha256

RECOVERY_CODES = 10
_STEP_S = 30
_SKEWS = (0, -1, 1)
"""A telephone's clock may be wrong by one step."""
_AHEAD_MAX = 4
"""Steps: the telephone's, and what the clocks of two instances may be apart."""
_ISSUER, _LABEL_MAX = "Rig Commander", 64
"""A longer address, of letters that take twelve signs each, would not fit a QR code."""


def totp_secret(randomness: str) -> str:
    """160 bits in base32, from a secret of 256."""
    return _base32(randomness, 20)


def recovery_code(randomness: str) -> str:
    """80 bits in four groups of letters."""
    text = _base32(randomness, 10).lower()
    return "-".join(text[first : first + 4] for first in range(0, len(text), 4))


def kept(codes: Iterable[str]) -> tuple[str, ...]:
    """Recovery codes as they are stored."""
    return tuple(sha256(_bare(code)) for code in codes)


def uri(secret: str, email: str) -> str:
    """What an authenticator reads from the QR code."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=email[:_LABEL_MAX], issuer_name=_ISSUER)


def qr_rows(text: str) -> list[str]:
    """A QR code without its margin; in each row 1 is dark."""
    import segno

    return ["".join("1" if dark else "0" for dark in row) for row in segno.make_qr(text, error="m").matrix]


def step_of(secret: str, code: str, at: float, after: int) -> int | None:
    """The step, later than `after`, whose code this is about now; None if it is none.

    An `after` far in the future was noted before the clock was set back, and would refuse every code.
    """
    import pyotp

    hotp, now = pyotp.HOTP(secret), int(at // _STEP_S)
    if after > now + _AHEAD_MAX:
        after = 0
    steps = (now + skew for skew in _SKEWS)
    return next((step for step in steps if step > after and hotp.verify(_bare(code), step)), None)


def with_code_taken(person: Person, code: str, at: float) -> Person | None:
    """The person once `code` can never be used again; None when it is not right (any more)."""
    if person.totp_secret is None:
        return None
    digest = sha256(_bare(code))
    if digest in person.recovery_sha256:
        left = tuple(each for each in person.recovery_sha256 if each != digest)
        return msgspec.structs.replace(person, recovery_sha256=left)
    step = step_of(person.totp_secret, code, at, person.totp_step)
    return None if step is None else msgspec.structs.replace(person, totp_step=step)


def without_second_factor(person: Person) -> Person:
    """The person as if there had never been one; no step is taken twice even then."""
    return msgspec.structs.replace(person, totp_secret=None, totp_offered=None, recovery_sha256=())


def _base32(randomness: str, size_bytes: int) -> str:
    return base64.b32encode(hashlib.sha256(randomness.encode()).digest()[:size_bytes]).decode()


def _bare(code: str) -> str:
    """As people type it: with spaces, hyphens or capitals."""
    return "".join(code.lower().replace("-", "").split())
