"""Makes sure that enough connections can be open at once: too few, and devices would look silent."""

from __future__ import annotations

import sys
from typing import Final

DESCRIPTORS: Final = 4096
"""Enough for a round in which most devices hang, beside a search of a large range."""


class DescriptorLimit(Exception):
    """The system allows too few open files, in words."""


def raise_descriptor_limit(wanted: int) -> int:
    """Raises the soft limit to at least `wanted` where needed; gives the limit that holds now.

    Raises DescriptorLimit when the hard limit is lower. Windows has no such limit on sockets.
    """
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted if soft == resource.RLIM_INFINITY else soft
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise DescriptorLimit(
            f"{wanted} files must be open at once, and this system allows {hard}. "
            "Raise the limit (LimitNOFILE= of a service, ulimit -n in a shell), or watch fewer devices."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
