"""The table of everything that can be wrong with a mining program that runs, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edge_sentry.supervisor.defaults import Defaults
from edge_sentry.supervisor.events import Kind
from edge_sentry.supervisor.facts import Api, MinerFacts, RigFacts
from edge_sentry.supervisor.judge import Row, at_once
from edge_sentry.supervisor.memory import Memory
from edge_sentry.supervisor.playbook import CPU, Playbook

Symptoms = Mapping[str, str] | None
WELL: Mapping[str, str] = {}


@dataclass(frozen=True)
class View:
    """One reading of a program with all that it is judged by; `memory` includes the reading itself."""

    playbook: Playbook
    facts: MinerFacts
    memory: Memory
    rig: RigFacts | None
    started: float
    defaults: Defaults

    @property
    def now(self) -> float:
        """When it was read, by the steady clock."""
        return self.facts.at

    @property
    def readable(self) -> bool:
        """Whether there are figures."""
        return self.facts.api is Api.READABLE

    @property
    def warm(self) -> bool:
        """Whether it had the time that it needs before it can be expected to mine."""
        return self.now - self.started >= warm_up_s(self.playbook, self.defaults)


def warm_up_s(playbook: Playbook, defaults: Defaults) -> float:
    """What the playbook asks for, within the bounds of the table."""
    return min(max(playbook.warm_up_s, defaults.warm_up_s), defaults.longest_warm_up_s)


def _silent(view: View) -> Symptoms:
    if view.facts.api is not Api.SILENT:
        return WELL
    if not view.memory.answered and not view.warm:
        return None
    return {"": f"its interface is silent: {view.facts.reason or 'no answer'}"}


def _silent_grace_s(view: View) -> float:
    """None is left when it never answered: `_silent` has waited for it to warm up."""
    return view.defaults.api_silent_s if view.memory.answered else 0.0


def _silent_restart_after_s(view: View) -> float | None:
    return view.defaults.api_silent_busy_s if _busy(view) else 0.0


def _busy(view: View) -> bool:
    """Whether its devices work hard, so that it seems to mine though it does not talk."""
    if view.rig is None:
        return False
    loads = {address: gpu.load_pct for address, gpu in view.rig.gpus.items()}
    loads[CPU] = view.rig.cpu_load_pct
    own = view.playbook.devices or tuple(loads)
    return any((loads.get(device) or 0.0) >= view.defaults.busy_load_pct for device in own)


def _unreadable(view: View) -> Symptoms:
    if view.facts.api is Api.SILENT:
        return None
    return (
        WELL if view.readable else {"": f"its answer cannot be used: {view.facts.reason or 'not readable'}"}
    )


def _paused(view: View) -> Symptoms:
    if not view.readable:
        return None
    return {"": "it says that it is paused"} if view.facts.paused else WELL


def _pool_down(view: View) -> bool:
    return view.memory.pool_down_at == view.now


def _no_hashrate(view: View) -> Symptoms:
    """Not to be told while it cannot mine for another reason."""
    told = (*view.facts.hashrates.values(), *view.facts.devices.values())
    if any(told):
        return WELL
    if not view.readable or not view.warm or view.facts.paused or not told or _pool_down(view):
        return None
    return {"": "no hashrate on any device"}


def _unless_it_earns(view: View) -> float | None:
    """A program whose shares are accepted mines, whatever it says."""
    earns = view.memory.shares > 0 and view.now - view.memory.accepted_at < view.defaults.no_hashrate_s
    return None if earns else 0.0


def _gpu_stopped(view: View) -> Symptoms:
    if not view.readable or not view.warm or view.facts.paused or not any(view.facts.devices.values()):
        return None
    return {
        device: f"{device} does not hash while others do"
        for device, rate in view.facts.devices.items()
        if rate == 0
    }


def _low(view: View) -> Symptoms:
    if not view.readable or not view.warm or _pool_down(view):
        return None
    low = {name: (view.memory.smooth.get(name), view.memory.median(name)) for name in view.facts.hashrates}
    return {
        name: f"{name} makes {rate / median:.0%} of its median of the last hour"
        for name, (rate, median) in low.items()
        if rate is not None and median and rate < view.defaults.low_hashrate_share * median
    }


def _no_shares(view: View) -> Symptoms:
    if not view.readable or view.facts.accepted is None or view.facts.paused:
        return None
    waited_s = view.now - view.memory.accepted_at
    if waited_s >= _bearable_s(view):
        return {"": f"no accepted share for {waited_s / 60:.0f} min"}
    return WELL if view.memory.accepted_at > view.started else None


def _bearable_s(view: View) -> float:
    mean_s = view.memory.mean_share_s() or 0.0
    return max(view.defaults.no_shares_s, view.defaults.no_shares_mean_times * mean_s)


def _no_shares_restart_after_s(view: View) -> float | None:
    """Only when the pool was there all the time: else the pool is why, and a restart cannot help."""
    down_at = view.memory.pool_down_at
    return None if down_at is not None and view.now - down_at < _bearable_s(view) else 0.0


def _rejects(view: View) -> Symptoms:
    return _rejected_above(view, view.defaults.rejects_alert_share)


def _rejects_many(view: View) -> Symptoms:
    return _rejected_above(view, view.defaults.rejects_restart_share)


def _rejected_above(view: View, share: float) -> Symptoms:
    rejected = sum(pair[1] for pair in view.memory.recent)
    total = sum(pair[0] + pair[1] for pair in view.memory.recent)
    if not view.readable or total < view.defaults.rejects_of_shares:
        return None
    return {"": f"{rejected} of the last {total} shares were rejected"} if rejected > share * total else WELL


def _pool_unreachable(view: View) -> Symptoms:
    if not view.readable:
        return None
    return {"": "no connection to the pool"} if _pool_down(view) else WELL


def _none(_: View) -> float:
    return 0.0


ROWS: tuple[Row[View], ...] = (
    Row(
        Kind.API_SILENT,
        _silent,
        _silent_grace_s,
        "its interface answers again",
        restart_after_s=_silent_restart_after_s,
    ),
    Row(
        Kind.API_UNREADABLE,
        _unreadable,
        lambda view: view.defaults.api_unreadable_s,
        "its answers can be read again",
    ),
    Row(Kind.MINER_PAUSED, _paused, lambda view: view.defaults.miner_paused_s, "it is no longer paused"),
    Row(
        Kind.NO_HASHRATE,
        _no_hashrate,
        lambda view: view.defaults.no_hashrate_s,
        "it hashes again",
        restart_after_s=_unless_it_earns,
        limit=lambda defaults: defaults.no_hashrate_limit,
    ),
    Row(
        Kind.GPU_STOPPED,
        _gpu_stopped,
        lambda view: view.defaults.gpu_stopped_s,
        "it hashes again",
        restart_after_s=at_once,
        limit=lambda defaults: defaults.gpu_stopped_limit,
        spent=Kind.GPU_DEAD,
    ),
    Row(
        Kind.NO_SHARES,
        _no_shares,
        _none,
        "shares are accepted again",
        restart_after_s=_no_shares_restart_after_s,
        limit=lambda defaults: defaults.no_shares_limit,
    ),
    Row(
        Kind.REJECTS_MANY,
        _rejects_many,
        _none,
        "fewer shares are rejected",
        restart_after_s=at_once,
        limit=lambda defaults: defaults.rejects_limit,
    ),
    Row(Kind.REJECTS, _rejects, _none, "hardly any shares are rejected"),
    Row(
        Kind.HASHRATE_LOW,
        _low,
        lambda view: view.defaults.low_hashrate_s,
        "it is back at its usual hashrate",
    ),
    Row(
        Kind.POOL_UNREACHABLE,
        _pool_unreachable,
        lambda view: view.defaults.pool_unreachable_s,
        "the pool is connected again",
    ),
)
