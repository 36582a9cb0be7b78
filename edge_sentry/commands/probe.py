"""`edge-sentry probe`: the figures of a mining program that runs here, in words or as JSON.

It believes whoever listens on the port, and names that process: who sets up a rig can judge.
"""

from __future__ import annotations

import msgspec

from edge_sentry.commands import console
from edge_sentry.commands.words import duration, hashrate
from edge_sentry.miners.ask import read_miner
from edge_sentry.miners.listener import listener_on
from edge_sentry.miners.log_lines import GENERIC, WITHOUT_API
from edge_sentry.miners.normal_form import Algorithm, Device, MinerReading, Trouble
from edge_sentry.miners.table import MINERS, Miner

_WIDTH = 12
_SHOWN_UNREAD = 20


class Probe(MinerReading, frozen=True, kw_only=True):
    """What --json prints: the normal form, and who gave it. `pid` None where the system does not tell."""

    port: int
    pid: int | None
    process: str | None
    open_to_network: bool | None


def probe(name: str, port: int | None, token: str | None, *, as_json: bool) -> int:
    """Exit code: 0 when it could be read, 1 when not, 2 for a program or a port that are not known."""
    miner = MINERS.get(name)
    if name == GENERIC:
        console.warn(WITHOUT_API)
        return 2
    if miner is None:
        console.warn(
            f"There is no mining program '{name}' in the table. Known: {', '.join((*MINERS, GENERIC))}."
        )
        return 2
    port = port or miner.default_port
    if port is None:
        console.warn(f"The API of {miner.title} has no usual port: name it with --port.")
        return 2
    if token is not None and not (token.isascii() and token.isprintable() and token):
        console.warn("An access token has printable ASCII characters only.")
        return 2
    return _told(miner, found_on(miner, port, token), as_json=as_json)


def found_on(miner: Miner, port: int, token: str | None) -> Probe:
    """Reads the program and looks up who listens there."""
    listener = listener_on(port)
    reading = read_miner(miner, port, token)
    said = {field: getattr(reading, field) for field in MinerReading.__struct_fields__}
    return Probe(
        **said,
        port=port,
        pid=listener.pid if listener else None,
        process=listener.name if listener else None,
        open_to_network=listener.is_open_to_network if listener else None,
    )


def lines_of(miner: Miner, found: Probe) -> list[str]:
    """The same for people."""
    head = [_line("Program", f"{miner.title} {found.version or ''}".strip()), _line("Answers", _who(found))]
    if found.reason is not None:
        return [*head[1:], _line("Trouble", found.reason), *_advice(miner, found)]
    return [
        *head,
        _line("State", _state(found)),
        *(line for algorithm in found.algorithms for line in _algorithm(algorithm)),
        *(line for device in found.devices for line in _device(device, found.algorithms)),
        *_unread(found),
        *_warnings(miner, found),
    ]


def _told(miner: Miner, found: Probe, *, as_json: bool) -> int:
    if as_json:
        console.say(msgspec.json.encode(found).decode())
    else:
        for line in lines_of(miner, found):
            console.say(line)
    return 0 if found.trouble is None else 1


def _line(label: str, text: str) -> str:
    return f"{label:<{_WIDTH}}{text}"


def _who(found: Probe) -> str:
    where = f"127.0.0.1:{found.port}"
    if found.pid is not None:
        return f"pid {found.pid} ({found.process or 'name unknown'}) on {where}"
    if found.trouble is Trouble.NOTHING_LISTENS:
        return f"nobody on {where}"
    return f"a process on {where} whose pid the system does not show (try as root)"


def _advice(miner: Miner, found: Probe) -> list[str]:
    """What to do about it, where that is known."""
    if found.trouble is Trouble.NOTHING_LISTENS:
        opened = " ".join(miner.arguments(found.port, "<token>")) or "; ".join(
            setting.format(port=found.port) for setting in miner.api_settings
        )
        return [_line("Advice", f"Start {miner.title} with its API open: {opened}")]
    if found.trouble is Trouble.NOT_ALLOWED:
        return [_line("Advice", "Name the right one with --access-token, or leave that out.")]
    if found.trouble is Trouble.ANOTHER_PROGRAM:
        return [_line("Advice", f"This is not {miner.title}, or a version of it that is not known yet.")]
    return [_line("Advice", "This says nothing of whether it mines: look at its own output.")]


def _state(found: Probe) -> str:
    up = "" if found.uptime_s is None else f", up {duration(found.uptime_s)}"
    power = "" if found.power_w is None else f", {found.power_w:.0f} W"
    return f"{found.state.value}{up}{power}"


def _algorithm(row: Algorithm) -> list[str]:
    shares = [
        f"{count:,} {name}"
        for name, count in (
            ("accepted", row.accepted),
            ("rejected", row.rejected),
            ("stale", row.stale),
            ("invalid", row.invalid),
        )
        if count is not None
    ]
    figures = f"{hashrate(row.hashrate, row.unit)}, shares: {', '.join(shares) or 'not told'}"
    return [_line("Algorithm", f"{row.name or 'not told'}  {figures}"), _line("  pool", _pool(row))]


def _pool(row: Algorithm) -> str:
    pool = row.pool
    parts = [
        pool.address or "address not told",
        {True: "connected", False: "not connected", None: ""}[pool.connected],
        {True: "TLS", False: "no TLS", None: ""}[pool.tls],
        "" if pool.ping_s is None else f"{pool.ping_s * 1000:.0f} ms",
    ]
    return ", ".join(part for part in parts if part)


def _device(device: Device, algorithms: tuple[Algorithm, ...]) -> list[str]:
    rates = [
        hashrate(rate, algorithm.unit) for rate, algorithm in zip(device.hashrates, algorithms, strict=True)
    ]
    figures = [
        *rates,
        *_figure(device.temperature_c, "°C"),
        *_figure(device.memory_temperature_c, "°C memory"),
        *_figure(device.fan_pct, "% fan"),
        *_figure(device.fan_rpm, "rpm fan"),
        *_figure(device.power_w, "W"),
        *([device.state] if device.state else []),
    ]
    key = device.key or f"{device.kind} {'?' if device.index is None else device.index}"
    return [_line("Device", f"{key}  {device.name or 'name not told'}  {', '.join(figures)}")]


def _figure(value: float | None, unit: str) -> list[str]:
    return [] if value is None else [f"{value:.0f} {unit}"]


def _unread(found: Probe) -> list[str]:
    shown = [_line("Not read", f"{each.part}: {each.reason}") for each in found.unread[:_SHOWN_UNREAD]]
    more = len(found.unread) - len(shown)
    return [*shown, _line("", f"and {more} more, see --json")] if more else shown


def _warnings(miner: Miner, found: Probe) -> list[str]:
    if not found.open_to_network:
        return []
    warning = "Other machines can reach this API."
    if miner.binds_to_loopback:
        closed = " ".join(miner.arguments(found.port, "<token>"))
        return [_line("Warning", f"{warning} Keep it on this rig with: {closed}")]
    return [
        _line("Warning", f"{warning} {miner.title} cannot be told otherwise: close the port by firewall.")
    ]
