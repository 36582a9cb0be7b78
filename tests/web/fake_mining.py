"""The fake commander's made-up cards, mining programs, events, orders and logs."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator

import msgspec

from wire import live as w
from wire.messages import Action, Device, EventLevel, Order, Program, Unread, WatchedProgram

ORDER_TAKES_S = 6.0
_NAMES = ("NVIDIA GeForce RTX 3080", "NVIDIA GeForce RTX 4090", "AMD Radeon RX 6800 XT")
_HOT_SPOT = "gpu_hot_spot_temperature_c"


def cards_of(count: int) -> tuple[Device, ...]:
    return tuple(_card(place) for place in range(count))


def _card(place: int) -> Device:
    name = _NAMES[place % 3 if place < 3 else 0]
    return Device(
        device=f"gpu-{0x4F1C + place:04x}",
        name=name,
        vendor="amd" if name.startswith("AMD") else "nvidia",
        address=f"0000:{place + 1:02x}:00.0",
        uuid=f"GPU-4f1c{place:04x}-7a1b-9f3c-22e1-0c5d9b1e77aa" if not name.startswith("AMD") else None,
        vbios="94.02.42.80.68",
        driver="550.120",
        memory_bytes=10 * 2**30,
    )


def figures_of(cards: tuple[Device, ...], load: float, phase: float) -> dict[str, float | None]:
    """By series name: the last card does not tell its fan, and none its hot spot but the AMD ones."""
    figures: dict[str, float | None] = {}
    for place, card in enumerate(cards):
        wave = math.sin(phase / 200 + place) * 4
        blind = place == len(cards) - 1
        one: dict[str, float | None] = {
            "gpu_temperature_c": 55 + place * 3 + wave,
            _HOT_SPOT: 78 + wave if card.vendor == "amd" else None,
            "gpu_memory_temperature_c": None,
            "gpu_fan_pct": None if blind else 60 + place + wave,
            "gpu_power_w": 220 + place * 9 + wave * 2,
            "gpu_core_clock_hz": 1.41e9 + wave * 1e7,
            "gpu_memory_clock_hz": 9.5e9,
            "gpu_load_pct": 100.0,
            "gpu_memory_used_bytes": 4.6e9 + wave * 1e7,
            "gpu_hashrate": 28e6 + load * 1e5 + place * 6e5 + wave * 1e5,
        }
        figures |= {f"{metric}@{card.device}": value for metric, value in one.items()}
    if cards:
        mined = [figures[f"gpu_hashrate@{card.device}"] or 0.0 for card in cards]
        figures |= {"hashrate@kawpow": sum(mined), "hashrate@randomx": load * 131}
        figures |= {"accepted_shares@kawpow": 1204.0, "rejected_shares@kawpow": 13.0}
    return figures


def unread_of(cards: tuple[Device, ...]) -> Iterator[Unread]:
    for card in cards:
        if card.vendor != "amd":
            yield Unread(f"{_HOT_SPOT}@{card.device}", "the driver does not tell it")
        yield Unread(f"gpu_memory_temperature_c@{card.device}", "the driver does not tell it")
    if cards:
        yield Unread(f"gpu_fan_pct@{cards[-1].device}", "Not Supported by this card")


class Mining:
    """The programs of one machine, and what its owner asked of them."""

    def __init__(self, mines: bool) -> None:
        self.watched: tuple[WatchedProgram, ...] = ()
        self.orders: list[tuple[float, Order]] = []
        self.logs: dict[str, w.ProgramLog] = {}
        self.events = list(_events()) if mines else []
        self._number = 0
        self._programs = {one.program: one for one in (_programs() if mines else ())}

    def ask(self, wanted: w.OrderRequest) -> Order:
        self._number += 1
        order = Order(number=self._number, **msgspec.structs.asdict(wanted))
        self.orders.append((time.time() + ORDER_TAKES_S, order))
        return order

    def take_back(self, number: int) -> bool:
        known = len(self.orders)
        self.orders = [(at, order) for at, order in self.orders if order.number != number]
        return len(self.orders) < known

    def programs(self) -> tuple[Program, ...]:
        read = (Program(each.program, each.miner, "api_down", managed=False) for each in self.watched)
        return (*self._programs.values(), *read)

    def carry_out(self, now: float) -> None:
        due = [order for at, order in self.orders if at <= now]
        self.orders = [(at, order) for at, order in self.orders if at > now]
        for order in due:
            self._do(order, now)

    def _do(self, order: Order, now: float) -> None:
        if order.action is Action.LOG:
            # The second program never answers.
            if order.program != "cpu":
                self.logs[order.program] = w.ProgramLog(order.program, order.number, now, tuple(_lines()))
            return
        state = {"stop": "stopped", "pause": "paused"}.get(order.action, "running")
        reason = f"the owner wants it {state}" if state != "running" else ""
        changed = msgspec.structs.replace(
            self._programs[order.program],
            state=state,
            reason=reason,
            running_s=5.0 if state == "running" else None,
        )
        self._programs[order.program] = changed
        self.events.append(w.MachineEvent(now, "", kind="owner", reason=reason, program=order.program))


def _programs() -> Iterator[Program]:
    yield Program(
        program="gpus",
        miner="t-rex",
        state="running",
        version="0.26.8",
        running_s=11_400.0,
        accepted=1204,
        rejected=13,
        pool="rvn.pool.example:6060",
        pool_connected=True,
    )
    yield Program(
        program="cpu",
        miner="xmrig",
        state="refused",
        reason="xmrig (pid 812), which somebody else started, runs already",
        accepted=None,
    )


def _events() -> Iterator[w.MachineEvent]:
    now = time.time() - random.uniform(0, 290)
    rows: tuple[tuple[float, str, str, EventLevel, str, str, bool], ...] = (
        (8000, "started", "version 3 of t-rex", EventLevel.NOTE, "gpus", "", False),
        (5000, "too_hot", "card 0000:03:00.0 has 91 °C", EventLevel.CRITICAL, "gpus", "0000:03:00.0", False),
        (4000, "too_hot", "cooled down to 74 °C", EventLevel.NOTE, "gpus", "0000:03:00.0", True),
        (3000, "gpu_moved", "from 0000:09:00.0 to 0000:02:00.0", EventLevel.NOTE, "", "gpu-4f1d", False),
        (900, "refused", "xmrig (pid 812) <b>runs</b> already", EventLevel.ALERT, "cpu", "", False),
        (300, "warp_drive", "a kind that this page does not know", EventLevel.NOTE, "", "", False),
    )
    for ago, kind, reason, level, program, subject, over in rows:
        yield w.MachineEvent(
            at=now - ago,
            machine="",
            kind=kind,
            reason=reason,
            level=level,
            program=program,
            subject=subject,
            over=over,
        )


def _lines() -> Iterator[str]:
    for number in range(60):
        yield f"20261123 12:{number:02d}:07 [ OK ] {number}/{number} - 241.70 MH/s, 21 ms, GPU #{number % 8}"
    yield "<script>alert(1)</script> is text, and so is this long line: " + "0123456789abcdef" * 12
