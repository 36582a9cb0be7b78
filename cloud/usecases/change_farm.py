"""Shows and changes how often a farm's machines report, and when silence means something."""

from __future__ import annotations

import msgspec

from cloud.domain import audit, keys
from cloud.domain.audit import Act
from cloud.domain.pace import INTERVAL_MAX_S, INTERVAL_MIN_S, MARGIN, chosen_pace, pace_of
from cloud.domain.records import Cadence, Farm
from cloud.ports import Ports, Put
from cloud.usecases.keep_audit import commit_audited
from cloud.usecases.keep_cadence import change_cadence, find_cadence
from wire.faults import Fault
from wire.live import FarmSettings, FarmView

LIMIT_MAX_S = 7 * 86_400


def show_farm(ports: Ports, farm: str) -> FarmView:
    """The farm as its owner set it up."""
    item = ports.store.get(keys.farm(farm))
    settings = find_cadence(ports, farm).settings
    return FarmView(
        farm=farm,
        name=item.read(Farm).name if item else farm,
        settings=settings,
        pace=pace_of(ports.policy, settings),
        default=pace_of(ports.policy, FarmSettings()),
    )


def change_farm_settings(ports: Ports, farm: str, settings: FarmSettings) -> FarmView:
    """Raises Fault `bad_interval` or `bad_limit` (422). Agents hear of it with their next report."""
    _check(ports, settings)

    def keep(put: Put, known: Cadence) -> bool:
        differing = audit.difference(known.settings, settings)
        return commit_audited(ports, farm, Act("change_farm_settings", f"farm {farm}", *differing), [put])

    change_cadence(
        ports, farm, lambda cadence: msgspec.structs.replace(cadence, settings=settings), keep=keep
    )
    return show_farm(ports, farm)


def _check(ports: Ports, settings: FarmSettings) -> None:
    report_s = settings.report_interval_s
    if report_s is not None and not INTERVAL_MIN_S <= report_s <= INTERVAL_MAX_S:
        message = f"Machines can report each {INTERVAL_MIN_S} to {INTERVAL_MAX_S} seconds."
        raise Fault("bad_interval", message, "report_interval_s")
    pace = chosen_pace(ports.policy, settings)
    least = MARGIN * pace.report_interval_s
    if not least <= pace.late_after_s <= LIMIT_MAX_S:
        message = f"With a report each {pace.report_interval_s:g} s, late is {least:g} to {LIMIT_MAX_S} s."
        raise Fault("bad_limit", message, "late_after_s")
    if not pace.late_after_s <= pace.offline_after_s <= LIMIT_MAX_S:
        message = f"Offline comes after late: {pace.late_after_s:g} to {LIMIT_MAX_S} s."
        raise Fault("bad_limit", message, "offline_after_s")
