"""MiniZ 1.8 to 2.5: one JSON document on a TCP connection, a row for each card."""

from __future__ import annotations

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import S_OF_MS, age_s, finished, total, total_count
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import Algorithm, Device, Figures, Pool
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import Replies, TcpText
from edge_sentry.miners.replies import is_whole_json, told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (TcpText('{"id":"0","method":"getstat"}\n', is_whole_json),)

_SENSORS = SensorKeys(
    core=("temperature",),
    fan=("gpu_fan_speed",),
    power=("gpu_power_usage",),
    core_clock=("gpu_clock_core_max",),
    memory_clock=("gpu_clock_memory",),
)


def read(replies: Replies, now: float) -> Figures:
    """From the answer to getstat; raises Unreadable."""
    told = told_of(replies[0], "result", "start_time")
    devices = tuple(_device(card) for card in told.rows("devices", "result"))
    figures = Figures(
        version=told.text("version", "version"),
        uptime_s=age_s(told, "uptime_s", "start_time", now=now),
        algorithms=(_algorithm(told.part("algorithms[0]"), devices),),
        devices=devices,
    )
    return finished(told, figures)


def _algorithm(row: Told, devices: tuple[Device, ...]) -> Algorithm:
    name = row.text("name", "algorithm")
    hashrate = total(device.hashrates[0] for device in devices)
    if hashrate is None:
        row.note("hashrate", "it is not told of each card")
    pool = row.part("pool")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=hashrate,
        accepted=total_count(device.accepted[0] for device in devices),
        rejected=total_count(device.rejected[0] for device in devices),
        pool=Pool(
            **place_of(pool, "current_server"),
            ping_s=pool.number("ping_s", "server_latency", factor=S_OF_MS),
        ),
    )


def _device(card: Told) -> Device:
    return Device(
        key=pci.key_of_text(card, "busid"),
        index=card.count("index", "gpuid"),
        name=card.text("name", "name"),
        hashrates=(_hashrate(card),),
        accepted=(card.count("accepted", "accepted_shares"),),
        rejected=(card.count("rejected", "rejected_shares"),),
        **sensors_of(card, _SENSORS),
    )


def _hashrate(card: Told) -> float | None:
    """Some versions tell 0 in the first place and the truth in the second."""
    if card.apart().number("hashrates", "speed_sps") or not card.has("sol_ps"):
        return card.number("hashrates", "speed_sps")
    return card.number("hashrates", "sol_ps")
