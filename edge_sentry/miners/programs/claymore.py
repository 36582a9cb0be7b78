"""Claymore's protocol, as TT-Miner, PhoenixMiner, ethminer and Claymore's own programs speak it.

The same line means hashes in TT-Miner and thousands of hashes in the others. None tells its algorithm.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edge_sentry.miners import pci
from edge_sentry.miners.assembly import S_OF_MINUTE, finished, uptime_s
from edge_sentry.miners.normal_form import MOST_DEVICES, Algorithm, Device, Figures, Pool, Trouble
from edge_sentry.miners.pool_address import place_of
from edge_sentry.miners.question import Replies, TcpText, Unreadable
from edge_sentry.miners.replies import is_whole_json, number_or_text, told_of
from edge_sentry.miners.sensors import SensorKeys, power_w, sensors_of
from edge_sentry.miners.told import Told

# Some close after the reply, some end it with a new line and stay, some do neither.
SHORT = (TcpText('{"id":0,"jsonrpc":"2.0","method":"miner_getstat1"}\n', is_whole_json),)
LONG = (TcpText('{"id":0,"jsonrpc":"2.0","method":"miner_getstat2"}\n', is_whole_json),)

_RESULT = "result"
_LEAST_FIELDS = 9
_VERSION, _MINUTES, _SENSORS, _POOLS, _INVALID, _BUSES, _POWER = 0, 1, 6, 7, 8, 15, 17
_MOST_W = 100_000.0
_LONGEST_FIELD = MOST_DEVICES * 20


class _Fields(NamedTuple):
    """Where the reply has one algorithm: its totals, its cards, in the long form the cards' shares."""

    totals: int
    cards: int
    accepted: int
    rejected: int
    invalid: int


_ALGORITHMS = (_Fields(2, 3, 9, 10, 11), _Fields(4, 5, 12, 13, 14))


def read_hashes(replies: Replies, _now: float) -> Figures:
    """Of TT-Miner; raises Unreadable."""
    return _read(replies, 1.0)


def read_thousands(replies: Replies, _now: float) -> Figures:
    """Of the others; raises Unreadable."""
    return _read(replies, 1000.0)


def _read(replies: Replies, factor: float) -> Figures:
    reply = told_of(replies[0], _RESULT)
    if reply.length(_RESULT) < _LEAST_FIELDS:
        raise Unreadable(Trouble.ANOTHER_PROGRAM, "this is not how the program answers")
    told = reply.beside({_RESULT: _opened(reply)})
    slots = [0, 1] if _is_dual(told) else [0]
    figures = Figures(
        version=reply.text("version", _RESULT, _VERSION),
        uptime_s=uptime_s(told, _RESULT, _MINUTES, 0, unit_s=S_OF_MINUTE),
        power_w=power_w(told, _RESULT, _POWER, 0, most=_MOST_W) if told.has(_RESULT, _POWER) else None,
        algorithms=tuple(_algorithm(told.part(f"algorithms[{slot}]"), slot, factor) for slot in slots),
        devices=tuple(_devices(told, [_ALGORITHMS[slot] for slot in slots], factor)),
    )
    return finished(told, figures)


def _opened(reply: Told) -> list[list[object]]:
    """Each field's parts, which ";" separates; "off" is a card that does not take part."""
    fields = range(min(reply.length(_RESULT), _POWER + 1))
    texts = [reply.apart().text("", _RESULT, field, most=_LONGEST_FIELD) or "" for field in fields]
    return [[None if part == "off" else number_or_text(part) for part in text.split(";")] for text in texts]


def _is_dual(told: Told) -> bool:
    cards = _ALGORITHMS[1].cards
    shown = min(told.length(_RESULT, cards), MOST_DEVICES)
    return any(told.apart().number("hashrates", _RESULT, cards, place) for place in range(shown))


def _algorithm(row: Told, slot: int, factor: float) -> Algorithm:
    totals = _ALGORITHMS[slot].totals
    row.note("name", "the protocol does not tell the algorithm")
    return Algorithm(
        name=None,
        hashrate=row.number("hashrate", _RESULT, totals, 0, factor=factor),
        accepted=row.count("accepted", _RESULT, totals, 1),
        rejected=row.count("rejected", _RESULT, totals, 2),
        invalid=row.count("invalid", _RESULT, _INVALID, 2 * slot),
        pool=Pool(**place_of(row.part("pool"), _RESULT, _POOLS, slot)),
    )


def _devices(told: Told, fields: list[_Fields], factor: float) -> Iterator[Device]:
    long = told.length(_RESULT) > _BUSES
    for place in range(min(told.length(_RESULT, fields[0].cards), MOST_DEVICES)):
        row = told.labelled(f"devices[{place}]")
        sensors = SensorKeys(core=(_RESULT, _SENSORS, 2 * place), fan=(_RESULT, _SENSORS, 2 * place + 1))
        yield Device(
            key=_key(row, place, long=long),
            index=place,
            hashrates=tuple(
                row.number("hashrates", _RESULT, each.cards, place, factor=factor) for each in fields
            ),
            accepted=_counts(row, "accepted", [each.accepted for each in fields], place) if long else (),
            rejected=_counts(row, "rejected", [each.rejected for each in fields], place) if long else (),
            invalid=_counts(row, "invalid", [each.invalid for each in fields], place) if long else (),
            **sensors_of(row, sensors),
        )


def _counts(row: Told, name: str, fields: list[int], place: int) -> tuple[int | None, ...]:
    return tuple(row.count(name, _RESULT, field, place) for field in fields)


def _key(row: Told, place: int, *, long: bool) -> str | None:
    if long:
        return pci.key_of_bus(row, _RESULT, _BUSES, place)
    row.note("key", "this form of the reply has no PCI addresses")
    return None
