"""What the fake commander answers about events, orders, watched programs and logs."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tests.web.fake_answers import answer, farm_of, refuse
from tests.web.fake_farm import Machine
from wire import live as w


async def farm_events(request: Request) -> Response:
    """Pages of five."""
    start = int(request.query_params.get("after", 0))
    told = [event for machine in farm_of(request).listed() for event in events_of(machine)]
    told.sort(key=lambda event: -event.at)
    after = str(start + 5) if start + 5 < len(told) else None
    return answer(w.EventList(told[start : start + 5], after))


def events_of(machine: Machine) -> list[w.MachineEvent]:
    return [msgspec.structs.replace(event, machine=machine.id or "") for event in machine.work.events]


async def orders(request: Request) -> Response:
    found = farm_of(request).find(request.path_params["machine"])
    if found is None:
        return refuse(404, "machine_unknown", "There is no such machine.")
    if request.method == "DELETE":
        if found.work.take_back(int(request.path_params["number"])):
            return Response(status_code=204)
        return refuse(404, "order_unknown", "There is no such order: the rig may have it already.")
    return answer(found.work.ask(msgspec.json.decode(await request.body(), type=w.OrderRequest)), 201)


async def watched(request: Request) -> Response:
    found = farm_of(request).find(request.path_params["machine"])
    if found is None:
        return refuse(404, "machine_unknown", "There is no such machine.")
    found.work.watched = msgspec.json.decode(await request.body(), type=w.WatchRequest).watched
    return answer(w.WatchRequest(found.work.watched))


async def log(request: Request) -> Response:
    found = farm_of(request).find(request.path_params["machine"])
    known = found and found.work.logs.get(request.query_params["program"])
    return answer(known) if known else refuse(404, "no_log", "No log has come from the rig yet.")
