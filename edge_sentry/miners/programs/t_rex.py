"""T-Rex 0.25 and 0.26: hashes per second, ages from its own clock, a second algorithm in `dual_stat`."""

from __future__ import annotations

from collections.abc import Iterator

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import S_OF_MS, age_s, finished, uptime_s
from edge_sentry.miners.hash_unit import number_with_prefix, unit_of
from edge_sentry.miners.normal_form import Algorithm, Device, Figures, Pool, Trouble
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies, Unreadable
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/summary"),)

_SENSORS = SensorKeys(
    core=("temperature",),
    memory=("memory_temperature",),
    fan=("fan_speed",),
    power=("power",),
    core_clock=("cclock",),
    memory_clock=("mclock",),
)


def read(replies: Replies, now: float) -> Figures:
    """From /summary; raises Unreadable."""
    told = told_of(replies[0], "gpus", "accepted_count", "active_pool")
    if told.has("name") and told.apart().text("name", "name") != "t-rex":
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "its name is not t-rex")
    parts = [told.part("algorithms[0]")]
    if told.has("dual_stat", "algorithm"):
        parts.append(told.part("algorithms[1]", "dual_stat"))
    # The program's own clock dates what it tells, where it tells the time.
    at = told.apart().number("read_at", "time") or now
    figures = Figures(
        version=told.text("version", "version"),
        uptime_s=uptime_s(told, "uptime"),
        algorithms=tuple(_algorithm(part, at) for part in parts),
        devices=tuple(_devices(told, parts)),
    )
    return finished(told, figures, paused=told.flag("state", "paused") is True)


def _algorithm(part: Told, at: float) -> Algorithm:
    name = part.text("name", "algorithm")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=part.number("hashrate", "hashrate"),
        accepted=part.count("accepted", "accepted_count"),
        rejected=part.count("rejected", "rejected_count"),
        invalid=part.count("invalid", "invalid_count"),
        pool=_pool(part.part("pool", "active_pool"), at),
    )


def _pool(pool: Told, at: float) -> Pool:
    return Pool(
        **place_of(pool, "url"),
        ping_s=pool.number("ping_s", "ping", factor=S_OF_MS),
        difficulty=number_with_prefix(pool, "difficulty", "difficulty"),
        last_share_age_s=age_s(pool, "last_share_age_s", "last_submit_ts", now=at),
        failures=pool.count("failures", "retries"),
    )


def _devices(told: Told, parts: list[Told]) -> Iterator[Device]:
    for place, card in enumerate(told.rows("devices", "gpus")):
        # The second algorithm has a list of its own with the same cards in the same order.
        own = [card, *(part.part("", "gpus", place).labelled(f"devices[{place}]") for part in parts[1:])]
        yield Device(
            key=pci.key_of_bus(card, "pci_bus", domain=("pci_domain",)),
            index=card.count("index", "device_id"),
            name=card.text("name", "name"),
            state=_state(card),
            hashrates=tuple(part.number("hashrates", "hashrate") for part in own),
            accepted=tuple(part.count("accepted", "shares", "accepted_count") for part in own),
            rejected=tuple(part.count("rejected", "shares", "rejected_count") for part in own),
            invalid=tuple(part.count("invalid", "shares", "invalid_count") for part in own),
            **sensors_of(card, _SENSORS),
        )


def _state(card: Told) -> str | None:
    if card.flag("state", "paused"):
        return "paused"
    return "low load" if card.apart().flag("state", "low_load") else None
