"""`edge-sentry status`: whether the agent runs and its reports are accepted, in words or as JSON."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from edge_sentry.commands import console
from edge_sentry.commands.words import duration, hashrate
from edge_sentry.settings.identity import load_identity
from edge_sentry.settings.lock import running_pid
from edge_sentry.settings.status import Status, load_status
from wire.assignments import StepState
from wire.messages import Program
from wire.uplink.clock import CLOCK_OFF_S

# As the commander judges: offline after 2.5 intervals, 30 s at least.
_OFFLINE_INTERVALS = 2.5
_OFFLINE_AT_LEAST_S = 30.0


class StatusView(msgspec.Struct, frozen=True, kw_only=True):
    """What --json prints. `well`: it runs and a report was accepted recently. Times are epoch seconds."""

    well: bool
    enrolled: bool
    name: str | None
    farm: str | None
    commander: str | None
    pid: int | None
    agent: Status | None


def status(folder: Path, *, as_json: bool) -> int:
    """Exit code: 0 when well, 3 otherwise; raises SettingsError."""
    now = time.time()
    view = view_of(folder, now)
    if as_json:
        console.say(msgspec.json.encode(view).decode())
    else:
        for line in lines_of(view, folder, now):
            console.say(line)
    return 0 if view.well else 3


def view_of(folder: Path, now: float) -> StatusView:
    """Reads the folder; `now` in epoch seconds."""
    identity = load_identity(folder)
    pid = running_pid(folder)
    agent = load_status(folder)
    return StatusView(
        well=pid is not None and agent is not None and accepted_recently(agent, now),
        enrolled=identity is not None,
        name=identity.name if identity else None,
        farm=identity.farm_name if identity else None,
        commander=identity.url if identity else None,
        pid=pid,
        agent=agent,
    )


def accepted_recently(agent: Status, now: float) -> bool:
    """Whether the commander must still count this rig as online or late."""
    limit_s = max(_OFFLINE_INTERVALS * agent.report_interval_s, _OFFLINE_AT_LEAST_S)
    return agent.accepted_at is not None and now - agent.accepted_at <= limit_s


def lines_of(view: StatusView, folder: Path, now: float) -> list[str]:
    """The same for people."""
    if not view.enrolled:
        return [f"Not enrolled ({folder}). Begin with: edge-sentry enrol"]
    running = "no" if view.pid is None else f"yes, pid {view.pid}"
    head = [
        f"Enrolled as     {view.name} at farm {view.farm}",
        f"Commander       {view.commander}",
        f"Running         {running}",
    ]
    if view.agent is None:
        return [*head, "Last report     none yet"]
    return [
        *head,
        *_fate(view.agent, now),
        *_assignment(view.agent),
        *_mining(view.agent, runs=view.pid is not None),
    ]


def _assignment(agent: Status) -> list[str]:
    """Which document is accepted, which one is wanted, and what failed of it."""
    state = agent.assignment
    if state is None:
        return [
            "Assignment      none: no key of the commander is pinned. Enrol again with: edge-sentry enrol"
        ]
    accepted = f"revision {state.revision} accepted" if state.epoch else "none accepted yet"
    wanted = "" if state.offered is None else f", revision {state.offered} wanted"
    failed = [each for each in state.steps if each.state is StepState.FAILED]
    names = (f"{each.what} {each.playbook}".strip() for each in failed)
    return [
        f"Assignment      {accepted}{wanted}",
        *(f"  failed        {name}: {each.reason}" for name, each in zip(names, failed, strict=True)),
    ]


def _mining(agent: Status, *, runs: bool) -> list[str]:
    """As of the agent's last report: programs go on without it, so that more may be true by now."""
    when = "" if runs else ", when the agent last ran"
    programs = [f"Program         {_program(each)}{when}" for each in agent.programs]
    return programs + [
        f"Mining          {each.algorithm} {hashrate(each.hashrate, each.unit)}{when}"
        for each in agent.mining
    ]


def _program(each: Program) -> str:
    up = "" if each.running_s is None else f" for {duration(each.running_s)}"
    why = f" ({each.reason.rstrip('.')})" if each.reason else ""
    kind = each.miner if each.managed else f"{each.miner}, only watched"
    shares = [
        f"{count:,} {name}"
        for count, name in ((each.accepted, "accepted"), (each.rejected, "rejected"))
        if count is not None
    ]
    pool = [] if each.pool is None else [f"pool {each.pool}{_connected(each.pool_connected)}"]
    return ", ".join([f"{each.program} ({kind}): {each.state.replace('_', ' ')}{up}{why}", *shares, *pool])


def _connected(connected: bool | None) -> str:
    return {True: " connected", False: " not connected", None: ""}[connected]


def _fate(agent: Status, now: float) -> list[str]:
    accepted = "none accepted yet"
    if agent.accepted_at is not None:
        accepted = f"accepted {ago(now - agent.accepted_at)}"
    error = "none"
    if agent.failure is not None and agent.failed_at is not None:
        prefix = "not accepted: " if agent.not_accepted else ""
        error = f"{prefix}{agent.failure} ({ago(now - agent.failed_at)})"
    return [
        f"Last report     {accepted}",
        f"Last error      {error}",
        f"Unsent samples  {agent.unsent} ({agent.dropped} dropped since the enrolment)",
        f"Spool           {_spool(agent, now)}",
        f"Refused         {agent.refused} reports since the enrolment",
        f"Clock           {_clock(agent.clock_offset_s)}",
    ]


def _spool(agent: Status, now: float) -> str:
    if agent.spool_trouble is not None:
        return agent.spool_trouble
    kept = f"{agent.spool_blocks} blocks, {agent.spool_bytes / 1024:,.1f} KB"
    if agent.spool_oldest_at is None:
        return kept
    return f"{kept}, the oldest sample {ago(now - agent.spool_oldest_at)}"


def ago(seconds: float) -> str:
    """A duration as people say it."""
    if seconds < 120:
        return f"{max(seconds, 0):.0f} s ago"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min ago"
    return f"{seconds / 3600:.0f} h ago"


def _clock(offset_s: float | None) -> str:
    if offset_s is None:
        return "not compared yet"
    if abs(offset_s) < 1:
        return "right"
    direction = "behind" if offset_s > 0 else "ahead of"
    advice = "; set it" if abs(offset_s) > CLOCK_OFF_S else ""
    return f"{abs(offset_s):,.0f} s {direction} the commander's{advice}"
