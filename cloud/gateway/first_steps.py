"""What one machine's commander makes by itself: the first account, its own sentry, simulated rigs."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import msgspec

from cloud.gateway.folder import Folder
from cloud.ports import Ports
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.set_password import set_password
from wire.faults import Fault
from wire.messages import AgentKind

OWNER = "owner@localhost"
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_FARM_NAME = "My farm"
_FARM_FILE, _SENTRY_FILE, _SIMULATED_FILE = "farm.json", "own-sentry.json", "simulated.json"
_WORKERS = 16


class FarmFile(msgspec.Struct):
    """Which farm of the store is this machine's."""

    farm: str


class Rig(msgspec.Struct):
    """One agent that this machine runs by itself."""

    agent: str
    token: str


class SimulatedFile(msgspec.Struct):
    """What `edge-sentry simulate --file` reads."""

    url: str
    rigs: list[Rig]


def new_password() -> str:
    """Four groups of five letters that are not mistaken for one another: 100 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def first_account(ports: Ports, folder: Folder) -> tuple[str, str | None]:
    """The farm of this machine, and the owner's password if the account was made just now."""
    known = folder.read(_FARM_FILE, FarmFile)
    if known is not None:
        return known.farm, None
    password = new_password()
    farm = create_owner(ports, OWNER, password, _FARM_NAME)
    folder.write(_FARM_FILE, FarmFile(farm))
    return farm, password


def renew_password(ports: Ports) -> str:
    """A new password for the owner; raises Fault `account_unknown`."""
    password = new_password()
    set_password(ports, OWNER, password)
    return password


def own_sentry(ports: Ports, folder: Folder, farm: str, name: str) -> Rig | None:
    """This computer's sentry, made on the first start; None when it was deleted in the dashboard."""
    known = folder.read(_SENTRY_FILE, Rig)
    if known is not None:
        return known if _is_valid(ports, known) else None
    made = create_agent(ports, farm, name, AgentKind.CPU_GPU)
    rig = Rig(made.agent.agent, made.token)
    folder.write(_SENTRY_FILE, rig)
    return rig


def simulated_rigs(ports: Ports, folder: Folder, farm: str, count: int) -> Path | None:
    """Makes exactly `count` simulated rigs, removing surplus ones; gives the simulator's file."""
    known = folder.read(_SIMULATED_FILE, SimulatedFile)
    valid = [rig for rig in known.rigs if _is_valid(ports, rig)] if known else []
    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(partial(_remove, ports, farm), valid[count:]))
        rigs = valid[:count] + list(pool.map(partial(_add_simulated, ports, farm), range(len(valid), count)))
    if known is None and not rigs:
        return None
    path = folder.write(_SIMULATED_FILE, SimulatedFile(ports.public_url, rigs))
    return path if rigs else None


def _add_simulated(ports: Ports, farm: str, number: int) -> Rig:
    made = create_agent(ports, farm, f"sim-{number + 1:03d}", AgentKind.CPU_GPU, simulated=True)
    return Rig(made.agent.agent, made.token)


def _remove(ports: Ports, farm: str, rig: Rig) -> None:
    delete_agent(ports, farm, rig.agent)


def _is_valid(ports: Ports, rig: Rig) -> bool:
    try:
        authorise_agent(ports, f"Bearer {rig.token}")
    except Fault:
        return False
    return True
