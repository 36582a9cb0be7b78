"""Tells an agent's own machine from another one with a copy of its disk, and so of its token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import msgspec

from cloud.domain import keys
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent
from cloud.ports import AtRevision, Item, Ports, Put
from wire.faults import Fault
from wire.live import Stranger
from wire.messages import AgentKind, Report, Specs

NOTED_AGAIN_AFTER_S = 3600.0
EPOCHS_AHEAD_MAX = 1000
"""More enrolments than a backup may have missed; a report of the last epoch there is would be the last."""


def recognise_machine(ports: Ports, principal: AgentPrincipal, report: Report) -> None:
    """Raises Fault `enrolled_again` or `another_machine` (409), and then the dashboard names the stranger.

    Or `bad_epoch` (422), where the epoch is far beyond the last enrolment. A little beyond it is one that
    a backup forgot, and is taken over: the agent, which knows nothing of backups, goes on.

    Specs come with the first report of a process, so a copied disk shows itself when it first runs. A
    part may be exchanged: one that is still there is enough, and what is there now counts next time.
    A report from before another enrolment of the same machine is welcome: it may have been on its way,
    or the agent never learnt of the enrolment; what of an ASIC edge's is not, `check_seats` sees.
    """
    agent = principal.agent
    # The machines of an ASIC edge are others than the one that it runs on.
    specs = report.machines[0].specs if agent.kind is AgentKind.CPU_GPU else None
    if report.epoch > agent.epoch + EPOCHS_AHEAD_MAX:
        message = f"Epoch {report.epoch:,} is far beyond the last enrolment, {agent.epoch:,}."
        raise Fault("bad_epoch", message, "epoch")
    if report.epoch < agent.changed_hands_epoch:
        message = f"{agent.name!r} was enrolled again on other hardware."
        _refuse(ports, principal, specs, "enrolled_again", message)
    hardware = specs.hardware if specs is not None else ()
    if hardware and agent.hardware and not set(agent.hardware) & set(hardware):
        message = f"{agent.name!r} was enrolled on other hardware than this."
        _refuse(ports, principal, specs, "another_machine", message)
    changes = _changes(agent, report.epoch, hardware)
    if changes:
        _change(ports, principal, changes)


def note_epoch(ports: Ports, principal: AgentPrincipal, epoch: int) -> None:
    """Takes over an epoch that the record does not know yet, so that the next enrolment lies above it."""
    changes = _changes(principal.agent, epoch, ())
    if changes:
        _change(ports, principal, changes)


def _changes(agent: Agent, epoch: int, hardware: Sequence[str]) -> dict[str, object]:
    """What the record does not know yet. Of an agent that never enrolled, the first enrolment sees it."""
    changes: dict[str, object] = {"epoch": epoch} if 0 < agent.epoch < epoch else {}
    if hardware and epoch >= agent.epoch and set(agent.hardware) != set(hardware):
        changes["hardware"] = hardware
    return changes


def _refuse(
    ports: Ports, principal: AgentPrincipal, specs: Specs | None, code: str, message: str
) -> NoReturn:
    now, known = ports.clock(), principal.agent.stranger
    if known is None or now - known.at > NOTED_AGAIN_AFTER_S:
        hostname = (specs.hostname if specs else None) or ""
        _change(ports, principal, {"stranger": Stranger(hostname, now)})
    raise Fault(code, message, status=409)


def _change(ports: Ports, principal: AgentPrincipal, changes: dict[str, object]) -> None:
    """Notes it, unless the agent is changed or enrolled at this moment: then the next report does."""
    item = ports.store.get(keys.agent(principal.farm, principal.agent.agent))
    agent = item.read(Agent) if item else None
    if item is None or agent is None or agent.epoch != principal.agent.epoch:
        return
    changed: Agent = msgspec.structs.replace(agent, **changes)
    kept = Item.of(item.key, changed, revision=item.revision + 1, expires_at=item.expires_at)
    ports.store.write(Put(kept, AtRevision(item.revision)))
