"""What asks devices for the time of one command."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from asic_edge.descriptors import DESCRIPTORS, DescriptorLimit, raise_descriptor_limit
from asic_edge.errands.asking import Devices
from asic_edge.gate import Gate
from asic_edge.login import Logins
from asic_edge.native.client import NativeReader
from asic_edge.settings.folder import SettingsError
from asic_edge.settings.logins import load_rules
from asic_edge.ways import Ways


@asynccontextmanager
async def asking(folder: Path, logins: Logins | None = None) -> AsyncIterator[Devices]:
    """With the logins that are kept in the folder, or with `logins`. Raises SettingsError."""
    logging.getLogger("asic_edge").setLevel(logging.CRITICAL)  # what fails is told of each device
    try:
        raise_descriptor_limit(DESCRIPTORS)
    except DescriptorLimit as error:
        raise SettingsError(str(error)) from error
    native = NativeReader()
    try:
        yield Devices(Ways(native, logins=logins or load_rules(folder).login_of), Gate())
    finally:
        await native.close()
