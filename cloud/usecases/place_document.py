"""Tells a rig where its signed document lies, and signs it anew where the rig could not accept it."""

from __future__ import annotations

import logging

from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent, DocumentMark
from cloud.domain.signing import is_believable
from cloud.ports import Ports
from cloud.usecases.sign_document import sign_document
from wire.assignments import AssignmentState, DocumentPlace
from wire.faults import Fault
from wire.messages import Report

_log = logging.getLogger(__name__)
_ENDS_SOON_S = 86_400.0


def place_document(ports: Ports, farm: str, agent: Agent) -> DocumentPlace | None:
    """A newly signed document of a rig that enrols; None of an edge, and where nothing is signed."""
    if agent.machine is None:
        return None
    return _place(ports, farm, agent.machine, _signed_anew(ports, farm, agent, agent.machine))


def offer_document(ports: Ports, principal: AgentPrincipal, report: Report) -> DocumentPlace | None:
    """For the answer to a report; None for an ASIC edge. Usually it costs nothing.

    A rig that tells of a newer document than we know of was served by a commander whose store is lost: it
    gets a newer one still. So does one that has not got its own yet when that soon expires.
    """
    machine = principal.agent.machine
    if machine is None or ports.signer is None:
        return None
    told = next((each.assignment for each in report.machines if each.assignment is not None), None)
    mark, accepted = principal.agent.document, _accepted(told)
    if mark is None or accepted > mark.place or _ends_soon(ports, mark, accepted, told):
        mark = _signed_anew(ports, principal.farm, principal.agent, machine, accepted)
    return _place(ports, principal.farm, machine, mark)


def _accepted(told: AssignmentState | None) -> tuple[int, int]:
    accepted = (told.epoch, told.revision) if told else (0, 0)
    return accepted if is_believable(accepted) else (0, 0)


def _ends_soon(
    ports: Ports, mark: DocumentMark, accepted: tuple[int, int], told: AssignmentState | None
) -> bool:
    return told is not None and accepted < mark.place and ports.clock() > mark.not_after - _ENDS_SOON_S


def _signed_anew(
    ports: Ports, farm: str, agent: Agent, machine: str, accepted: tuple[int, int] = (0, 0)
) -> DocumentMark | None:
    """What cannot be filled any more must keep no rig from enrolling, and no report from being accepted."""
    try:
        return sign_document(ports, farm, machine, told=accepted)
    except Fault as fault:
        _log.warning("%s of %s cannot be signed for: %s", machine, farm, fault.code)
        return agent.document


def _place(ports: Ports, farm: str, machine: str, mark: DocumentMark | None) -> DocumentPlace | None:
    if mark is None or ports.documents is None:
        return None
    url, until = ports.documents.address(farm, machine)
    return DocumentPlace(url, until, mark.epoch, mark.revision)
