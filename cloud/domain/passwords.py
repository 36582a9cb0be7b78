"""What a password must be."""

from __future__ import annotations

from wire.faults import Fault

LEAST, MOST = 10, 1024


def checked_password(password: str, email: str, field: str = "password") -> str:
    """The password as it is; raises Fault `bad_password` (422) naming `field`."""
    if not LEAST <= len(password) <= MOST:
        message = f"A password has {LEAST} to {MOST:,} letters; this one has {len(password):,}."
        raise Fault("bad_password", message, field)
    if password.strip().lower() == email.strip().lower():
        raise Fault("bad_password", "Your own address is the first that others try; choose another.", field)
    return password
