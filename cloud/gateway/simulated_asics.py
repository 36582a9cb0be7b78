"""Simulated ASICs beside the commander, and the edge of this computer that finds, reads and reports them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import msgspec

from cloud.domain import keys
from cloud.domain.asic_records import BinnedMachine
from cloud.gateway.children import Child, ChildError, Children, run_once
from cloud.gateway.first_steps import WORKERS, Rig, erase_agent, is_valid
from cloud.gateway.folder import Folder
from cloud.ports import Ports, every
from cloud.usecases.create_agent import create_agent
from cloud.usecases.empty_bin import ITEMS_A_ROUND
from cloud.usecases.erase_machine import erase_machine
from cloud.usecases.list_agents import list_agents
from wire.messages import AgentKind

NAME = "This computer's ASIC edge"
_FILE = "simulated-asics.json"
_HALL_WITHIN_S = 30.0
_SEARCH_WITHIN_S = 300.0
_LOOK_EVERY_S = 0.05


class Hall(msgspec.Struct):
    """What the simulator says when all listen; the models take turns."""

    models: list[str]
    addresses: list[str]


class KeptEdge(msgspec.Struct):
    """An edge whose roster was filled from `hall`. Written after that, so that it is not done in part."""

    edge: Rig
    hall: Hall


def run_hall(running: Children, log: Path, count: int, first: str) -> tuple[Hall, str]:
    """Starts so many from the address `first` on; gives them, and what the simulator has to say.

    Raises ChildError with its last words.
    """
    wanted = ["--count", str(count), "--first", first, "--lively"]
    child = running.start("asic_edge.simulator", wanted, log)
    deadline = time.monotonic() + _HALL_WITHIN_S
    while time.monotonic() < deadline:
        ended = child.process.poll() is not None
        hall, words = _told(child)
        if hall is not None:
            return hall, words
        if ended:
            raise ChildError(words or "the simulator ended without a word.")
        time.sleep(_LOOK_EVERY_S)
    raise ChildError(f"they did not all listen within {_HALL_WITHIN_S:g} s.")


def run_edge(running: Children, ports: Ports, folder: Folder, farm: str, hall: Hall) -> None:
    """Enrols the edge, fills its roster by a search where that was not done, and starts it.

    Raises ChildError.
    """
    kept = kept_edge(ports, folder, hall)
    edge = kept.edge if kept else new_edge(ports, folder, farm)
    place = ["--data", str(folder.asic_edge)]
    run_once("asic_edge", ["enrol", "--url", ports.public_url, "--token", edge.token, "--force", *place])
    if kept is None or len(kept.hall.addresses) < len(hall.addresses):
        span = f"{hall.addresses[0]}-{hall.addresses[-1]}"
        run_once("asic_edge", ["scan", span, "--add", *place], _SEARCH_WITHIN_S)
        folder.write(_FILE, KeptEdge(edge, hall))
    running.start("asic_edge", ["run", *place])


def kept_edge(ports: Ports, folder: Folder, hall: Hall) -> KeptEdge | None:
    """That of the last start, unless it was deleted or knows ASICs that are not there now."""
    kept = folder.read(_FILE, KeptEdge)
    if kept is None or not is_valid(ports, kept.edge) or kept.hall.models != hall.models:
        return None
    known = kept.hall.addresses
    return kept if hall.addresses[: len(known)] == known else None


def new_edge(ports: Ports, folder: Folder, farm: str) -> Rig:
    """In place of those that former starts made."""
    forget(ports, folder, farm)
    made = create_agent(ports, farm, NAME, AgentKind.ASIC, simulated=True)
    return Rig(made.agent.agent, made.token)


def forget(ports: Ports, folder: Folder, farm: str) -> None:
    """Erases what former starts made, machines and history too.

    By the store and not by the file: a start that was cut short made an edge that no file names.
    """
    for row in list_agents(ports, farm).agents:
        if row.simulated and row.kind is AgentKind.ASIC:
            erase_agent(ports, farm, row.agent)
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(partial(_erase_machine, ports, farm), _binned(ports, farm)))
    shutil.rmtree(folder.asic_edge, ignore_errors=True)
    (folder.path / _FILE).unlink(missing_ok=True)


def _binned(ports: Ports, farm: str) -> Iterator[keys.Key]:
    prefix = keys.BINNED_MACHINE_PREFIX
    for item in every(ports.store, keys.farm_pk(farm), prefix, prefix + "~"):
        if item.read(BinnedMachine).machine.simulated:
            yield item.key


def _erase_machine(ports: Ports, farm: str, key: keys.Key) -> None:
    while (item := ports.store.get(key)) is not None:
        erase_machine(ports, farm, item, ITEMS_A_ROUND)


def _told(child: Child) -> tuple[Hall | None, str]:
    lines = child.said().splitlines(keepends=True)
    ready = [line for line in lines if line.startswith("{") and line.endswith("\n")]
    words = " ".join(line.strip() for line in lines if not line.startswith("{"))
    return (msgspec.json.decode(ready[0], type=Hall) if ready else None), words
