"""What may be wrong with a pretended ASIC that still answers: its figures change in the recorded form."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any

from asic_edge.simulator.variation import RATE, paced

_HOTTER_BY_C = 22
_TEMPERATURE = re.compile(
    r"temp\d(?:_\d)?|temp_(?:chip|pcb|pic)\d?|Chip Temp (?:Avg|Max|Min)|Temperature|temp|vrTemp|intmp|outtmp"
)
_FIRST_FAN = {"fan1", "Fan Speed In", "fanrpm"}
_FANS = {"fan", "fans"}
_BOARDS = {"chain", "DEVS", "boards"}
_OF_BOARD = re.compile(r"chain_\w+\d")
_OF_SECOND_BOARD = {"chain_rate2", "chain_acn2"}
_CHIPS = {"asic_num", "Effective Chips", "chipnum"}
_OTHER_BOARDS = 2 / 3


class Ailment(StrEnum):
    """`DEAD_BOARD`: the second of three boards; `STOPPED_FAN`: the first fan."""

    NONE = "none"
    HOT = "hot"
    DEAD_BOARD = "dead board"
    STOPPED_FAN = "stopped fan"


def ailing(content: Any, ailment: Ailment) -> Any:
    """The same shape as `content`: keys, types and order stay."""
    return _walked(content, _CHANGES[ailment])


_Change = Callable[[str, Any], Any]


def _walked(content: Any, change: _Change) -> Any:
    """`change` gives None for what stays as it is, and is then asked about what lies within."""
    if isinstance(content, list):
        return [_walked(each, change) for each in content]
    if not isinstance(content, dict):
        return content
    changed = {key: change(key, value) for key, value in content.items()}
    return {key: _walked(content[key], change) if new is None else new for key, new in changed.items()}


def _hotter(key: str, value: Any) -> Any:
    return _warmed(value) if _TEMPERATURE.fullmatch(key) else None


def _warmed(value: Any) -> Any:
    """A number, a list of them, or "78-50-69-70"; 0 and less mean that there is no sensor."""
    if isinstance(value, list):
        return [_warmed(each) for each in value]
    if isinstance(value, str):
        return "-".join(str(_warmed(int(each))) if each.isdigit() else each for each in value.split("-"))
    return value + _HOTTER_BY_C if value > 0 else value


def _without_fan(key: str, value: Any) -> Any:
    if key in _FIRST_FAN:
        return 0
    return [0, *value[1:]] if key in _FANS else None


def _without_board(key: str, value: Any) -> Any:
    if key in _BOARDS and isinstance(value, list) and len(value) > 1:
        return [value[0], _walked(value[1], _dead), *value[2:]]
    if _OF_BOARD.fullmatch(key):
        return _nothing(value) if key in _OF_SECOND_BOARD else value
    return paced(value, _OTHER_BOARDS) if RATE.fullmatch(key) else None


def _dead(key: str, value: Any) -> Any:
    return _nothing(value) if key in _CHIPS or RATE.fullmatch(key) else None


_nothing = partial(paced, pace=0.0)
_CHANGES: dict[Ailment, _Change] = {
    Ailment.NONE: lambda _key, _value: None,
    Ailment.HOT: _hotter,
    Ailment.DEAD_BOARD: _without_board,
    Ailment.STOPPED_FAN: _without_fan,
}
