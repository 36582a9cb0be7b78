"""The fake commander's made-up machines: their figures, their labels, and the bin they go to."""

from __future__ import annotations

import math
import random
import time

import msgspec
from starlette.websockets import WebSocket

from tests.web.fake_mining import Mining as MadeUp
from tests.web.fake_mining import cards_of, figures_of
from wire import live as w
from wire.edge import NoReply
from wire.messages import AgentKind, Mining
from wire.metrics import METRICS, Of

BIN_S = 7 * 86_400
OF_MACHINE = tuple(metric.name for metric in METRICS if metric.of is Of.MACHINE)


class Machine:
    """One made-up machine and the agent it belongs to."""

    silence: NoReply | None = None

    def __init__(self, number: int, name: str, kind: AgentKind, fate: str) -> None:
        self.id = f"m{number:05d}" if kind is AgentKind.CPU_GPU else None
        self.agent = f"a{number:05d}"
        self.name, self.kind, self.fate = name, kind, fate
        self.simulated = number % 9 == 4
        self.created_at = time.time() - 40 * 86400 + number
        ages = {"offline": 9000.0, "late": 40.0, "stopped": 7300.0, "waiting": None}
        age = ages.get(fate, random.uniform(0, 9))
        self.received_at = None if age is None else time.time() - age
        self.base = {"load": random.uniform(20, 99), "temp": random.uniform(45, 96)}
        self.cards = cards_of({0: 8, 1: 1, 2: 12, 4: 6}.get(number % 6, 0))
        self.work = MadeUp(mines=bool(self.cards))
        self.values: dict[str, float | None] = self.read(self.received_at) if self.received_at else {}
        self.labels = _labels(number, fate)
        self.stranger = w.Stranger("rig-copy", time.time() - 900) if number % 40 == 6 else None
        self.looked_until = 0.0
        self.binned_at: float | None = None

    def read(self, phase: float) -> dict[str, float | None]:
        wave = math.sin(phase / 300 + hash(self.agent) % 7) * 6
        load = min(100.0, max(0.0, self.base["load"] + wave + random.uniform(-2, 2)))
        temperature = None if self.fate == "blind" else self.base["temp"] + wave / 2
        figures = figures_of(self.cards, load, phase)
        core = [value for name, value in figures.items() if value and name.startswith("gpu_temperature_c")]
        watts = [value for name, value in figures.items() if value and name.startswith("gpu_power_w")]
        return {
            "power_w": None if self.fate == "blind" else 80 + load * 2 + sum(watts),
            "cpu_load_pct": load,
            "cpu_temperature_c": temperature,
            "cpu_frequency_hz": 3.4e9 + wave * 3e7,
            "load_1min": load / 6,
            "memory_used_pct": min(99.0, 30 + self.base["temp"] / 2 + wave / 4),
            "disk_used_pct": self.base["load"] * 0.9,
            "uptime_s": 273_600 + time.time() % 86400,
            "network_received_bytes": self.counter(phase, 1_200_000),
            "network_sent_bytes": self.counter(phase, 64_000),
            "gpu_hottest_c": max(core, default=None),
            **figures,
        }

    def mining(self) -> tuple[Mining, ...]:
        load = self.values.get("cpu_load_pct")
        if load is None:
            return ()
        if self.fate == "blind":
            return (Mining("randomx", None),)
        cpu = Mining("randomx", load * 131, coin="XMR")
        if self.cards:
            return (Mining("kawpow", self.values["hashrate@kawpow"], coin="RVN"), cpu)
        return {0: (cpu,), 1: (Mining("kawpow", load * 4e5, coin="RVN"), cpu)}.get(
            int(self.base["temp"]) % 3, (Mining("equihash", load * 3, "Sol/s"),)
        )

    @property
    def reports(self) -> bool:
        return self.fate in {"online", "blind"}

    def deadlines(self) -> tuple[float | None, float | None]:
        """When it is late, and when offline."""
        at = self.received_at
        return (None, None) if at is None else (at + 20, at + 60)

    def is_of(self, clients: tuple[str, ...] | None) -> bool:
        return clients is None or self.labels.client in clients

    def interval_s(self) -> float:
        return 5 if self.looked_until > time.time() else 10

    def rate(self, phase: float, mean: float) -> float:
        return mean * (1 + 0.6 * math.sin(phase / 400 + hash(self.agent) % 7))

    def counter(self, phase: float, mean: float) -> float:
        """What `rate` adds up to since the machine started; the stopped machines' began anew lately."""
        begun = 1.7e9 if self.fate != "stopped" else time.time() - 1200
        swing = 0.6 * 400 * math.cos(phase / 400 + hash(self.agent) % 7)
        return float(round(mean * max(0.0, phase - begun + 240 - swing)))

    def shown(self, phase: float) -> dict[str, float | None]:
        """As a history shows it: counters as their growth per second."""
        rates = {"network_received_bytes": 1_200_000, "network_sent_bytes": 64_000}
        return {**self.read(phase), **{name: self.rate(phase, mean) for name, mean in rates.items()}}


def _labels(number: int, fate: str) -> w.Labels:
    place = f"hall {number % 3 + 1}, rack {number % 7}" if number % 2 else ""
    tags = ("quiet", "6 cards") if number % 5 == 0 else ()
    client = "Anna" if number % 11 == 3 else None
    reasons = {8: w.ParkedFor.REPAIR, 9: w.ParkedFor.SPARE}
    ago = 86_400.0 if fate == "offline" or number % 2 else 200.0
    reason = reasons.get(number % 25)
    parked = w.Parked(reason, time.time() - ago, "the fan is broken") if reason else None
    return w.Labels(place, tags, client, parked)


class Farm:
    """All machines, and the sockets that hear of them."""

    def __init__(self, machines: int, name: str = "North hall") -> None:
        self.name = name
        fates = {3: "offline", 7: "late", 11: "stopped", 13: "waiting", 5: "blind"}
        self.all = [
            Machine(n, f"rig-{n:03d}", AgentKind.CPU_GPU, fates.get(n % 25, "online"))
            for n in range(machines)
        ]
        if machines > 4:
            self.all[1].name = "<img src=x onerror=alert(1)> & sons"
            self.all[2].name = "a-very-long-machine-name-in-the-north-east-corner-of-hall-" * 2
        self.asics: list[Machine] = []
        self.sockets: dict[WebSocket, tuple[str, ...] | None] = {}
        self.refuse_until = 0.0
        self.requests = 0
        self.settings = w.FarmSettings()
        self.looks: list[tuple[str, ...]] = []

    def listed(self, clients: tuple[str, ...] | None = None) -> list[Machine]:
        """Machines of `clients`, None for all."""
        machines = [*self.kept(), *self.asics]
        return [machine for machine in machines if machine.id and machine.is_of(clients)]

    def kept(self) -> list[Machine]:
        return [machine for machine in self.all if machine.binned_at is None]

    def binned(self) -> list[w.BinnedAgent]:
        gone = [one for one in self.all if one.binned_at is not None]
        rows = [(one, one.binned_at or 0.0) for one in gone]
        return [
            w.BinnedAgent(one.agent, one.name, one.id, at, at + BIN_S)
            for one, at in sorted(rows, key=lambda row: -row[1])
        ]

    def find(self, machine: str) -> Machine | None:
        return next((one for one in self.listed() if one.id == machine), None)

    async def say(self, message: w.ToPage) -> None:
        text = msgspec.json.encode(message).decode()
        for socket in list(self.sockets):
            await socket.send_text(text)

    async def tell(self, reporting: list[Machine]) -> None:
        """Each socket of the machines that it may hear of."""
        for socket, clients in list(self.sockets.items()):
            live = columns([machine for machine in reporting if machine.is_of(clients)])
            if live.machine:
                message = w.Delta(server_at=time.time(), live=live)
                await socket.send_text(msgspec.json.encode(message).decode())

    async def close(self) -> None:
        for socket in list(self.sockets):
            self.sockets.pop(socket)
            await socket.close()


def columns(machines: list[Machine]) -> w.LiveColumns:
    received = [machine.received_at for machine in machines]
    deadlines = [machine.deadlines() for machine in machines]
    return w.LiveColumns(
        machine=[machine.id or "" for machine in machines],
        received_at=received,
        sampled_at=received,
        late_at=[late_at for late_at, _ in deadlines],
        offline_at=[offline_at for _, offline_at in deadlines],
        stopped=[machine.fate == "stopped" for machine in machines],
        interval_s=[None if one.received_at is None else one.interval_s() for one in machines],
        mining=[machine.mining() for machine in machines],
        values={name: [one.values.get(name) for one in machines] for name in OF_MACHINE},
        silence={one.id: one.silence for one in machines if one.id and one.silence},
    )


def agent_view(machine: Machine) -> w.AgentView:
    met = machine.received_at is not None
    return w.AgentView(
        agent=machine.agent,
        name=machine.name,
        kind=machine.kind,
        simulated=machine.simulated,
        machine=machine.id,
        created_at=machine.created_at,
        enrolled_at=machine.created_at + 60 if met else None,
        agent_version="0.1.0" if met else None,
        stranger=machine.stranger,
    )
