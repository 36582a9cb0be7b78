"""Lists the programs that a playbook may name."""

from __future__ import annotations

from cloud.domain.software import software_list
from cloud.ports import Ports
from cloud.usecases.find_playbooks import find_book
from wire.templates import SoftwareList


def list_software(ports: Ports, farm: str) -> SoftwareList:
    """The catalogue and the farm's own."""
    return software_list(find_book(ports, farm)[0].software)
