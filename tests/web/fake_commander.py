"""A commander with made-up machines, for looking at the dashboard and for trying what is rare.

Run `python tests/web/fake_commander.py --port 8460 --machines 60`; any e-mail with the password
`password` signs in, see `fake_people`. `POST /fake/drop` closes the first farm's sockets and refuses new
ones for 20 s.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from pathlib import Path

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

from tests.web.fake_answers import answer, farm_of, refuse  # noqa: E402
from tests.web.fake_asics import Asic  # noqa: E402
from tests.web.fake_edge import ROUTES as EDGES  # noqa: E402
from tests.web.fake_edge import agent_view as edge_view  # noqa: E402
from tests.web.fake_edge import made_up, new_edge  # noqa: E402
from tests.web.fake_farm import Farm, Machine, agent_view, columns  # noqa: E402
from tests.web.fake_history import SPANS, history_of  # noqa: E402
from tests.web.fake_mining import unread_of  # noqa: E402
from tests.web.fake_orders import events_of, farm_events, log, orders, watched  # noqa: E402
from tests.web.fake_people import NOT_OF_A_FARM, People, account_of, people_of, refusal, seat_of  # noqa: E402
from tests.web.fake_people import ROUTES as PEOPLE  # noqa: E402
from tests.web.fake_rollouts import ROUTES as ROLLOUTS  # noqa: E402
from tests.web.fake_templates import ROUTES as TEMPLATES  # noqa: E402
from wire import live as w  # noqa: E402
from wire.messages import AgentKind, Specs, Unread  # noqa: E402
from wire.metrics import METRICS  # noqa: E402
from wire.people import FarmRequest, SignInOptions  # noqa: E402

CSP = b"default-src 'self'; style-src 'self'; frame-ancestors 'none'"


async def metrics(_request: Request) -> Response:
    return answer(w.MetricsTable(metrics=METRICS))


async def agents(request: Request) -> Response:
    farm = farm_of(request)
    if request.method == "GET":
        edges = request.app.state.edges.values() if farm is request.app.state.farms["f1"] else ()
        rows = [agent_view(machine) for machine in farm.kept()]
        return answer(w.AgentList(agents=[*rows, *(edge_view(edge) for edge in edges)]))
    body = await request.json()
    if body["kind"] == "asic":
        edge = new_edge(request.app.state.edges, body["name"])
        request.app.state.tasks.add(asyncio.create_task(edge.meet_later()))
        return answer(with_token(edge_view(edge)), 201)
    made = Machine(90000 + len(farm.all), body["name"], AgentKind(body["kind"]), "waiting")
    made.created_at, made.simulated = time.time(), False
    farm.all.append(made)
    await farm.say(w.MachinesChanged(server_at=time.time()))
    if made.id:
        request.app.state.tasks.add(asyncio.create_task(connect_later(farm, made)))
    return answer(with_token(agent_view(made)), 201)


def with_token(agent: w.AgentView) -> w.NewAgent:
    url, token = "https://192.0.2.10:8443", f"{agent.agent}.{random.randbytes(24).hex()}"
    program = "asic-edge" if agent.kind is AgentKind.ASIC else "edge-sentry"
    return w.NewAgent(agent, url, token, f"{program} enrol --url {url} --token {token}")


async def connect_later(farm: Farm, machine: Machine) -> None:
    await asyncio.sleep(4)
    machine.fate = "online"
    await report(farm, [machine])


def by_agent(request: Request) -> Machine:
    return next(one for one in farm_of(request).all if one.agent == request.path_params["agent"])


async def delete_agent(request: Request) -> Response:
    if request.app.state.edges.pop(request.path_params["agent"], None) is None:
        by_agent(request).binned_at = time.time()
    await farm_of(request).say(w.MachinesChanged(server_at=time.time()))
    return Response(status_code=204)


async def restore(request: Request) -> Response:
    by_agent(request).binned_at = None
    await farm_of(request).say(w.MachinesChanged(server_at=time.time()))
    return Response(status_code=204)


async def renew_token(request: Request) -> Response:
    edge = request.app.state.edges.get(request.path_params["agent"])
    return answer(with_token(edge_view(edge) if edge else agent_view(by_agent(request))))


async def the_bin(request: Request) -> Response:
    return answer(w.Bin(farm_of(request).binned()))


def pace(settings: w.FarmSettings) -> w.Pace:
    interval = settings.report_interval_s or 60
    late, offline = settings.late_after_s or 1.5 * interval, settings.offline_after_s or 2.5 * interval
    return w.Pace(interval / 6, interval, late, offline)


async def the_farm(request: Request) -> Response:
    farm = farm_of(request)
    if request.method == "PUT":
        wanted = msgspec.json.decode(await request.body(), type=w.FarmSettings)
        if wanted.report_interval_s == 13:
            return refuse(422, "bad_interval", "Not thirteen.", "report_interval_s")
        farm.settings = wanted
    if request.method == "PATCH":
        farm.name = msgspec.json.decode(await request.body(), type=FarmRequest).name
        for account in people_of(request).accounts.values():
            account.seats |= {
                key: msgspec.structs.replace(seat, name=people_of(request).farms[key].name)
                for key, seat in account.seats.items()
            }
    standard = pace(w.FarmSettings())
    return answer(w.FarmView("f1", farm.name, farm.settings, pace(farm.settings), standard))


async def events(request: Request) -> Response:
    at = time.time()
    states = [w.Transition.ONLINE, w.Transition.OFFLINE, w.Transition.ONLINE, w.Transition.STOPPED]
    found = farm_of(request).find(request.path_params["machine"])
    if found is None or found.id is None:
        return refuse(404, "machine_unknown", "There is no such machine.")
    rows = [w.MachineEvent(at - 4000 * n * n - 30, found.id, state) for n, state in enumerate(states)]
    rows = sorted([*rows, *events_of(found)], key=lambda event: -event.at)
    return answer(w.EventList(rows[:10], None))


async def machines(request: Request) -> Response:
    start, limit = int(request.query_params.get("after", 0)), int(request.query_params["limit"])
    seat = seat_of(request)
    listed = farm_of(request).listed(seat.clients if seat else None)
    page = listed[start : start + limit]
    return answer(
        w.MachinePage(
            server_at=time.time(),
            name=[machine.name for machine in page],
            kind=[machine.kind for machine in page],
            agent=[None if seat and seat.clients is not None else machine.agent for machine in page],
            model=[one.model_words if isinstance(one, Asic) else None for one in page],
            simulated=[machine.simulated for machine in page],
            labels=[machine.labels for machine in page],
            live=columns(page),
            next=str(start + limit) if start + limit < len(listed) else None,
        )
    )


async def machine(request: Request) -> Response:
    found = farm_of(request).find(request.path_params["machine"])
    if found is None:
        return refuse(404, "machine_unknown", "There is no such machine.")
    if request.method == "PATCH":
        refusal = change(found, msgspec.json.decode(await request.body(), type=w.MachineChange))
        await farm_of(request).say(w.MachinesChanged(server_at=time.time()))
        return refusal or answer(machine_view(found))
    return answer(machine_view(found))


def change(found: Machine, wanted: w.MachineChange) -> Response | None:
    if isinstance(wanted.place, str) and len(wanted.place) > 40:
        return refuse(422, "bad_label", "A place has at most 40 letters.", "place")
    if isinstance(wanted.name, str):
        found.name = wanted.name
    labels = msgspec.structs.asdict(found.labels)
    for name in ("place", "tags", "client"):
        value = getattr(wanted, name)
        labels[name] = labels[name] if value is msgspec.UNSET else value
    if wanted.parked is not msgspec.UNSET:
        parking = wanted.parked
        labels["parked"] = w.Parked(parking.reason, time.time(), parking.note) if parking else None
    found.labels = w.Labels(**labels)
    return None


def machine_view(found: Machine) -> w.MachineView:
    specs = Specs(
        hostname=found.name[:40],
        os="Debian GNU/Linux 12",
        cpu_model="AMD Ryzen 9 7950X 16-Core Processor",
        cpu_cores=16,
        cpu_threads=32,
        memory_bytes=67_219_226_624,
        disk_bytes=1_999_844_147_200,
        addresses=("192.0.2.17", "2001:db8::17"),
        hardware=("board PF3X91B7", "02:00:5e:10:00:01"),
        devices=found.cards,
    )
    blind = found.fate == "blind"
    reason = "no sensor: the kernel module k10temp is not loaded"
    view = w.MachineView(
        server_at=time.time(),
        name=found.name,
        kind=found.kind,
        simulated=found.simulated,
        labels=found.labels,
        agent=found.agent,
        specs=None if found.received_at is None else specs,
        unread=(*((Unread("cpu_temperature_c", reason),) if blind else ()), *unread_of(found.cards)),
        dropped=1237 if blind else 0,
        clock_off_s={"blind": 95.4, "late": -7260.0, "waiting": None}.get(found.fate, 0.4),
        live=columns([found]),
        values={name: value for name, value in found.values.items() if "@" in name},
        programs=found.work.programs(),
        orders=tuple(order for _, order in found.work.orders),
        watched=found.work.watched,
    )
    return found.told_of(view) if isinstance(found, Asic) else view


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
    seat = seat_of(request)
    return answer(w.SocketTicket(ticket=seat.farm if seat else "", expires_at=time.time() + 30), 201)


async def socket(websocket: WebSocket) -> None:
    farm = farm_of(websocket)
    await websocket.accept()
    account = account_of(websocket)
    seat = account.seats.get(websocket.query_params["ticket"]) if account else None
    farm.sockets[websocket] = seat.clients if seat else None
    try:
        while True:
            said: w.FromPage = msgspec.json.decode(await websocket.receive_text(), type=w.FromPage)
            if isinstance(said, w.Look):
                look(farm, said)
                continue
            pong = msgspec.json.encode(w.Pong(server_at=time.time()))
            await websocket.send_text(pong.decode())
    except WebSocketDisconnect:
        farm.sockets.pop(websocket, None)


def look(farm: Farm, said: w.Look) -> None:
    farm.looks.append(said.machines)
    for machine in farm.listed():
        if machine.id in said.machines:
            machine.looked_until = time.time() + 90


async def fate(request: Request) -> Response:
    """Another one for an ASIC, such as "silent"."""
    found = farm_of(request).find(request.path_params["machine"])
    assert isinstance(found, Asic)
    found.fall(request.path_params["fate"])
    await report(farm_of(request), [found])
    return Response(status_code=204)


async def looks(request: Request) -> Response:
    return answer(farm_of(request).looks)


async def drop(request: Request) -> Response:
    farm = farm_of(request)
    farm.refuse_until = time.time() + 20
    await farm.close()
    return Response(status_code=204)


async def request_count(request: Request) -> Response:
    return answer(farm_of(request).requests)


async def report(farm: Farm, reporting: list[Machine]) -> None:
    now = time.time()
    for one in reporting:
        one.received_at, one.values = now, one.read(now)
        one.work.carry_out(now)
    await farm.tell(reporting)


async def keep_reporting(farm: Farm) -> None:
    """A tenth of the live machines reports each second."""
    for turn in range(10**9):
        await asyncio.sleep(1)
        live = [one for one in farm.listed() if one.reports]
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

        answering: ASGIApp = self.app
        if scope["type"] == "http" and scope["path"].startswith("/v1"):
            scope["app"].state.farms["f1"].requests += 1
            if not scope["path"].startswith(NOT_OF_A_FARM):
                answering = refusal(Request(scope)) or self.app
        await answering(scope, receive, with_headers)


def routes() -> list[Route | WebSocketRoute | Mount]:
    return [
        *PEOPLE,
        *TEMPLATES,
        Route("/v1/metrics", metrics),
        Route("/v1/agents", agents, methods=["GET", "POST"]),
        *EDGES,
        Route("/v1/agents/{agent}", delete_agent, methods=["DELETE"]),
        Route("/v1/agents/{agent}/token", renew_token, methods=["POST"]),
        Route("/v1/bin", the_bin),
        Route("/v1/bin/{agent}/restore", restore, methods=["POST"]),
        Route("/v1/farm", the_farm, methods=["GET", "PATCH"]),
        Route("/v1/farm/settings", the_farm, methods=["PUT"]),
        Route("/v1/events", farm_events),
        Route("/v1/machines", machines),
        Route("/v1/machines/{machine}/orders", orders, methods=["POST"]),
        Route("/v1/machines/{machine}/orders/{number}", orders, methods=["DELETE"]),
        Route("/v1/machines/{machine}/watched", watched, methods=["PUT"]),
        Route("/v1/machines/{machine}/log", log),
        Route("/v1/machines/{machine}", machine, methods=["GET", "PATCH"]),
        Route("/v1/machines/{machine}/events", events),
        Route("/v1/machines/{machine}/history", history),
        *ROLLOUTS,
        Route("/v1/socket-tickets", ticket, methods=["POST"]),
        Route("/fake/drop", drop, methods=["POST"]),
        Route("/fake/requests", request_count),
        Route("/fake/looks", looks),
        Route("/fake/fates/{machine}/{fate}", fate, methods=["POST"]),
        WebSocketRoute("/socket", socket),
        Mount("/", StaticFiles(directory=ROOT / "web_static", html=True)),
    ]


async def serve(port: int, count: int, asics: int, mail: bool) -> None:
    app = Starlette(routes=routes(), middleware=[Middleware(Headers)])
    farms = {"f1": Farm(count), "f2": Farm(25, "South hall"), "f3": Farm(3, "<b>Attic</b>")}
    farms["f1"].asics = [Asic(n) for n in range(asics)]
    app.state.farms = farms
    app.state.edges = made_up()
    app.state.people = People(farms, SignInOptions("Example ID" if mail else None, mail))
    app.state.tasks = {asyncio.create_task(keep_reporting(farm)) for farm in farms.values()}
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning")
    await uvicorn.Server(config).serve()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8460)
    parser.add_argument("--machines", type=int, default=60)
    parser.add_argument("--asics", type=int, default=40, help="of the first farm")
    parser.add_argument("--mail", action="store_true", help="with letters, and with a provider to sign in by")
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.machines, options.asics, options.mail))


if __name__ == "__main__":
    main()
