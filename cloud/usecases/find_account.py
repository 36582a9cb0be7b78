"""Finds out under which address an account is kept, however it is typed."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.members import EMAIL_MAX, canonical_email
from cloud.ports import Ports


def find_account(ports: Ports, typed: str) -> str:
    """The address in its one spelling; another where an older program kept an account under that one.

    There need be no account. Its work tells nothing of that: it depends on what is typed alone.
    """
    email, as_typed = canonical_email(typed), typed.strip().lower()
    if email == as_typed:
        return email
    is_old = ports.store.get(keys.person(as_typed)) is not None
    return as_typed if is_old or len(email) > EMAIL_MAX else email
