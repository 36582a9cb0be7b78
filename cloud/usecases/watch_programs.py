"""Names the programs of a rig that somebody else runs, and that are only to be read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from cloud.ports import Ports
from cloud.usecases.change_rig import change_rig
from wire.faults import Fault
from wire.messages import WatchedProgram

# Which names there are, the sentry knows: it may be newer than this commander.
_MINER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def watch_programs(ports: Ports, farm: str, machine: str, watched: Sequence[WatchedProgram]) -> None:
    """These alone from now on.

    Raises Fault `bad_program`, `duplicate_program` or `duplicate_port` (422) or what `change_rig` raises.
    """
    for place, program in enumerate(watched):
        _check(program, watched[:place], f"watched[{place}]")
    change_rig(
        ports,
        farm,
        machine,
        lambda agent: replace(agent, watched=tuple(watched)),
        "watch_programs",
        lambda before, after: (before.watched, after.watched),
    )


def _check(program: WatchedProgram, before: Sequence[WatchedProgram], path: str) -> None:
    if _MINER.match(program.miner) is None:
        message = "A mining program's name is one plain word, such as xmrig."
        raise Fault("bad_program", message, f"{path}.miner")
    if program.program in [each.program for each in before]:
        message = f"There are two programs {program.program!r}."
        raise Fault("duplicate_program", message, f"{path}.program")
    if program.port in [each.port for each in before]:
        message = f"Two programs cannot answer on one port, {program.port}."
        raise Fault("duplicate_port", message, f"{path}.port")
