"""SRBMiner-MULTI 0.5 to 3.6: several algorithms at once, on cards and processors."""

from __future__ import annotations

from collections.abc import Iterator

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import LONGEST_S, S_OF_MS, finished, total, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import MOST_ALGORITHMS, Algorithm, Device, Figures, Pool
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import HttpGet, Replies
from edge_sentry.miners.replies import told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Told

QUESTIONS = (HttpGet("/"),)

# "now" in the older ones; a minute is the shortest mean of the newer.
_TOTALS = (("hashrate", "now"), ("hashrate", "1min"))
_SENSORS = SensorKeys(
    core=("temperature",),
    fan=("fan_speed_percent",),
    power=("asic_power",),
    core_clock=("core_clock",),
    memory_clock=("memory_clock",),
)


def read(replies: Replies, _now: float) -> Figures:
    """From "/" or "/api/v2/status", which have one form; raises Unreadable."""
    told = told_of(replies[0], "miner_version", "algorithms")
    rows = told.rows("algorithms", "algorithms", most=MOST_ALGORITHMS)
    figures = Figures(
        version=told.text("version", "miner_version"),
        uptime_s=_uptime_s(told),
        algorithms=tuple(_algorithm(row) for row in rows),
        devices=(*_cards(told, rows), *_processors(told, rows)),
    )
    return finished(told, figures)


def _uptime_s(told: Told) -> float | None:
    """The newer page lacks the time of mining: then the pool's, which is not longer."""
    if told.has("mining_time"):
        return uptime_s(told, "mining_time")
    return uptime_s(told, "algorithms", 0, "pool", "uptime")


def _algorithm(row: Told) -> Algorithm:
    name = row.text("name", "name")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=_hashrate(row),
        accepted=row.count("accepted", "shares", "accepted"),
        rejected=row.count("rejected", "shares", "rejected"),
        pool=_pool(row.part("pool", "pool")),
    )


def _hashrate(row: Told) -> float | None:
    """Cards and processors together, as of now; otherwise the mean of the last minute."""
    parts = [kind for kind in ("gpu", "cpu") if row.has("hashrate", kind, "total")]
    if not parts:
        return row.first_number("hashrate", *_TOTALS)
    values = [row.number("hashrate", "hashrate", kind, "total") for kind in parts]
    return total(values)


def _pool(pool: Told) -> Pool:
    place = place_of(pool, "pool")
    up_s = pool.number("uptime_s", "uptime", most=LONGEST_S)
    if up_s == 0:
        return Pool(**place, connected=False, uptime_s=0.0)
    return Pool(
        **place,
        connected=None if up_s is None else True,
        uptime_s=up_s,
        ping_s=pool.number("ping_s", "latency", factor=S_OF_MS),
        difficulty=pool.number("difficulty", "difficulty"),
        last_job_age_s=pool.number("last_job_age_s", "last_job_received", most=LONGEST_S),
    )


def _cards(told: Told, rows: list[Told]) -> Iterator[Device]:
    cards = told.rows("devices", "gpu_devices") if told.has("gpu_devices") else []
    for place, card in enumerate(cards):
        # The algorithms' figures are kept under the names of the cards: "gpu0".
        name = card.apart().text("name", "device") or ""
        own = _of_card(card, [row.labelled(f"devices[{place}]") for row in rows], name)
        yield Device(
            key=_key(card),
            index=card.count("index", "id"),
            name=card.text("name", "model"),
            hashrates=tuple(
                None if row is None else row.number("hashrates", "hashrate", "gpu", name) for row in own
            ),
            accepted=_counts(own, "accepted", "gpu_accepted_shares", name),
            rejected=_counts(own, "rejected", "gpu_rejected_shares", name),
            invalid=_counts(own, "invalid", "gpu_compute_errors", name),
            **sensors_of(card, _SENSORS),
        )


def _of_card(card: Told, rows: list[Told], name: str) -> list[Told | None]:
    """The rows of the algorithms that the card mines, None for the others."""
    own = [row if row.has("hashrate", "gpu", name) else None for row in rows]
    if not any(own):
        card.note("hashrates", "no algorithm tells of this card")
    return own


def _counts(rows: list[Told | None], field: str, key: str, card: str) -> tuple[int | None, ...]:
    return tuple(None if row is None else row.count(field, key, card) for row in rows)


def _key(card: Told) -> str | None:
    if card.is_number("bus_id"):
        return pci.key_of_bus(card, "bus_id")
    return pci.key_of_text(card, "bus_id")


def _processors(told: Told, rows: list[Told]) -> Iterator[Device]:
    """All threads of all processors as one device, where there is one that mines."""
    if told.length("cpu_devices") or (told.apart().count("", "total_cpu_workers") or 0) > 0:
        yield Device(
            key="cpu0",
            kind="cpu",
            name=told.apart().text("name", "cpu_devices", 0, "model"),
            hashrates=tuple(row.apart().number("hashrates", "hashrate", "cpu", "total") for row in rows),
        )
