"""Reads what a copied disk does not bring along: serial numbers and the addresses of network cards."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil

from edge_sentry.reading import Reading, spec_or_reason

METRICS: tuple[str, ...] = ()
NOTHING = "no serial number and no network card of its own was found"

_SYSTEM = Path("/sys")
_MOST = 16
_LONGEST = 180

_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
# Left by makers who never wrote an address of their own: Intel's and Realtek's defaults.
_SHARED_MACS = frozenset({"88:88:88:88:87:88", "00:e0:4c:68:00:01"})
# Host adapters of VMware and the TAP driver of Windows, which keeps its address on the disk.
_SOFTWARE_MACS = ("00:50:56:c0:", "00:ff:")
_SOFTWARE_CARDS = re.compile(
    r"^(docker|veth|br-|bridge|virbr|vmnet|tun|tap|utun|wg|zt|lo\d*$)"
    r"|vethernet|virtual|vmware|hyper-v|loopback|tap-|wintun|wireguard",
    re.IGNORECASE,
)
# As letters and digits alone.
_PLACEHOLDERS = frozenset(
    {
        "03000200040005000006000700080009",
        "00020003000400050006000700080009",
        "000102030405060708090a0b0c0d0e0f",
        "123456781234567890abcddeefaabbcc",
        "baseboardserialnumber",
        "boardserialnumber",
        "defaultstring",
        "empty",
        "invalid",
        "none",
        "notapplicable",
        "notavailable",
        "notspecified",
        "oem",
        "serialnumber",
        "standard",
        "systemserialnumber",
        "tobefilledbyoem",
        "undefined",
        "unknown",
    }
)
_DIGITS = "01234567890123456789"


def start(_folder: Path) -> Callable[[], Reading]:
    """What was seen once counts until the end: a card that is exchanged has the others as its witnesses."""
    seen: dict[str, None] = {}

    def collect() -> Reading:
        seen.update(dict.fromkeys(evidence()))
        return spec_or_reason("hardware", tuple(seen)[:_MOST], NOTHING)

    return collect


def evidence() -> tuple[str, ...]:
    """Such as "system 4C4C4544-…", "board ABC123" and "mac 04:42:1a:00:00:01"; never fails, may be empty."""
    if sys.platform == "linux":
        return evidence_of(_SYSTEM)
    return _unique(f"mac {mac}" for mac in _macs_of_psutil())


def evidence_of(system: Path) -> tuple[str, ...]:
    """What Linux shows in its folder `system`; serial numbers for root alone."""
    identity = system / "class" / "dmi" / "id"
    found = [
        ("system", usable_serial(_text(identity / "product_uuid")).upper()),
        ("board", usable_serial(_text(identity / "board_serial"))),
        *(("mac", usable_mac(text)) for text in _cards(system / "class" / "net")),
    ]
    return _unique(f"{kind} {text}" for kind, text in found if text)


def usable_serial(text: str) -> str:
    """The serial number, "" for what a maker left in its place."""
    plain = re.sub(r"[^0-9a-z]", "", text.lower())
    if len(set(plain)) <= 2 or plain in _DIGITS or plain in _PLACEHOLDERS:
        return ""
    return " ".join(text.split())[:_LONGEST]


def usable_mac(text: str) -> str:
    """The address in lower case, "" where it is not one card's alone, for life."""
    mac = text.strip().lower().replace("-", ":")
    if not _MAC.fullmatch(mac) or mac in _SHARED_MACS or mac.startswith(_SOFTWARE_MACS):
        return ""
    # The lowest bits of the first byte: to a group, and given locally.
    return "" if int(mac[:2], 16) & 0b11 or len(set(mac.split(":"))) == 1 else mac


def usable_card(name: str) -> bool:
    """Whether a card of that name may be made of more than software."""
    return not _SOFTWARE_CARDS.search(name)


def _cards(folder: Path) -> Iterator[str]:
    """The addresses with which cards left their factory. Only what is plugged in somewhere has a device."""
    try:
        cards = sorted(folder.iterdir())
    except OSError:
        return
    for card in cards:
        if (card / "device").exists() and usable_card(card.name):
            # A member of a bond carries the bond's address.
            own = _text(card / "bonding_slave" / "perm_hwaddr")
            yield own or (_text(card / "address") if _is_permanent(card) else "")


def _is_permanent(card: Path) -> bool:
    """Not made up and not set by anybody: what was configured is copied with the disk."""
    return _text(card / "addr_assign_type") in {"0", ""}


def _macs_of_psutil() -> list[str]:
    try:
        cards = psutil.net_if_addrs()
    except OSError:
        return []
    entries = [entry for name, found in sorted(cards.items()) if usable_card(name) for entry in found]
    macs = [usable_mac(entry.address) for entry in entries if entry.family == psutil.AF_LINK]
    return [mac for mac in macs if mac]


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:_MOST]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
