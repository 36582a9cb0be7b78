"""The fake commander's made-up ASICs: several models; some are hot, have a dead board, or are silent."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from tests.web.fake_farm import Machine
from tests.web.fake_mining import Mining as Work
from wire import live as w
from wire.edge import Appliance, Login, NoReply, Notice, Pool
from wire.messages import AgentKind, EventLevel, HashrateUnit, Mining, Specs, Unread

EDGE: Final = "e1"
STARTED_AT: Final = time.time() - 86_400


class Model(NamedTuple):
    """A model: hashrate in its unit, its efficiency as joules for each, and its parts."""

    make: str
    name: str
    algorithm: str
    hashrate: float
    joules: float
    boards: int
    fans: int
    unit: HashrateUnit = "H/s"


MODELS: Final = (
    Model("Antminer", "S19 Pro", "sha256", 110e12, 29.5e-12, 3, 4),
    Model("Antminer", "S21", "sha256", 200e12, 17.5e-12, 3, 4),
    Model("Whatsminer", "M50S VJ51", "sha256", 126e12, 26e-12, 3, 2),
    Model("Antminer", "L7", "scrypt", 9.5e9, 0.36e-6, 4, 4),
    Model("IceRiver", "KS5L", "kheavyhash", 12e12, 0.28e-9, 3, 4),
    Model("Antminer", "S19 Pro", "sha256", 110e12, 29.5e-12, 3, 4),
    Model("Bitaxe", "Gamma", "sha256", 1.2e12, 15e-12, 1, 1),
    Model("Antminer", "Z15 Pro", "equihash", 840e3, 3.3e-3, 3, 4, "Sol/s"),
)
FATES: Final = {
    7: "silent",
    12: "late",
    19: "hot",
    23: "board",
    29: "fan",
    31: "plain",
    37: "edge",
    43: "waiting",
}
REASONS: Final = (
    "does not answer",
    "refuses connections",
    "cannot be reached: no device at this address",
    "gave no answer within 15 s",
)


class Asic(Machine):
    """One made-up ASIC. `fate` "edge": whatever reads it does not report."""

    def __init__(self, number: int) -> None:
        self.model = MODELS[number % len(MODELS)]
        self.part = random.Random(number).uniform(0.96, 1.02)
        self.fans, self.number = self.model.fans, number
        self.told = {place: random.Random(place + number).uniform(0.97, 1.03) for place in range(4)}
        fate = FATES.get(number % 50, "online")
        super().__init__(
            number,
            f"{self.model.name.split()[0].lower()}-{number // 200 + 1}-{number % 200 + 1:03d}",
            AgentKind.ASIC,
            fate,
        )
        self.id, self.agent = f"s{number:05d}", EDGE
        self.cards, self.simulated, self.stranger = (), True, None
        self.work = Work(mines=False)
        self.work.events = list(self._events())
        self.labels = w.Labels(
            f"hall {number // 200 + 1}, rack {number // 20 % 10 + 1}",
            ("loud",) if number % 6 == 0 else (),
            "Anna" if number % 40 == 3 else None,
        )
        self.fall(fate)
        if self.silence and fate == "silent":
            self.silence = msgspec.structs.replace(self.silence, since=time.time() - 4000)
        if fate == "edge":
            self.received_at = time.time() - 5000
        self.values = self.read(time.time()) if self.received_at else {}

    def fall(self, fate: str) -> None:
        """Another fate from now on."""
        self.fate, self.since = fate, time.time()
        rounds = {"silent": 65, "late": 1}.get(fate)
        self.silence = NoReply(REASONS[self.number // 50 % 4], self.since, rounds) if rounds else None

    @property
    def reports(self) -> bool:
        return self.fate not in {"edge", "waiting"}

    def deadlines(self) -> tuple[float | None, float | None]:
        if self.received_at is None:
            return None, None
        rounds = self.silence.rounds if self.silence else 0
        late, offline = (self.received_at + wait for wait in (45, 75))
        return self.received_at if rounds else late, self.received_at if rounds > 1 else offline

    def read(self, phase: float) -> dict[str, float | None]:
        return {} if self.silence or self.fate == "waiting" else self.figures(phase)

    def shown(self, phase: float) -> dict[str, float | None]:
        """As a history shows it: also that of a silent one."""
        return {**self.figures(phase), "readings": 1 / 30}

    def figures(self, phase: float) -> dict[str, float | None]:
        model, wave = self.model, math.sin(phase / 300 + self.number) * 0.01
        boards = [self._board(place, phase, wave) for place in range(model.boards)]
        hashrate = sum(board["board_hashrate"] or 0.0 for board in boards)
        chips = [board["board_chip_c"] for board in boards if board["board_chip_c"] is not None]
        speeds = [
            0.0 if self.fate == "fan" and place == 1 else 5400 + 90 * place + wave * 9000
            for place in range(self.fans)
        ]
        power = None if self.fate == "plain" else model.hashrate * model.joules * (1 + wave)
        return {
            "power_w": power,
            "uptime_s": time.time() % 86400 + 86400 * (self.number % 40),
            "chip_hottest_c": max(chips, default=None),
            "coolant_temperature_c": 24 + wave * 90,
            "fan_slowest_rpm": min(speeds, default=None),
            "readings": float(round((phase - STARTED_AT) / 30)) if phase > STARTED_AT else 0.0,
            f"hashrate@{model.algorithm}": hashrate,
            f"average_hashrate@{model.algorithm}": hashrate * 0.995,
            f"expected_hashrate@{model.algorithm}": None if self.fate == "plain" else model.hashrate,
            **{f"fan_rpm@fan-{place}": rpm for place, rpm in enumerate(speeds)},
            **{
                f"{name}@board-{place}": value
                for place, board in enumerate(boards)
                for name, value in board.items()
            },
        }

    def _board(self, place: int, phase: float, wave: float) -> dict[str, float | None]:
        dead = self.fate == "board" and place == 1
        share = self.model.hashrate / self.model.boards * self.part * self.told[place % 4]
        chip = (103.0 if self.fate == "hot" else 71.0) + place * 3 + wave * 200
        return {
            "board_hashrate": 0.0 if dead else share * (1 + wave),
            "board_chips": 0.0 if dead else 114.0,
            "board_chip_c": None if dead or self.fate == "plain" else chip,
            "board_temperature_c": None if dead else chip - 14,
            "board_frequency_hz": None if dead else 545e6 + place * 5e6,
        }

    def mining(self) -> tuple[Mining, ...]:
        model = self.model
        rate = self.values.get(f"hashrate@{model.algorithm}")
        if rate is None:
            return ()
        expected = None if self.fate == "plain" else model.hashrate
        return (Mining(model.algorithm, rate, model.unit, None, expected, self._pool().address),)

    def interval_s(self) -> float:
        return 30

    def _pool(self) -> Pool:
        place = f"{self.model.algorithm}.pool.example.org:3333"
        return Pool(0, place, f"farm.{self.name}", active=True, alive=True, accepted=48_211, rejected=37)

    def _events(self) -> Iterator[w.MachineEvent]:
        if self.fate == "board":
            text = "chain 1: find 0 asic, times 2"
            yield w.MachineEvent(
                time.time() - 9000, "", kind="device_message", reason=text, level=EventLevel.ALERT
            )

    def appliance(self) -> Appliance | None:
        if self.fate == "waiting":
            return None
        notices = {
            "board": (Notice("chain 1: find 0 asic, times 2", "error", 201, time.time() - 9000),),
            "fan": (Notice("fan 2 lost <b>speed</b>", "error", 111), Notice("power is limited", "warning")),
        }.get(self.fate, ())
        more = (
            Pool(
                1, "backup.example.net:443", "farm.backup", active=False, alive=True, accepted=0, rejected=0
            ),
            Pool(2, "gone.example.com:25", "farm.gone", active=False, alive=False),
        )
        login = (
            Login.REFUSED if self.fate == "plain" else Login.WORKS if self.number % 2 else Login.NOT_NEEDED
        )
        return Appliance((self._pool(), *more), notices, login, time.time() - 400)

    @property
    def model_words(self) -> str:
        return f"{self.model.make} {self.model.name}"

    def told_of(self, view: w.MachineView) -> w.MachineView:
        """The view of a machine as it is of this one."""
        return msgspec.structs.replace(
            view,
            specs=None if self.fate == "waiting" else self.specs(),
            unread=self.unread(),
            appliance=self.appliance(),
            silence=self.silence,
        )

    def specs(self) -> Specs:
        last = self.number % 250 + 1
        return Specs(
            hostname=f"antminer{self.number}",
            addresses=(f"192.0.2.{last}",),
            make=self.model.make,
            model=self.model.name,
            firmware="stock",
            firmware_version="Wed Dec 27 2023",
            mac=f"02:00:5E:10:{self.number // 256:02X}:{self.number % 256:02X}",
            serial=None if self.fate == "plain" else f"SMTTYPBHJ{self.number:07d}",
        )

    def unread(self) -> tuple[Unread, ...]:
        if self.fate == "board":
            return (Unread("board_chip_c@board-1", "the device did not tell it"),)
        if self.fate != "plain":
            return ()
        why = "port 4028 of this device does not tell it"
        parts = ("power_w", "serial", "messages", "board_chip_c", "chip_hottest_c")
        return tuple(Unread(part, why) for part in parts)
