"""PCI addresses in one form, "0000:01:00.0", from the many in which programs write them.

The trap is the base: "11:0" is bus 17 in one program and bus 11 in another. So the caller says which.
"""

from __future__ import annotations

import re

from edge_sentry.miners.told import Key, Told

_HIGHEST_BUS = 0xFF
_HIGHEST_DOMAIN = 0xFFFF_FFFF
_HEXADECIMAL = re.compile(
    r"(?:(?P<domain>[0-9a-f]{1,8}):)?(?P<bus>[0-9a-f]{1,2}):(?P<slot>[0-9a-f]{1,2})(?:\.(?P<function>[0-7]))?"
)
_DECIMAL = re.compile(r"(?P<bus>\d{1,3}):(?P<slot>\d{1,2})")


def pci_address(bus: int, slot: int = 0, function: int = 0, domain: int = 0) -> str | None:
    """The address in the one form, None for numbers that no address has.

    Bus 0 with nothing else is how programs say that they do not know: cards sit behind a bridge.
    """
    within = 0 <= bus <= _HIGHEST_BUS and 0 <= slot <= 0x1F and 0 <= domain <= _HIGHEST_DOMAIN
    if not within or bus == slot == function == domain == 0:
        return None
    return f"{domain:04x}:{bus:02x}:{slot:02x}.{function}"


def of_hexadecimal(text: str) -> str | None:
    """From "0000:03:00.0", "00000000:03:00.0", "0A:00.0" or "0b:0"."""
    return _address(_HEXADECIMAL.fullmatch(text.strip().lower()), base=16)


def of_decimal(text: str) -> str | None:
    """From "11:0": bus and slot in decimal."""
    return _address(_DECIMAL.fullmatch(text.strip()), base=10)


def key_of_text(row: Told, *path: Key, decimal: bool = False) -> str | None:
    """The device's key from a text in the reply; None, with a reason, where it is no address."""
    text = row.text("key", *path)
    address = None if text is None else (of_decimal if decimal else of_hexadecimal)(text)
    return _noted(row, address)


def key_of_bus(row: Told, *path: Key, domain: tuple[Key, ...] = ()) -> str | None:
    """The device's key from the number of its bus and, where told, its domain."""
    bus = row.count("key", *path)
    number = row.count("key", *domain) if domain and row.has(*domain) else 0
    return _noted(row, None if bus is None or number is None else pci_address(bus, domain=number))


def _noted(row: Told, address: str | None) -> str | None:
    if address is None:
        row.note("key", "its PCI address is not told in a form that we know")
    return address


def _address(match: re.Match[str] | None, *, base: int) -> str | None:
    if match is None:
        return None
    found = match.groupdict()
    domain = int(found.get("domain") or "0", 16)
    function = int(found.get("function") or "0")
    return pci_address(int(found["bus"], base), int(found["slot"], base), function, domain)
