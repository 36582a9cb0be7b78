"""The words of cgminer's API, which most firmwares speak on port 4028: replies to parts of a snapshot."""

from __future__ import annotations

from typing import Any

from asic_edge.plausible import (
    CHIPS,
    FREQUENCY_HZ,
    MOST_BOARDS,
    MOST_FANS,
    MOST_POOLS,
    POWER_W,
    RATE,
    SHARES,
    SPEED_RPM,
    TEMPERATURE_C,
    Sieve,
    dict_of,
    list_of,
    number_of,
    pool_address,
    text_of,
)
from asic_edge.snapshot import Board, Fan, PoolState

Reply = dict[str, Any]

_PREFIX = {"H": 1.0, "KH": 1e3, "MH": 1e6, "GH": 1e9, "TH": 1e12, "PH": 1e15}
_PREFIXES = ("KHS", "MHS", "GHS", "THS", "PHS")
_MHZ = 1e6
_CHAINS = tuple((number, f"chain_acn{number}", f"chain_rate{number}") for number in range(1, MOST_BOARDS + 1))


def row(reply: Reply, name: str) -> Reply:
    """The first object under a name such as SUMMARY."""
    rows = list_of(reply.get(name))
    return dict_of(rows[0]) if rows else {}


def rate(sieve: Sieve, part: str, found: Reply, *windows: str) -> float | None:
    """The hashrate in H/s of the first window that is told, as "5s" in `GHS 5s`."""
    for window in windows:
        for prefix in _PREFIXES:
            told = found.get(f"{prefix} {window}")
            if told is not None:
                return sieve.number(part, told, RATE, _PREFIX[prefix[:-1]])
    return None


def expected_rate(sieve: Sieve, found: Reply) -> float | None:
    """What the row of `stats` calls ideal, in H/s; 0 is not known."""
    unit = _unit(found.get("rate_unit"), "GH")
    return sieve.number("expected_hashrate", found.get("total_rateideal") or None, RATE, unit)


def power(sieve: Sieve, found: Reply) -> float | None:
    """Of the row of `stats`: `3250 W` or a number, under one of several names; most tell none."""
    told = next((found[name] for name in ("chain_power", "power", "Power", "watt") if found.get(name)), None)
    return sieve.number("power_w", told.removesuffix("W") if isinstance(told, str) else told, POWER_W)


def stats_row(reply: Reply) -> Reply:
    """Of `stats`, the object that tells of the boards: an Antminer's first one tells its version."""
    rows = [dict_of(each) for each in list_of(reply.get("STATS"))]
    return next((each for each in rows if _chains(each)), {})


def boards_of_stats(sieve: Sieve, found: Reply) -> tuple[Board, ...]:
    """An Antminer's `chain_…1`, `chain_…2`; places without chips and hashrate are empty slots."""
    unit = _unit(found.get("rate_unit"), "GH")
    return tuple(_stats_board(sieve, found, each, unit) for each in _chains(found) if _is_filled(found, each))


def boards_of_devs(sieve: Sieve, reply: Reply) -> tuple[Board, ...]:
    """The rows of `devs`; an Antminer's only row tells nothing and is no board."""
    rows = [dict_of(each) for each in list_of(reply.get("DEVS"))][:MOST_BOARDS]
    told = [each for each in rows if each.get("Name") != "BTM_SOC"]
    return tuple(_devs_board(sieve, index, each) for index, each in enumerate(told))


def fans_of_stats(sieve: Sieve, found: Reply) -> tuple[Fan, ...]:
    """`fan1`, `fan2`, … up to `fan_num` where that is told; one that stands still has 0 rpm."""
    count = number_of(found.get("fan_num"))
    most = int(count) if count is not None and 0 <= count <= MOST_FANS else MOST_FANS
    numbers = [each for each in range(1, most + 1) if found.get(f"fan{each}") is not None]
    return tuple(
        Fan(place, sieve.number(f"fans@{place}", found[f"fan{each}"], SPEED_RPM))
        for place, each in enumerate(numbers)
    )


def pools(sieve: Sieve, reply: Reply) -> tuple[PoolState, ...]:
    """The rows of `pools`."""
    rows = [dict_of(each) for each in list_of(reply.get("POOLS"))][:MOST_POOLS]
    return tuple(_pool(sieve, index, each) for index, each in enumerate(rows))


def _unit(told: Any, otherwise: str) -> float:
    word = (text_of(told) or otherwise).upper().removesuffix("/S").removesuffix("S")
    return _PREFIX.get(word, _PREFIX[otherwise])


def _chains(found: Reply) -> list[int]:
    """The numbers of boards and of empty slots."""
    return [number for number, chips, told in _CHAINS if chips in found or told in found]


def _is_filled(found: Reply, number: int) -> bool:
    told = (number_of(found.get(f"chain_{name}{number}")) for name in ("acn", "rate"))
    return any(told)


def _stats_board(sieve: Sieve, found: Reply, number: int, unit: float) -> Board:
    position = number - 1
    frequency = found.get(f"freq_avg{number}") or found.get(f"freq{number}")
    chip = found.get(f"temp_chip{number}") or found.get(f"temp2_{number}")
    pcb = found.get(f"temp_pcb{number}") or found.get(f"temp{number}")
    return Board(
        position,
        hashrate=sieve.number(f"hashrate@{position}", found.get(f"chain_rate{number}"), RATE, unit),
        chips=sieve.whole(f"chips@{position}", found.get(f"chain_acn{number}"), CHIPS),
        temperature_c=_hottest(sieve, f"temperature_c@{position}", pcb),
        chip_temperature_c=_hottest(sieve, f"chip_temperature_c@{position}", chip),
        frequency_hz=sieve.number(f"frequency_hz@{position}", frequency, FREQUENCY_HZ, _MHZ),
        serial=text_of(found.get(f"chain_sn{number}")),
    )


def _devs_board(sieve: Sieve, index: int, found: Reply) -> Board:
    factory = found.get("Factory GHS")
    return Board(
        index,
        hashrate=rate(sieve, f"hashrate@{index}", found, "5s", "1m", "av"),
        expected_hashrate=sieve.number(f"expected_hashrate@{index}", factory or None, RATE, 1e9),
        chips=sieve.whole(f"chips@{index}", found.get("Effective Chips"), CHIPS),
        temperature_c=sieve.number(f"temperature_c@{index}", found.get("Temperature"), TEMPERATURE_C),
        chip_temperature_c=sieve.number(
            f"chip_temperature_c@{index}", found.get("Chip Temp Max"), TEMPERATURE_C
        ),
        frequency_hz=sieve.number(
            f"frequency_hz@{index}", found.get("Frequency") or found.get("Chip Frequency"), FREQUENCY_HZ, _MHZ
        ),
        serial=text_of(found.get("PCB SN")),
    )


def _hottest(sieve: Sieve, part: str, told: Any) -> float | None:
    """Of "78-50-69-70" or of one number; 0 is a sensor that is not there."""
    values = [number_of(each) for each in str(told).split("-")] if told is not None else []
    known = [each for each in values if each]
    return sieve.number(part, max(known), TEMPERATURE_C) if known else None


def _pool(sieve: Sieve, index: int, found: Reply) -> PoolState:
    status, active = text_of(found.get("Status")), found.get("Stratum Active")
    return PoolState(
        index,
        pool_address(found.get("URL")),
        text_of(found.get("User")),
        active=active if isinstance(active, bool) else None,
        alive=None if status is None else status == "Alive",
        accepted=sieve.whole(f"accepted@{index}", found.get("Accepted"), SHARES),
        rejected=sieve.whole(f"rejected@{index}", found.get("Rejected"), SHARES),
    )
