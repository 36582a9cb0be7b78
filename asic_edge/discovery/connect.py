"""The first stage of a search: which of the ports of ASICs an address accepts connections on."""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import Final

from asic_edge.links.reasons import refused

PORTS: Final = (80, 4028)
RARE_PORTS: Final = (4029, 8889)
"""Of makes that may listen nowhere else; only tried where somebody is there."""
CONNECT_WITHIN_S: Final = 1.0

_SHORT_OF_FILES = {errno.EMFILE, errno.ENFILE}


class TooManyOpenFiles(Exception):
    """Nothing can be said of an address that could not be tried."""

    def __init__(self) -> None:
        super().__init__("Too many files are open in this program or on this computer; nothing was searched.")


async def open_ports(address: str, within_s: float = CONNECT_WITHIN_S) -> frozenset[int]:
    """Those that accept. One that is silent for `within_s` is not there; there is no second try.

    Raises TooManyOpenFiles.
    """
    tried = await asyncio.gather(*(_accepts(address, port, within_s) for port in PORTS))
    found = {port for port, accepts in zip(PORTS, tried, strict=True) if accepts}
    if not found and False in tried:
        rare = await asyncio.gather(*(_accepts(address, port, within_s) for port in RARE_PORTS))
        found = {port for port, accepts in zip(RARE_PORTS, rare, strict=True) if accepts}
    return frozenset(found)


async def why_closed(address: str, within_s: float = CONNECT_WITHIN_S) -> str:
    """Why nothing accepts connections there, in words that follow the address. Raises TooManyOpenFiles."""
    silent = f"does not answer within {within_s:g} s: it is off, or no device is at this address"
    try:
        async with asyncio.timeout(within_s):
            _, writer = await asyncio.open_connection(address, PORTS[0])
        writer.close()
    except TimeoutError:
        return silent
    except OSError as error:
        if error.errno in _SHORT_OF_FILES:
            raise TooManyOpenFiles from error
        return str(refused(error, PORTS[0]))
    return silent


async def _accepts(address: str, port: int, within_s: float) -> bool | None:
    """False: somebody is there who refuses. None: nobody answers."""
    try:
        link = socket.socket()
    except OSError as error:
        raise TooManyOpenFiles from error
    try:
        link.setblocking(False)
        async with asyncio.timeout(within_s):
            await asyncio.get_running_loop().sock_connect(link, (address, port))
    except TimeoutError:
        return None
    except ConnectionRefusedError:
        return False
    except OSError as error:
        if error.errno in _SHORT_OF_FILES:
            raise TooManyOpenFiles from error
        return None
    finally:
        link.close()
    return True
