"""`edge-sentry simulate`: many pretended rigs that report to a real commander."""

from __future__ import annotations

import logging
from pathlib import Path

from msgspec.structs import replace

from edge_sentry.agent.stop import Stop, stop_on_signals, stop_when_closed
from edge_sentry.commands import console
from edge_sentry.settings.version import program_version
from edge_sentry.simulator.fleet import Fleet
from edge_sentry.simulator.plan import load_plan
from edge_sentry.simulator.rig import rigs_of, summary
from edge_sentry.simulator.soak import moments_of

_SUMMARY_EVERY_S = 30.0

log = logging.getLogger(__name__)


def simulate(file: Path, *, until_stdin_closes: bool, fail: float | None = None) -> int:
    """Exit code, 0 after a stop that was asked for; raises SettingsError for an unusable file.

    `fail`, 0 to 1: in place of the file's.
    """
    stop = Stop()
    stop_on_signals(stop)
    if until_stdin_closes:
        stop_when_closed(stop)
    console.log_to_stderr()
    # A thousand rigs would each tell the same: the summary does it for all.
    logging.getLogger("wire.uplink.courier").setLevel(logging.ERROR)
    plan = load_plan(file)
    plan = plan if fail is None else replace(plan, fail=min(max(fail, 0.0), 1.0))
    now = moments_of(plan.time_scale, plan.start_at)
    rigs = rigs_of(plan, now, program_version())
    log.info("Simulating %d rigs for %s", len(rigs), plan.url)
    fleet = Fleet(rigs, now, plan.time_scale)
    fleet.start()
    while not stop.wait(_SUMMARY_EVERY_S):
        log.info("%s", summary(rigs))
    log.info("Stopping; %d rigs said goodbye", fleet.stop())
    return 0
