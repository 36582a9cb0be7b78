"""An ASIC edge and two ASICs of which each text is hostile, put into the store past what refuses it."""

from __future__ import annotations

import time
from collections.abc import Callable

from cloud.domain import keys
from cloud.domain.asic_records import (
    AsicRow,
    LatestBatch,
    StoredAppliance,
    StoredEdge,
    StoredErrand,
    StoredFound,
    pack_rows,
    pack_told,
)
from cloud.domain.packing import pack
from cloud.domain.records import Agent, Machine, Mined, StoredSpecs
from cloud.ports import Item, Ports, Put
from wire.edge import (
    Appliance,
    AskedModel,
    EdgeState,
    ErrandLine,
    ErrandResult,
    FoundDevice,
    GivenAnswer,
    Login,
    NoReply,
    Notice,
    OpenQuestion,
    Pool,
    RoundState,
    SearchState,
    SilentDevice,
    SlowDevice,
)
from wire.messages import AgentKind, Block, Series, Specs
from wire.metrics import BY_NAME

AGENT, MACHINE, SILENT = "agent-edge", "machine-asic", "machine-silent"


def put_edge(ports: Ports, farm: str, text: Callable[[str], str]) -> None:
    """`text` makes a hostile text that begins with what it is, of at most 200 letters."""
    now = time.time()
    for key, record in (
        (keys.agent(farm, AGENT), _agent(text("edge name"), now)),
        (keys.machine(farm, MACHINE), _machine(MACHINE, text("asic name"), text("asic model"), now)),
        (keys.machine(farm, SILENT), _machine(SILENT, text("silent asic"), text("silent model"), now)),
        (keys.specs(farm, MACHINE), StoredSpecs(_specs(text))),
        (keys.appliance(farm, MACHINE), StoredAppliance(_appliance(text, now))),
        (keys.edge(farm, AGENT), StoredEdge(now, 600, False, pack_told(_state(text, now)))),
        (keys.found(farm, AGENT), StoredFound(pack_told(_found(text)))),
        (keys.errand(farm, AGENT, 2), _errand(2, "add_found", text, now)),
        (keys.errand(farm, AGENT, 3), _errand(3, "import_rows", text, now)),
    ):
        assert ports.store.write(Put(Item.of(key, record)))
    assert ports.store.write(Put(Item.of(keys.latest_batch(farm, AGENT, 0), _batch(text, now), watched=True)))


def _agent(name: str, now: float) -> Agent:
    return Agent(AGENT, name, AgentKind.ASIC, "0" * 64, None, now, enrolled_at=now)


def _machine(machine: str, name: str, model: str, now: float) -> Machine:
    return Machine(machine, name, AgentKind.ASIC, AGENT, now, batch=0, model=model)


def _batch(text: Callable[[str], str], now: float) -> LatestBatch:
    series = (Series("power_w", (3000.0,)), Series("board_temperature_c", (65.0,), "board-0"))
    mined = Mined("sha256", 1e14, "H/s", None, 1.1e14, text("asic pool"))
    rows = (
        AsicRow(MACHINE, now, {BY_NAME["power_w"].code: 3000.0}, pack(Block((now,), series)), (mined,)),
        AsicRow(SILENT, now, {}, b"", silence=NoReply(text("silence"), now - 60, 1)),
    )
    return LatestBatch(AGENT, 0, now, 600, pack_rows(rows))


def _specs(text: Callable[[str], str]) -> Specs:
    return Specs(
        hostname=text("asic host"),
        addresses=(text("asic address"),),
        make=text("make"),
        model=text("model"),
        firmware=text("firmware"),
        firmware_version=text("firmware version"),
        mac="02:A5:00:00:00:01",
        serial=text("serial"),
    )


def _appliance(text: Callable[[str], str], now: float) -> Appliance:
    pool = Pool(0, text("pool address"), text("pool user"), active=True, alive=True, accepted=1, rejected=0)
    return Appliance((pool,), (Notice(text("notice"), at=now),), Login.REFUSED, now)


def _state(text: Callable[[str], str], now: float) -> EdgeState:
    return EdgeState(
        devices=2,
        reads=2,
        elsewhere=0,
        refused=0,
        round_s=10,
        errands_done=3,
        networks=(text("network"),),
        round=RoundState(now, 1.0, 2, 1, 0),
        slow=(SlowDevice(text("slow"), "192.0.2.1", 3.0, MACHINE),),
        silent=(
            SilentDevice(text("silent"), "192.0.2.2", NoReply(text("its silence"), now - 60, 1), SILENT),
        ),
        silent_count=1,
        asked=(AskedModel(text("asked model"), 2, 0, 3, 1, 1, 5.0),),
        questions=(OpenQuestion(1, text("question"), "192.0.2.3", None, text("because")),),
        answers=(GivenAnswer(2, text("answer"), same=True),),
        trouble=(text("trouble"),),
        search=SearchState(1, "failed", now, 1, 2, 1, 1, text("search"), (text("range"),)),
    )


def _found(text: Callable[[str], str]) -> tuple[FoundDevice, ...]:
    return (
        FoundDevice("192.0.2.4", text("found make"), text("found model"), text("found name")),
        FoundDevice("192.0.2.5", text("new make"), text("new model")),
        FoundDevice("192.0.2.6", reason=text("not identified")),
    )


def _errand(number: int, kind: str, text: Callable[[str], str], now: float) -> StoredErrand:
    line = ErrandLine(text(f"{kind} of")[:64], "fault", text(f"{kind} line"))
    result = ErrandResult(number, False, text(f"{kind} result"), {"fault": 1}, (line,))
    return StoredErrand(number, kind, now, b"", pack_told(result))
