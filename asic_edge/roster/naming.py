"""Names of devices by a rule such as `{model}-{ip4}`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from asic_edge.roster.entries import LONGEST_NAME, RosterError
from asic_edge.snapshot import Identity

USUAL_RULE: Final = "{model}-{ip3}-{ip4}"
LONGEST_RULE: Final = 120
_FIELD = re.compile(r"\{([^{}]*)\}")


def _part(number: int) -> Callable[[Identity, str], str]:
    return lambda identity, _: (identity.address.split(".") + [""] * 4)[number - 1]


_FIELDS: dict[str, Callable[[Identity, str], str]] = {
    "make": lambda identity, _: identity.make or "",
    "model": lambda identity, _: identity.model or identity.make or "",
    "ip": lambda identity, _: identity.address,
    "ip1": _part(1),
    "ip2": _part(2),
    "ip3": _part(3),
    "ip4": _part(4),
    "mac": lambda identity, _: (identity.mac or "").replace(":", ""),
    "mac6": lambda identity, _: (identity.mac or "").replace(":", "")[-6:],
    "hostname": lambda identity, _: identity.hostname or "",
    "place": lambda _, place: place,
}
FIELDS: Final = tuple(_FIELDS)


def checked_rule(text: str) -> str:
    """Raises RosterError for an unknown field, for none at all, and for what is too long."""
    fields = _FIELD.findall(text)
    unknown = [each for each in fields if each not in _FIELDS]
    if unknown or "{" in _FIELD.sub("", text) or "}" in _FIELD.sub("", text):
        known = ", ".join(f"{{{each}}}" for each in FIELDS)
        raise RosterError(f"The rule {text!r} has a field that is not known; there are {known}.")
    if not fields or len(text) > LONGEST_RULE or not text.isprintable():
        raise RosterError(
            f"A rule for names has a field such as {{ip4}} and at most {LONGEST_RULE} printable characters."
        )
    return text


def name_by(rule: str, identity: Identity, place: str = "") -> str:
    """Blanks become "-"; what is not known becomes "unknown". It need not be nobody else's."""
    filled = _FIELD.sub(lambda found: _FIELDS[found[1]](identity, place) or "unknown", rule)
    return re.sub(r"\s+", "-", filled.strip())[:LONGEST_NAME] or "unknown"
