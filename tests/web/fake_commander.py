"""A commander with made-up machines, for looking at the dashboard and for trying what is rare.

Run `python tests/web/fake_commander.py --port 8460 --machines 60`; any e-mail with the password
`password` signs in. `POST /fake/drop` closes every socket and refuses new ones for 20 s.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.web.fake_history import SPANS, history_of  # noqa: E402
from wire import live as w  # noqa: E402
from wire.messages import AgentKind, ErrorBody, ErrorReply, Specs, Unread  # noqa: E402
from wire.metrics import METRICS  # noqa: E402

CSP = b"default-src 'self'; style-src 'self'; frame-ancestors 'none'"


class Machine:
    """One made-up machine and the agent it belongs to."""

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
        self.values: dict[str, float | None] = self.read(self.received_at) if self.received_at else {}

    def read(self, phase: float) -> dict[str, float | None]:
        wave = math.sin(phase / 300 + hash(self.agent) % 7) * 6
        load = min(100.0, max(0.0, self.base["load"] + wave + random.uniform(-2, 2)))
        temperature = None if self.fate == "blind" else self.base["temp"] + wave / 2
        return {
            "cpu_load_pct": load,
            "cpu_temperature_c": temperature,
            "cpu_frequency_hz": 3.4e9 + wave * 3e7,
            "load_1min": load / 6,
            "memory_used_pct": min(99.0, 30 + self.base["temp"] / 2 + wave / 4),
            "disk_used_pct": self.base["load"] * 0.9,
            "uptime_s": 273_600 + time.time() % 86400,
            "network_received_bytes": self.counter(phase, 1_200_000),
            "network_sent_bytes": self.counter(phase, 64_000),
        }

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


class Farm:
    """All machines, and the sockets that hear of them."""

    def __init__(self, machines: int) -> None:
        fates = {3: "offline", 7: "late", 11: "stopped", 13: "waiting", 5: "blind"}
        self.all = [
            Machine(n, f"rig-{n:03d}", AgentKind.CPU_GPU, fates.get(n % 25, "online"))
            for n in range(machines)
        ]
        if machines > 4:
            self.all[1].name = "<img src=x onerror=alert(1)> & sons"
            self.all[2].name = "a-very-long-machine-name-in-the-north-east-corner-of-hall-" * 2
        self.sockets: set[WebSocket] = set()
        self.refuse_until = 0.0
        self.requests = 0

    def listed(self) -> list[Machine]:
        return [machine for machine in self.all if machine.id]

    def find(self, machine: str) -> Machine | None:
        return next((one for one in self.listed() if one.id == machine), None)

    async def say(self, message: w.ToPage) -> None:
        text = msgspec.json.encode(message).decode()
        for socket in list(self.sockets):
            await socket.send_text(text)


def columns(machines: list[Machine]) -> w.LiveColumns:
    received = [machine.received_at for machine in machines]
    return w.LiveColumns(
        machine=[machine.id or "" for machine in machines],
        received_at=received,
        sampled_at=received,
        late_at=[None if at is None else at + 20 for at in received],
        offline_at=[None if at is None else at + 60 for at in received],
        stopped=[machine.fate == "stopped" for machine in machines],
        values={m.name: [one.values.get(m.name) for one in machines] for m in METRICS},
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
    )


def answer(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def refuse(status: int, code: str, message: str) -> Response:
    return answer(ErrorReply(error=ErrorBody(code=code, message=message)), status)


SESSION = w.SessionView(email="owner@example.org", farm="f1", farm_name="North hall")


def farm_of(request: Request | WebSocket) -> Farm:
    farm = request.app.state.farm
    assert isinstance(farm, Farm)
    return farm


async def session(request: Request) -> Response:
    if request.method == "DELETE":
        gone = Response(status_code=204)
        gone.delete_cookie("session")
        return gone
    if request.method == "GET":
        known = "session" in request.cookies
        return answer(SESSION) if known else refuse(401, "signed_out", "Please sign in.")
    if (await request.json())["password"] != "password":
        return refuse(401, "wrong_password", "E-mail or password is wrong.")
    welcome = answer(SESSION)
    welcome.set_cookie("session", "s", httponly=True, samesite="strict")
    return welcome


async def metrics(_request: Request) -> Response:
    return answer(w.MetricsTable(metrics=METRICS))


async def agents(request: Request) -> Response:
    farm = farm_of(request)
    if request.method == "GET":
        return answer(w.AgentList(agents=[agent_view(machine) for machine in farm.all]))
    body = await request.json()
    made = Machine(90000 + len(farm.all), body["name"], AgentKind(body["kind"]), "waiting")
    made.created_at, made.simulated = time.time(), False
    farm.all.append(made)
    await farm.say(w.MachinesChanged(server_at=time.time()))
    if made.id:
        request.app.state.tasks.add(asyncio.create_task(connect_later(farm, made)))
    url, token = "https://192.0.2.10:8443", f"{made.agent}.{random.randbytes(24).hex()}"
    command = f"edge-sentry enrol --url {url} --token {token}"
    return answer(w.NewAgent(agent=agent_view(made), url=url, token=token, command=command), 201)


async def connect_later(farm: Farm, machine: Machine) -> None:
    await asyncio.sleep(4)
    machine.fate = "online"
    await report(farm, [machine])


async def agent(request: Request) -> Response:
    farm = farm_of(request)
    farm.all = [one for one in farm.all if one.agent != request.path_params["agent"]]
    await farm.say(w.MachinesChanged(server_at=time.time()))
    return Response(status_code=204)


async def machines(request: Request) -> Response:
    start, limit = int(request.query_params.get("after", 0)), int(request.query_params["limit"])
    listed = farm_of(request).listed()
    page = listed[start : start + limit]
    return answer(
        w.MachinePage(
            server_at=time.time(),
            name=[machine.name for machine in page],
            kind=[machine.kind for machine in page],
            simulated=[machine.simulated for machine in page],
            live=columns(page),
            next=str(start + limit) if start + limit < len(listed) else None,
        )
    )


async def machine(request: Request) -> Response:
    found = farm_of(request).find(request.path_params["machine"])
    if found is None:
        return refuse(404, "machine_unknown", "There is no such machine.")
    specs = Specs(
        hostname=found.name[:40],
        os="Debian GNU/Linux 12",
        cpu_model="AMD Ryzen 9 7950X 16-Core Processor",
        cpu_cores=16,
        cpu_threads=32,
        memory_bytes=67_219_226_624,
        disk_bytes=1_999_844_147_200,
        addresses=("192.0.2.17", "2001:db8::17"),
    )
    blind = found.fate == "blind"
    reason = "no sensor: the kernel module k10temp is not loaded"
    return answer(
        w.MachineView(
            server_at=time.time(),
            name=found.name,
            kind=found.kind,
            simulated=found.simulated,
            agent=found.agent,
            specs=None if found.received_at is None else specs,
            unread=(Unread(part="cpu_temperature_c", reason=reason),) if blind else (),
            dropped=1237 if blind else 0,
            clock_off_s={"blind": 95.4, "late": -7260.0, "waiting": None}.get(found.fate, 0.4),
            live=columns([found]),
        )
    )


async def history(request: Request) -> Response:
    found = farm_of(request).find(request.path_params["machine"])
    if found is None:
        return refuse(404, "machine_unknown", "There is no such machine.")
    span = SPANS.get(request.query_params.get("span", "1h"))
    if span is None:
        return refuse(400, "bad_query", f"span must be one of {', '.join(SPANS)}.")
    return answer(
        history_of(found.shown, bool(found.received_at), found.fate in {"blind", "late"}, time.time(), span)
    )


async def ticket(request: Request) -> Response:
    if time.time() < farm_of(request).refuse_until:
        return refuse(503, "busy", "The commander is busy.")
    return answer(w.SocketTicket(ticket="t", expires_at=time.time() + 30), 201)


async def socket(websocket: WebSocket) -> None:
    farm = farm_of(websocket)
    await websocket.accept()
    farm.sockets.add(websocket)
    try:
        while True:
            await websocket.receive_text()
            pong = msgspec.json.encode(w.Pong(server_at=time.time()))
            await websocket.send_text(pong.decode())
    except WebSocketDisconnect:
        farm.sockets.discard(websocket)


async def drop(request: Request) -> Response:
    farm = farm_of(request)
    farm.refuse_until = time.time() + 20
    for one in list(farm.sockets):
        farm.sockets.discard(one)
        await one.close()
    return Response(status_code=204)


async def request_count(request: Request) -> Response:
    return answer(farm_of(request).requests)


async def report(farm: Farm, reporting: list[Machine]) -> None:
    now = time.time()
    for one in reporting:
        one.received_at, one.values = now, one.read(now)
    await farm.say(w.Delta(server_at=time.time(), live=columns(reporting)))


async def keep_reporting(farm: Farm) -> None:
    """A tenth of the live machines reports each second."""
    for turn in range(10**9):
        await asyncio.sleep(1)
        live = [one for one in farm.listed() if one.fate in {"online", "blind"}]
        await report(farm, live[turn % 10 :: 10])


class Headers:
    """The security headers that the real gateway sends, so that a breach of them shows here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", CSP)]
            await send(message)

        if scope["type"] == "http" and scope["path"].startswith("/v1"):
            scope["app"].state.farm.requests += 1
        await self.app(scope, receive, with_headers)


def routes() -> list[Route | WebSocketRoute | Mount]:
    return [
        Route("/v1/session", session, methods=["GET", "POST", "DELETE"]),
        Route("/v1/metrics", metrics),
        Route("/v1/agents", agents, methods=["GET", "POST"]),
        Route("/v1/agents/{agent}", agent, methods=["DELETE"]),
        Route("/v1/machines", machines),
        Route("/v1/machines/{machine}", machine),
        Route("/v1/machines/{machine}/history", history),
        Route("/v1/socket-tickets", ticket, methods=["POST"]),
        Route("/fake/drop", drop, methods=["POST"]),
        Route("/fake/requests", request_count),
        WebSocketRoute("/socket", socket),
        Mount("/", StaticFiles(directory=ROOT / "web_static", html=True)),
    ]


async def serve(port: int, count: int) -> None:
    app = Starlette(routes=routes(), middleware=[Middleware(Headers)])
    app.state.farm, app.state.tasks = Farm(count), set()
    app.state.tasks.add(asyncio.create_task(keep_reporting(app.state.farm)))
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning")
    await uvicorn.Server(config).serve()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8460)
    parser.add_argument("--machines", type=int, default=60)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.machines))


if __name__ == "__main__":
    main()
