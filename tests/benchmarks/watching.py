"""Two hours of a page that looks at 50 machines of a farm, executed on moto: what they add to the bill."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from cloud.domain import keys
from cloud.domain.records import Latest
from cloud.gateway.events import Event, socket_event
from cloud.ports import Change, Item
from cloud.usecases.publish_live import publish_live
from tests.benchmarks import cpu
from tests.benchmarks.aws import Edition, emulated
from tests.benchmarks.counting import Taken
from tests.benchmarks.fleet import (
    HOUR_S,
    MIDNIGHT,
    OWNER,
    PASSWORD,
    USUAL,
    WATCHED,
    Cadence,
    Farm,
    make_farm,
    send,
)
from tests.benchmarks.prices import Bill, chunks, lambda_bill, plus, times
from tests.fakes.time_and_chance import FakeClock

HOURS_A_DAY, VISIBLE, WINDOW_S, PING_S, LOOK_S = 2, 50, 1, 30, 60
PAGE_LOADS_A_DAY, PAGE = 2, 500
MESSAGE_KB = 32
_QUARTER_S = 900
_BEGIN = MIDNIGHT + 12 * HOUR_S + 600
_CONNECTION = "c1"


class Eye(NamedTuple):
    """An edition with a farm of one rig, and a page whose socket is open."""

    edition: Edition
    farm: Farm
    cookie: str


def a_day(rigs: int, cadence: Cadence = USUAL) -> Bill:
    """Of a whole farm."""
    visible = min(VISIBLE, rigs)
    quickened = plus(_quarter(WATCHED), times(_quarter(cadence), -1))
    extra = times(quickened, visible * HOURS_A_DAY * HOUR_S / _QUARTER_S)
    changes_per_s = visible / WATCHED.report_s + (rigs - visible) / cadence.report_s
    windows = HOURS_A_DAY * HOUR_S / WINDOW_S * min(1, changes_per_s * WINDOW_S)
    deltas = times(_window(max(1, math.ceil(changes_per_s * WINDOW_S))), windows)
    return plus(extra, deltas, _socket(), times(_page(rigs), PAGE_LOADS_A_DAY))


@cache
def _quarter(cadence: Cadence) -> Bill:
    """A quarter of an hour of one rig of a watched farm, in which no hour ends."""
    with emulated():
        eye = _open_eye()
        (rig,) = eye.farm.rigs
        reports = round(_QUARTER_S / cadence.report_s)
        bill: Bill = {}
        for number in range(1, reports + 1):
            eye.edition.clock.now = _BEGIN + number * cadence.report_s
            _ping(eye.edition)
            eye.edition.counter.take()
            send(eye.edition.caller, rig, rig.body(eye.edition.clock.now, cadence))
            bill = plus(bill, _billed(eye.edition.counter.take()))
    return plus(bill, {"http_requests": reports})


@cache
def _window(changes: int) -> Bill:
    """One merged batch of changes, published to one page; messages count by 32 KB."""
    with emulated():
        eye = _open_eye()
        (rig,) = eye.farm.rigs
        send(eye.edition.caller, rig, rig.body(_BEGIN))
        stored = eye.edition.store.get(keys.latest(eye.farm.farm, rig.machine))
        if stored is None:
            raise RuntimeError("the report is not there")
        latest = stored.read(Latest)
        eye.edition.counter.take()
        publish_live(eye.edition.consumer, [_change(eye.farm.farm, latest, n) for n in range(changes)])
        sent = eye.edition.sockets.sent[_CONNECTION]
        bill = _billed(eye.edition.counter.take())
    return plus(bill, {"socket_messages": sum(chunks(len(message), MESSAGE_KB) for message in sent)})


@cache
def _socket() -> Bill:
    """Ticket, connection, pings and its end: four invocations and as many as there are pings."""
    with emulated():
        eye = _open_eye()
        eye.edition.counter.take()
        _ping(eye.edition)
        ping = plus(_billed(eye.edition.counter.take()), {"socket_messages": 2})
        cookie = eye.cookie
        ticket = eye.edition.caller.call("POST", "/v1/socket-tickets", headers={"cookie": cookie})
        _connect(eye.edition, ticket.json["ticket"], "c2")
        eye.edition.caller.app.on_socket(socket_event("$disconnect", "c2"), None)
        opened = plus(_billed(eye.edition.counter.take(), 3), {"http_requests": 1})
        look = _look(eye)
    minutes = HOURS_A_DAY * 60
    looks = times(look, minutes * 60 / LOOK_S)
    return plus(times(ping, minutes * 60 / PING_S), looks, opened, {"socket_minutes": minutes})


def _look(eye: Eye) -> Bill:
    """The page says again what is on its screen."""
    machines = ",".join(f'"machine_{number:016d}"' for number in range(VISIBLE))
    body = f'{{"type":"look","machines":[{machines}]}}'
    eye.edition.caller.app.on_socket(socket_event("$default", _CONNECTION, body), None)
    return plus(_billed(eye.edition.counter.take()), {"socket_messages": 1})


@cache
def _page(rigs: int) -> Bill:
    """Every page of the list; one of 100 machines is executed, and counts for each machine."""
    with emulated():
        eye = _open_eye(100)
        for rig in eye.farm.rigs:
            send(eye.edition.caller, rig, rig.body(_BEGIN))
        eye.edition.counter.take()
        answer = eye.edition.caller.call("GET", "/v1/machines", headers={"cookie": eye.cookie})
        read = times(_billed(eye.edition.counter.take()), rigs / len(answer.json["name"]))
    return plus(read, {"http_requests": math.ceil(rigs / PAGE)})


def _open_eye(rigs: int = 1) -> Eye:
    edition = Edition("watched", FakeClock(_BEGIN))
    farm = make_farm(edition.ports, rigs)
    credentials = {"email": OWNER, "password": PASSWORD}
    answer = edition.caller.call("POST", "/v1/session", body=credentials)
    header = answer.headers["Set-Cookie"]
    cookie = (header if isinstance(header, str) else header[0]).partition(";")[0]
    ticket = edition.caller.call("POST", "/v1/socket-tickets", headers={"cookie": cookie})
    _connect(edition, ticket.json["ticket"], _CONNECTION)
    return Eye(edition, farm, cookie)


def _connect(edition: Edition, ticket: str, connection: str) -> None:
    event: Event = socket_event("$connect", connection, query={"ticket": ticket})
    status = edition.caller.app.on_socket(event, None)["statusCode"]
    if status != 200:
        raise RuntimeError(f"the socket was refused: {status}")


def _ping(edition: Edition) -> None:
    edition.caller.app.on_socket(socket_event("$default", _CONNECTION, '{"type":"ping"}'), None)


def _change(farm: str, latest: Latest, number: int) -> Change:
    machine = f"{latest.machine[:-5]}{number:05d}"
    record = Latest(
        machine, latest.sampled_at, latest.received_at, latest.interval_s, latest.values, latest.open
    )
    return Change(Item.of(keys.latest(farm, machine), record, watched=True))


def _billed(taken: Taken, invocations: float = 1) -> Bill:
    """With the function's time: as much of our own as a report needs, and that of its calls."""
    spent, calls = cpu.measured(), sum(taken.calls.values())
    cpu_s = spent.own * invocations + spent.per_call * calls
    return plus(taken.bill, lambda_bill(cpu_s, calls, invocations))
