"""Ranges of addresses as people write them: `192.168.1.0/24`, `10.0.0.5-10.0.0.99`, `10.0.0.7`."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Final

MOST_ADDRESSES: Final = 65_536
OUTSIDE: Final = "is not within a private network"
NOBODYS: Final = "is where no device can be"
_NO_HOSTS_FROM_PREFIX = 31


class RangeError(ValueError):
    """Why a text names no addresses that may be asked, in words."""


def addresses_of(texts: Iterable[str], *, public: bool = False) -> list[str]:
    """Each address once, in order. The two ends of a network, which no device has, are left out.

    Raises RangeError for a text of another form, for more than `MOST_ADDRESSES`, for what `refusal` refuses.
    """
    found: dict[int, None] = {}
    for text in texts:
        first, last = _ends(text.strip())
        if len(found) + int(last) - int(first) >= MOST_ADDRESSES:
            raise RangeError(
                f"{text.strip()} makes more than {MOST_ADDRESSES} addresses; name a smaller range."
            )
        if reason := _refusal(first, last, public=public):
            raise RangeError(f"{text.strip()} {reason}.")
        found.update(dict.fromkeys(range(int(first), int(last) + 1)))
    return [str(IPv4Address(number)) for number in found]


def refusal(address: IPv4Address, *, public: bool = False) -> str:
    """Why it may not be asked, for example "is not within a private network", else "".

    Unless `public`, an address outside private networks: whoever listens there is not ours to be knocked at.
    """
    return _refusal(address, address, public=public)


def _refusal(first: IPv4Address, last: IPv4Address, *, public: bool) -> str:
    if any(first <= network.broadcast_address and last >= network.network_address for network in _NOBODYS):
        return NOBODYS
    return "" if public or _is_private(first, last) else OUTSIDE


def _ends(text: str) -> tuple[IPv4Address, IPv4Address]:
    try:
        if "/" in text:
            return _ends_of_network(IPv4Network(text, strict=False))
        begin, dash, end = text.partition("-")
        first = IPv4Address(begin.strip())
        last = IPv4Address(end.strip()) if dash else first
    except (AddressValueError, NetmaskValueError, ValueError) as error:
        raise RangeError(
            f"{text!r} is no range of IPv4 addresses; write 192.168.1.0/24, 10.0.0.5-10.0.0.99 or 10.0.0.7."
        ) from error
    if last < first:
        raise RangeError(f"{text} ends before it begins.")
    return first, last


def _ends_of_network(network: IPv4Network) -> tuple[IPv4Address, IPv4Address]:
    first, last = network.network_address, network.broadcast_address
    return (first, last) if network.prefixlen >= _NO_HOSTS_FROM_PREFIX else (first + 1, last - 1)


_PRIVATE = tuple(
    IPv4Network(each)
    for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")
)
"""Loopback too, where pretended devices live."""
_NOBODYS = tuple(IPv4Network(each) for each in ("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4"))
"""This network, groups, reserved and broadcast."""


def _is_private(first: IPv4Address, last: IPv4Address) -> bool:
    return any(first in network and last in network for network in _PRIVATE)
