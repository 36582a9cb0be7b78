"""What time alone does: machines that fall silent, an emptied bin, rollouts. Called again and again."""

from __future__ import annotations

import logging

from cloud.domain import keys
from cloud.domain.records import FarmEntry
from cloud.ports import Ports, StoreUnavailable, every
from cloud.usecases.advance_rollouts import advance_rollouts
from cloud.usecases.complete_history import complete_history
from cloud.usecases.empty_bin import empty_bin
from cloud.usecases.note_silence import note_silence

_log = logging.getLogger(__name__)


def sweep_farms(ports: Ports) -> None:
    """Sweeps every farm; one that cannot be swept now is swept next time."""
    prefix = keys.FARM_PREFIX
    for item in every(ports.store, keys.FARMS_PK, prefix, prefix + "~"):
        farm = item.read(FarmEntry).farm
        try:
            note_silence(ports, farm)
            complete_history(ports, farm)
            empty_bin(ports, farm)
            advance_rollouts(ports, farm)
        except StoreUnavailable as error:
            _log.warning("%s was not swept: %s", farm, error)
