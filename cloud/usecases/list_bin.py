"""Lists what was deleted and can still be restored."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Binned
from cloud.ports import Ports, every
from wire.live import Bin, BinnedAgent


def list_bin(ports: Ports, farm: str) -> Bin:
    """The newest first."""
    prefix, bin_s = keys.BINNED_PREFIX, ports.policy.bin_s
    found = [item.read(Binned) for item in every(ports.store, keys.farm_pk(farm), prefix, prefix + "~")]
    found.sort(key=lambda binned: -binned.binned_at)
    return Bin([_view(binned, bin_s) for binned in found if ports.clock() < binned.binned_at + bin_s])


def _view(binned: Binned, bin_s: float) -> BinnedAgent:
    machine = binned.machine.machine if binned.machine else None
    return BinnedAgent(binned.agent, binned.name, machine, binned.binned_at, binned.binned_at + bin_s)
