"""Gives each pretended ASIC an identity and figures of its own, in the form of the recorded answer."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from typing import Any, NamedTuple

RATE = re.compile(
    r"chain_rate\d+|[GM]HS (?:5s|1m|5m|15m|30m|av)|HS RT|rate_(?:5s|30m|avg|real)|total rate"
    r"|hashRate(?:_\w+)?|total|(?:rt|avg)pow|Power|Power_RT|power"
)
"""Names of figures that are a hashrate or a power."""
_MAC = {"mac", "MAC", "macaddr", "macAddr"}
_SERIAL = {"serinum", "sn", "PCB SN", "miner_id"}
_HOSTNAME = {"hostname", "host", "conf_hostname"}
_ADDRESS = {"ipaddress", "ipv4", "ip"}
_SINCE_START = {"Elapsed", "elapsed", "Device Elapsed", "Uptime", "uptimeSeconds"}
_SHARES = {"Accepted", "sharesAccepted", "accepted"}
_SHARE_EVERY_S = 20
_DIGITS = string.digits + string.ascii_uppercase
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(.*)")


class Character(NamedTuple):
    """What is one device's own at one moment. `pace`: its hashrate as a multiple of the recorded one."""

    number: int
    address: str
    pace: float
    elapsed_s: float


def varied(content: Any, own: Character) -> Any:
    """The same shape: keys, types and order stay, some values become the device's own."""
    if isinstance(content, dict):
        return {key: _value(key, value, own) for key, value in content.items()}
    if isinstance(content, list):
        return [varied(each, own) for each in content]
    return content


def mac_of(number: int) -> str:
    """A locally administered address."""
    return ":".join(f"{byte:02X}" for byte in (0x02, 0xA5, *number.to_bytes(4, "big")))


def _value(key: str, value: Any, own: Character) -> Any:
    for keys, change in _CHANGES:
        if key in keys and isinstance(value, str | int | float) and value != "":
            return change(value, own)
    if RATE.fullmatch(key):
        return paced(value, own.pace)
    return varied(value, own)


def paced(value: Any, pace: float) -> Any:
    """`pace` times a number, or the number that a text begins with."""
    if isinstance(value, bool) or value == "":
        return value
    if isinstance(value, int):
        return round(value * pace)
    if isinstance(value, float):
        return round(value * pace, 2)
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    return f"{float(found[1]) * pace:.2f}{found[2]}" if found else value


def _serial(value: Any, own: Character) -> Any:
    """The last character tells the boards of one device apart."""
    return f"{value[:-6]}{_five_characters(own.number)}{value[-1]}" if isinstance(value, str) else value


def _five_characters(number: int) -> str:
    """Another text for each number below 2**24."""
    return "".join(_DIGITS[number // len(_DIGITS) ** place % len(_DIGITS)] for place in range(4, -1, -1))


def _grown(by: Callable[[Character], float]) -> Callable[[Any, Character], Any]:
    def change(value: Any, own: Character) -> Any:
        return value if isinstance(value, str | bool) else type(value)(value + int(by(own)))

    return change


_CHANGES: tuple[tuple[set[str], Callable[[Any, Character], Any]], ...] = (
    (_MAC, lambda _, own: mac_of(own.number)),
    (_SERIAL, _serial),
    (_HOSTNAME, lambda value, own: f"{value}-{own.number}"),
    (_ADDRESS, lambda _, own: own.address),
    (_SINCE_START, _grown(lambda own: own.elapsed_s)),
    (_SHARES, _grown(lambda own: own.elapsed_s / _SHARE_EVERY_S)),
)
