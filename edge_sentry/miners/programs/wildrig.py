"""WildRig-Multi 0.49 to 0.51: like the first XMRig, with the cards' figures in lists of their own."""

from __future__ import annotations

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import LONGEST_S, S_OF_MS, difference, finished, total_count, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import MOST_DEVICES, Algorithm, Device, Figures, Pool
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/"),)

_TOTALS = tuple(("hashrate", "total", window) for window in range(3))


def read(replies: Replies, _now: float) -> Figures:
    """From the only page; raises Unreadable."""
    told = told_of(replies[0], "hashrate", "results", "algo")
    shown = min(told.length("hashrate", "threads"), MOST_DEVICES)
    if shown == 0:
        told.note("devices", "'hashrate.threads' has no card")
    devices = tuple(_device(told.labelled(f"devices[{index}]"), index) for index in range(shown))
    figures = Figures(
        version=told.text("version", "version"),
        uptime_s=uptime_s(told, "uptime"),
        algorithms=(_algorithm(told, devices),),
        devices=devices,
    )
    return finished(told, figures)


def _algorithm(told: Told, devices: tuple[Device, ...]) -> Algorithm:
    row = told.part("algorithms[0]")
    name = row.text("name", "algo")
    accepted, rejected = _shares(row, devices)
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=row.first_number("hashrate", *_TOTALS),
        accepted=accepted,
        rejected=rejected,
        pool=_pool(row.part("pool", "connection")),
    )


def _shares(row: Told, devices: tuple[Device, ...]) -> tuple[int | None, int | None]:
    """Older ones tell them for all cards together, newer ones for each card."""
    if not row.has("results", "shares_good"):
        return (
            total_count(count for device in devices for count in device.accepted),
            total_count(count for device in devices for count in device.rejected),
        )
    good = row.count("accepted", "results", "shares_good")
    return good, difference(row.count("rejected", "results", "shares_total"), good)


def _pool(connection: Told) -> Pool:
    place = place_of(connection, "pool")
    up_s = connection.number("uptime_s", "uptime", most=LONGEST_S)
    failures = connection.count("failures", "failures")
    if up_s == 0:
        return Pool(**place, connected=False, uptime_s=0.0, failures=failures)
    return Pool(
        **place,
        connected=None if up_s is None else True,
        uptime_s=up_s,
        ping_s=connection.number("ping_s", "ping", factor=S_OF_MS),
        failures=failures,
    )


def _device(card: Told, index: int) -> Device:
    keys = SensorKeys(
        core=("hwmon", "temp", index),
        fan=("hwmon", "fan", index),
        power=("hwmon", "power", index),
        core_clock=("hwmon", "cclk", index),
        memory_clock=("hwmon", "mclk", index),
    )
    return Device(
        key=pci.key_of_bus(card, "hwmon", "busID", index),
        index=index,
        hashrates=(card.first_number("hashrates", *(("hashrate", "threads", index, at) for at in range(3))),),
        accepted=(card.count("accepted", "results", "shares_accepted", index),),
        rejected=(card.count("rejected", "results", "shares_rejected", index),),
        **sensors_of(card, keys),
    )
