"""TeamRedMiner 0.10: sgminer's protocol, whose keys name the unit and the window ("KHS 30s")."""

from __future__ import annotations

from collections.abc import Iterator

from edge_sentry.miners.assembly import age_s, finished, uptime_s
from edge_sentry.miners.hash_unit import unit_of
from edge_sentry.miners.normal_form import Algorithm, Device, Figures, Pool, Trouble
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import Replies, TcpText, Unreadable
from edge_sentry.miners.replies import is_whole_json, json_of, told_of
from edge_sentry.miners.sensors import SensorKeys, sensors_of
from edge_sentry.miners.told import Key, Told

# In dual mining the same commands with a 2 tell the second algorithm; otherwise they are an error.
QUESTIONS = (
    TcpText('{"command":"summary+devs+pools"}\n', is_whole_json),
    TcpText('{"command":"summary2+devs2+pools2"}\n', is_whole_json, required=False),
)

_WINDOWS = ("5s", "30s", "120s", "av")
_PREFIXES = {"HS": 1.0, "KHS": 1e3, "MHS": 1e6, "GHS": 1e9, "THS": 1e12, "PHS": 1e15}
_SENSORS = SensorKeys(
    core=("Temperature",),
    fan=("Fan Percent",),
    fan_rpm=("Fan Speed",),
    core_clock=("GPU Clock",),
    memory_clock=("Memory Clock",),
)


def read(replies: Replies, now: float) -> Figures:
    """From the commands together; raises Unreadable."""
    told = told_of(replies[0])
    if not told.has(*_way(told, "summary", ""), 0):
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "the reply has no SUMMARY")
    if "teamred" not in (_description(told) or "teamred").lower():
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "its name is not TeamRedMiner")
    description = _description(told) or ""
    parts = [(told, ""), *_second(told, replies[1])]
    figures = Figures(
        version=description.split()[-1] if description else None,
        uptime_s=uptime_s(told, *_way(told, "summary", ""), 0, "Elapsed"),
        algorithms=tuple(_algorithm(part, slot, suffix, now) for slot, (part, suffix) in enumerate(parts)),
        devices=tuple(_devices(parts)),
    )
    return finished(told, figures)


def _second(told: Told, reply: bytes | None) -> list[tuple[Told, str]]:
    try:
        part = told.beside(json_of(reply))
    except Unreadable:
        return []
    return [(part, "2")] if part.has(*_way(part, "summary", "2"), 0) else []


def _way(part: Told, section: str, suffix: str) -> tuple[Key, ...]:
    """Several commands are wrapped in a list or an object each, a single one is not."""
    name, inner = f"{section}{suffix}", section.upper()
    ways: list[tuple[Key, ...]] = [(name, 0, inner), (name, inner), (inner,), (name, 0, f"{inner}{suffix}")]
    return next((way for way in ways if part.has(*way)), ways[0])


def _description(told: Told) -> str | None:
    way = (*_way(told, "summary", "")[:-1], "STATUS", 0, "Description")
    return told.apart().text("version", *way)


def _algorithm(part: Told, slot: int, suffix: str, now: float) -> Algorithm:
    row = part.part(f"algorithms[{slot}]", *_way(part, "summary", suffix), 0)
    pool = _pool_in_use(part, suffix)
    name = pool.labelled(f"algorithms[{slot}]").text("name", "Algorithm")
    return Algorithm(
        name=name.lower() if name else None,
        unit=unit_of(name),
        hashrate=_hashrate(row, "hashrate"),
        accepted=row.count("accepted", "Accepted"),
        rejected=row.count("rejected", "Rejected"),
        stale=row.count("stale", "Stale"),
        invalid=row.count("invalid", "Hardware Errors"),
        pool=_pool(pool.labelled(f"algorithms[{slot}].pool"), now),
    )


def _pool_in_use(part: Told, suffix: str) -> Told:
    pools = part.rows("pool", *_way(part, "pools", suffix))
    active = [pool for pool in pools if pool.apart().flag("connected", "Stratum Active")]
    return (active or pools or [part.part("pools", "pools", 0)])[0]


def _pool(pool: Told, now: float) -> Pool:
    return Pool(
        **place_of(pool, "URL"),
        connected=pool.flag("connected", "Stratum Active"),
        last_share_age_s=age_s(pool, "last_share_age_s", "Last Share Time", now=now),
    )


def _devices(parts: list[tuple[Told, str]]) -> Iterator[Device]:
    first = parts[0][0].rows("devices", *_way(parts[0][0], "devs", ""))
    for place, card in enumerate(first):
        card.note("key", "TeamRedMiner does not tell PCI addresses here")
        label = f"devices[{place}]"
        own = [part.part("", *_way(part, "devs", end), place).labelled(label) for part, end in parts]
        state = card.text("state", "Status")
        yield Device(
            key=None,
            index=card.count("index", "GPU"),
            state=state.lower() if state else None,
            hashrates=tuple(_hashrate(each, "hashrates") for each in own),
            accepted=tuple(each.count("accepted", "Accepted") for each in own),
            rejected=tuple(each.count("rejected", "Rejected") for each in own),
            invalid=tuple(each.count("invalid", "Hardware Errors") for each in own),
            **sensors_of(card, _SENSORS),
        )


def _hashrate(row: Told, name: str) -> float | None:
    """The shortest window, and of its units the finest."""
    for window in _WINDOWS:
        for prefix, factor in _PREFIXES.items():
            if row.has(f"{prefix} {window}"):
                return row.number(name, f"{prefix} {window}", factor=factor)
    row.note(name, "no hashrate in a unit that we know")
    return None
