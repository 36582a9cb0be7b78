"""Why a device gave no answer, in words that a person at the rack can use."""

from __future__ import annotations

import errno

_WORDS = {
    errno.ECONNREFUSED: "refuses connections on port {port}",
    errno.ECONNRESET: "broke the connection off on port {port}",
    errno.EPIPE: "broke the connection off on port {port}",
    errno.EHOSTUNREACH: "cannot be reached: no device at this address",
    errno.ENETUNREACH: "cannot be reached: no route to this network",
    errno.ETIMEDOUT: "does not answer on port {port}",
    errno.EMFILE: "was not asked: this program has too many files open",
    errno.ENFILE: "was not asked: this computer has too many files open",
}


class LinkError(Exception):
    """A question had no usable answer; the text says why."""


def refused(error: OSError, port: int) -> LinkError:
    """What the system said, in words."""
    number = errno.ECONNRESET if isinstance(error, ConnectionResetError) else error.errno or 0
    words = _WORDS.get(number, f"cannot be asked on port {{port}}: {error.strerror or error}")
    return LinkError(words.format(port=port))
