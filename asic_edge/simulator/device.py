"""One pretended ASIC: what it answers, how it misbehaves, and what it was asked."""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from enum import StrEnum
from typing import NamedTuple

from asic_edge.simulator.ailments import Ailment, ailing
from asic_edge.simulator.captures import Answer, Capture
from asic_edge.simulator.models import Model
from asic_edge.simulator.variation import Character, varied

_RENEWED_EVERY_S = 5.0
_WAVE_S = 600.0
_ASKED_OF_ALL = {"version", "get_version", "devdetails", "summary", "devs", "stats", "pools"}


class Fault(StrEnum):
    """How a device misbehaves; SILENT does not even accept, as behind a cable that is cut."""

    NONE = "none"
    HUNG = "hung"
    GARBAGE = "garbage"
    HALF = "half"
    RESET = "reset"
    PASSWORD = "password"  # noqa: S105 - the name of a fault
    DRIP = "drip"
    GONE = "gone"
    SILENT = "silent"
    REFUSING = "refusing"


class Journal:
    """What all devices together were asked, by model and request, and each by its address."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str]] = Counter()
        self.by_address: Counter[str] = Counter()

    def note(self, model: str, address: str, request: str) -> None:
        """One request, in words such as "4028 summary" or "GET /api/system/info"."""
        self.requests[model, request] += 1
        self.by_address[address] += 1


class Page(NamedTuple):
    """What the web answers."""

    status: int
    body: bytes


class Device:
    """`number` makes it another one than its like; None: it answers exactly what was recorded."""

    def __init__(self, name: str, model: Model, capture: Capture, address: str, number: int | None) -> None:
        self.name, self.model, self.address = name, model, address
        self.fault, self.ailment = Fault.NONE, Ailment.NONE
        self.login = ("root", "root")
        self.connections = self.most_connections = 0
        self._capture, self._number = capture, number
        self._began = time.monotonic()
        self._made: dict[str, tuple[float, bytes]] = {}

    def rpc(self, command: str) -> bytes:
        """What port 4028 says to a command."""
        answer = self._capture.rpc.get(command)
        if answer is None or (self.fault is Fault.REFUSING and command not in _ASKED_OF_ALL):
            return self.model.refusal
        return self._own(f"rpc {command}", answer)

    def web(self, method: str, path: str) -> Page:
        """What the web says to somebody who is logged in."""
        page = self.model.pages.get(f"{method} {path}")
        if page is not None:
            return Page(200, self._own(f"web {page}", self._capture.web[page]))
        if path == "/" and method == "GET":
            return Page(200, self.model.root.encode())
        return Page(404, b"not found")

    def came(self) -> None:
        """Somebody connected."""
        self.connections += 1
        self.most_connections = max(self.most_connections, self.connections)

    def went(self) -> None:
        """A connection ended."""
        self.connections -= 1

    def _own(self, name: str, answer: Answer) -> bytes:
        if self._number is None:
            return answer.text
        now = time.monotonic()
        made = self._made.get(name)
        if made is None or now - made[0] > _RENEWED_EVERY_S:
            own = varied(answer.content, self._character(now))
            made = now, json.dumps(ailing(own, self.ailment)).encode()
            self._made[name] = made
        return made[1]

    def _character(self, now: float) -> Character:
        number = self._number or 0
        wave = math.sin(now / _WAVE_S * math.tau + number)
        pace = 0.98 + 0.004 * (number % 10) + 0.01 * wave
        return Character(number, self.address, pace, now - self._began)
