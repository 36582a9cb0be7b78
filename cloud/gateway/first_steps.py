"""What one machine's commander makes by itself: the first account, its own sentry, simulated rigs."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import msgspec

from cloud.domain import keys
from cloud.domain.records import FarmEntry
from cloud.gateway.folder import Folder
from cloud.ports import Item, Ports, Put
from cloud.usecases.authorise_agent import authorise_agent
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.delete_agent import delete_agent
from cloud.usecases.empty_bin import erase
from cloud.usecases.find_farm import find_farm
from cloud.usecases.list_agents import list_agents
from cloud.usecases.set_password import set_password
from wire.faults import Fault
from wire.messages import AgentKind

OWNER = "owner@localhost"
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_FARM_NAME = "My farm"
_FARM_FILE, _SENTRY_FILE, _SIMULATED_FILE = "own-farm.json", "own-sentry.json", "simulated.json"
WORKERS = 16


class Rig(msgspec.Struct):
    """One agent that this machine runs by itself; `number` names a simulated one."""

    agent: str
    token: str
    number: int = 0


class OwnFarm(msgspec.Struct):
    """The farm of this machine, whoever belongs to it by now."""

    farm: str


class SimulatedFile(msgspec.Struct):
    """What `edge-sentry simulate --file` reads."""

    url: str
    rigs: list[Rig]


def new_password() -> str:
    """Four groups of five letters that are not mistaken for one another: 100 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def first_account(ports: Ports, folder: Folder) -> tuple[str | None, str | None]:
    """The farm of this machine, and the owner's password if the account was made just now.

    The farm stays the same whatever becomes of the account's place in it. None where no farm was noted
    and the account owns none.
    """
    if ports.store.get(keys.person(OWNER)) is None:
        password = new_password()
        farm = create_owner(ports, OWNER, password, _FARM_NAME)
        folder.write(_FARM_FILE, OwnFarm(farm))
        return farm, password
    found = _noted_farm(ports, folder) or find_farm(ports, OWNER)
    if found is not None:
        folder.write(_FARM_FILE, OwnFarm(found))
        # An older program made no such entry, without which nobody sweeps the farm.
        ports.store.write(Put(Item.of(keys.farm_entry(found), FarmEntry(found))))
    return found, None


def _noted_farm(ports: Ports, folder: Folder) -> str | None:
    """None where none was noted, or the store is another one by now."""
    noted = folder.read(_FARM_FILE, OwnFarm)
    return noted.farm if noted and ports.store.get(keys.farm(noted.farm)) else None


def renew_password(ports: Ports, email: str = OWNER, *, end_second_factor: bool = False) -> str:
    """A new password for an account; raises Fault `account_unknown`."""
    password = new_password()
    set_password(ports, email, password, end_second_factor=end_second_factor)
    return password


def own_sentry(ports: Ports, folder: Folder, farm: str, name: str) -> Rig | None:
    """This computer's sentry, made on the first start; None when it was deleted in the dashboard."""
    known = folder.read(_SENTRY_FILE, Rig)
    if known is not None:
        return known if is_valid(ports, known) else None
    made = create_agent(ports, farm, name, AgentKind.CPU_GPU)
    rig = Rig(made.agent.agent, made.token)
    folder.write(_SENTRY_FILE, rig)
    return rig


def simulated_rigs(ports: Ports, folder: Folder, farm: str, count: int) -> Path | None:
    """Makes exactly `count` simulated rigs, removing surplus ones; gives the simulator's file."""
    known = folder.read(_SIMULATED_FILE, SimulatedFile)
    rigs = [rig for rig in known.rigs if is_valid(ports, rig)][:count] if known else []
    kept = {rig.agent for rig in rigs}
    # By the store and not by the file: a start that was cut short made rigs that no file names.
    listed = list_agents(ports, farm).agents
    rows = [row for row in listed if row.simulated and row.kind is AgentKind.CPU_GPU]
    surplus = [row.agent for row in rows if row.agent not in kept]
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(partial(erase_agent, ports, farm), surplus))
        rigs += pool.map(partial(_add_simulated, ports, farm), _free_numbers(rigs, count - len(rigs)))
    if known is None and not rigs:
        return None
    path = folder.write(_SIMULATED_FILE, SimulatedFile(ports.public_url, rigs))
    return path if rigs else None


def erase_agent(ports: Ports, farm: str, agent: str) -> None:
    """At once, bin included: nobody wants simulated machines back."""
    binned = delete_agent(ports, farm, agent)
    while erase(ports, farm, binned) == 0:
        pass


def _add_simulated(ports: Ports, farm: str, number: int) -> Rig:
    made = create_agent(ports, farm, f"sim-{number:03d}", AgentKind.CPU_GPU, simulated=True)
    return Rig(made.agent.agent, made.token, number)


def _free_numbers(rigs: list[Rig], count: int) -> list[int]:
    taken = {rig.number for rig in rigs}
    return [number for number in range(1, len(taken) + count + 1) if number not in taken][:count]


def is_valid(ports: Ports, rig: Rig) -> bool:
    """Whether its token still opens the door."""
    try:
        authorise_agent(ports, f"Bearer {rig.token}")
    except Fault:
        return False
    return True
