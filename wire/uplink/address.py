"""Checks and tidies the address of a commander as a person typed or pasted it."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from wire.uplink.failure import FailureKind, UplinkFailure

_BARE_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
_UNWANTED = re.compile(r"[\s\x00-\x1f\x7f\\]")


def commander_url(text: str, *, allow_http: bool = False) -> str:
    """The address without a trailing slash or a page's #part.

    Raises UplinkFailure BAD_ADDRESS, or NO_TLS for http:// to another machine unless allowed.
    """
    parts = _split(text.strip())
    if parts.scheme == "http" and not allow_http and not is_loopback(parts.hostname or ""):
        raise UplinkFailure(
            FailureKind.NO_TLS,
            "The address begins with http://, so everything, the token too, would travel unencrypted "
            "(no TLS). Use https://, or --allow-http in a network that you trust.",
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether `host`, without brackets, can only be this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(text: str) -> SplitResult:
    if not text:
        raise _bad("The address is empty. It looks like https://commander.example.")
    if _UNWANTED.search(text):
        raise _bad("The address contains a space or another character that no address has.")
    if "://" not in text:
        raise _bad("The address lacks its beginning: put https:// before it.")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise _bad(f"The address cannot be read: {error}.") from error
    _check_parts(parts)
    return parts


def _check_parts(parts: SplitResult) -> None:
    if parts.scheme not in {"https", "http"}:
        raise _bad(f"The address begins with {parts.scheme}://; it must begin with https://.")
    if "@" in parts.netloc:
        raise _bad("The address holds a user name or password; leave out what stands before the @.")
    host = parts.netloc.removesuffix(f":{parts.port}").removesuffix(":")
    if not _BARE_HOST.fullmatch(host):
        raise _bad("The address has no valid host name after its //.")
    if parts.query:
        raise _bad("The address holds a question mark; leave it out and all that follows.")


def _bad(sentence: str) -> UplinkFailure:
    return UplinkFailure(FailureKind.BAD_ADDRESS, sentence)
