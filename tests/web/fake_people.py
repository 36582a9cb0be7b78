"""The fake commander's people: who signs in, what they may do in which farm, and their accounts.

The part of the address before the @ says what somebody is: `many` belongs to three farms, `operator`,
`viewer` and `limited` (to the client Anna) to one, `nobody` to none, `code` has a second factor
(123456), `slow` has tried too often; everybody else owns one farm. The password is `password`.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket

from tests.web.fake_answers import answer, refuse
from tests.web.fake_farm import Farm
from wire.people import (
    FarmSeat,
    RecoveryCodes,
    Role,
    SecondFactorOffer,
    SessionList,
    SessionRow,
    SessionView,
    SignInOptions,
)

PASSWORD, CODE, SECRET = "password", "123456", "R" * 43
BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "<b>curl</b>/8.5",
)
_SEATS = {
    "many": (("f1", Role.OWNER), ("f2", Role.OPERATOR), ("f3", Role.VIEWER)),
    "operator": (("f1", Role.OPERATOR),),
    "viewer": (("f1", Role.VIEWER),),
    "limited": (("f1", Role.OPERATOR),),
    "nobody": (),
}


@dataclass
class Account:
    """Somebody who signs in."""

    email: str
    seats: dict[str, FarmSeat]
    password: str = PASSWORD
    second_factor: bool = False
    sessions: list[SessionRow] = field(default_factory=list)


@dataclass
class People:
    """Every account by its address, and every signed-in browser by its cookie."""

    farms: dict[str, Farm]
    options: SignInOptions
    accounts: dict[str, Account] = field(default_factory=dict)
    signed_in: dict[str, Account] = field(default_factory=dict)

    def account(self, email: str) -> Account:
        if email not in self.accounts:
            kind = email.partition("@")[0]
            clients = ("Anna",) if kind == "limited" else None
            places = _SEATS.get(kind, (("f1", Role.OWNER),))
            seats = {farm: FarmSeat(farm, self.farms[farm].name, role, clients) for farm, role in places}
            self.accounts[email] = Account(email, seats, second_factor=kind == "code", sessions=_elsewhere())
        return self.accounts[email]

    def enter(self, account: Account, agent: str) -> Response:
        """The answer that signs a browser in."""
        cookie, now = random.randbytes(16).hex(), time.time()
        self.signed_in[cookie] = account
        account.sessions.insert(0, SessionRow(cookie, now, now, "192.0.2.7", agent, True))
        welcome = answer(view(account))
        welcome.set_cookie("session", cookie, httponly=True, samesite="strict")
        return welcome


def _elsewhere() -> list[SessionRow]:
    now = time.time()
    return [
        SessionRow(f"s{n}", now - 90_000 * n - 4000, now - 5000 * n**3, f"2001:db8::{n}", browser, False)
        for n, browser in enumerate(BROWSERS[1:], 1)
    ]


def view(account: Account) -> SessionView:
    farms = sorted(account.seats.values(), key=lambda seat: seat.name)
    return SessionView(account.email, farms, second_factor=account.second_factor, provider="Example ID")


def people_of(request: Request | WebSocket) -> People:
    people = request.app.state.people
    assert isinstance(people, People)
    return people


def account_of(request: Request | WebSocket) -> Account | None:
    return people_of(request).signed_in.get(request.cookies.get("session", ""))


def seat_of(request: Request) -> FarmSeat | None:
    """The place that the request is made from; None where there is no such one."""
    account = account_of(request)
    seats = account.seats if account else {}
    only = next(iter(seats)) if len(seats) == 1 else ""
    return seats.get(request.headers.get("rig-farm", only))


def refusal(request: Request) -> Response | None:
    """Why a request about a farm is refused; None where it is not."""
    if account_of(request) is None:
        return refuse(401, "not_signed_in", "Please sign in.")
    seat = seat_of(request)
    if seat is None:
        return refuse(404, "farm_unknown", "There is no such farm.")
    path, changes = request.url.path, request.method != "GET"
    wanted = Role.OPERATOR if changes and "/socket-tickets" not in path else Role.VIEWER
    if changes and path.startswith("/v1/farm"):
        wanted = Role.OWNER
    order = [Role.VIEWER, Role.OPERATOR, Role.OWNER]
    hidden = seat.clients is not None and path.startswith(("/v1/agents", "/v1/bin"))
    if hidden or order.index(seat.role) < order.index(wanted):
        words = f"This takes the role {wanted} in this farm; yours is {seat.role}."
        return refuse(403, "not_allowed", words)
    return None


async def session(request: Request) -> Response:
    known = account_of(request)
    if request.method == "DELETE":
        people_of(request).signed_in.pop(request.cookies.get("session", ""), None)
        gone = Response(status_code=204)
        gone.delete_cookie("session")
        return gone
    if request.method == "GET":
        return answer(view(known)) if known else refuse(401, "not_signed_in", "Please sign in.")
    return sign_in(request, await request.json())


def sign_in(request: Request, given: dict[str, str]) -> Response:
    if given["email"].startswith("slow@"):
        return too_often()
    account = people_of(request).account(given["email"])
    if given["password"] != account.password:
        return refuse(401, "sign_in_refused", "E-mail or password is wrong.")
    if account.second_factor and not given.get("code"):
        return refuse(401, "code_wanted", "A code is wanted.")
    if account.second_factor and given["code"] != CODE:
        return refuse(401, "code_refused", "This code is wrong or was used already.", "code")
    return people_of(request).enter(account, request.headers.get("user-agent", ""))


def too_often() -> Response:
    refused = refuse(429, "too_many_sign_ins", "Too many tries; please wait 8 s.")
    refused.headers["Retry-After"] = "8"
    return refused


async def options(request: Request) -> Response:
    return answer(people_of(request).options)


async def forgotten(_request: Request) -> Response:
    return Response(status_code=202)


async def reset(request: Request) -> Response:
    given = await request.json()
    if given["secret"] != SECRET:
        return refuse(404, "link_refused", "This link is unknown, used or too old; ask for another letter.")
    return bad_password(given["new"]) or Response(status_code=204)


def bad_password(new: str) -> Response | None:
    if len(new) < 10:
        return refuse(422, "bad_password", "A password has at least 10 letters.", "new")
    return None


async def account(request: Request) -> Response:
    """What is done in one's own account, by the end of the path."""
    known = account_of(request)
    if known is None:
        return refuse(401, "not_signed_in", "Please sign in.")
    given: Any = await request.json() if await request.body() else {}
    deed = f"{request.method} {request.url.path.removeprefix('/v1/account/').partition('/')[0]}"
    if deed == "PUT password":
        return change_password(request, known, given)
    if deed == "GET sessions":
        current = request.cookies["session"]
        rows = [msgspec.structs.replace(row, current=row.session == current) for row in known.sessions]
        return answer(SessionList(rows))
    if deed == "DELETE sessions":
        return end_sessions(request, known)
    return second_factor(request, known, given)


def change_password(request: Request, known: Account, given: dict[str, str]) -> Response:
    if given["old"] != known.password:
        return refuse(401, "sign_in_refused", "The present password is wrong.", "old")
    if refused := bad_password(given["new"]):
        return refused
    known.password, known.sessions = given["new"], []
    return people_of(request).enter(known, request.headers.get("user-agent", ""))


def end_sessions(request: Request, known: Account) -> Response:
    one, current = request.path_params.get("session"), request.cookies["session"]
    known.sessions = [
        row for row in known.sessions if (row.session != one if one else row.session == current)
    ]
    return Response(status_code=204)


def second_factor(request: Request, known: Account, given: dict[str, str]) -> Response:
    if request.method == "POST" and "code" not in given:
        if given["password"] != known.password:
            return refuse(403, "password_wrong", "The password is wrong.", "password")
        return answer(SecondFactorOffer("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "otpauth://totp/x", _qr()), 201)
    if given["code"] != CODE:
        return refuse(422, "code_refused", "This code is wrong or was used already.", "code")
    known.second_factor = request.method == "PUT"
    if known.second_factor:
        return answer(RecoveryCodes([f"{n:04d}-{n * 7919 % 9999:04d}-abcd" for n in range(10)]))
    return Response(status_code=204)


def _qr() -> list[str]:
    """It looks like a code and says nothing."""
    pick = random.Random(7)
    rows = [[pick.choice("01") for _ in range(33)] for _ in range(33)]
    for top, left in ((0, 0), (0, 26), (26, 0)):
        for y in range(7):
            for x in range(7):
                ring = max(abs(y - 3), abs(x - 3))
                rows[top + y][left + x] = "0" if ring == 2 else "1"
    return ["".join(row) for row in rows]


async def farms(request: Request) -> Response:
    known, people = account_of(request), people_of(request)
    if known is None:
        return refuse(401, "not_signed_in", "Please sign in.")
    name = (await request.json())["name"]
    if len(name) > 80:
        return refuse(422, "bad_farm_name", "A farm's name has 1 to 80 letters.", "name")
    farm = f"f{len(people.farms) + 1}"
    people.farms[farm] = Farm(0, name)
    known.seats[farm] = FarmSeat(farm, name, Role.OWNER)
    return answer(known.seats[farm], 201)


async def membership(request: Request) -> Response:
    known, seat = account_of(request), seat_of(request)
    if known is None or seat is None:
        return refuse(404, "farm_unknown", "There is no such farm.")
    if seat.role is Role.OWNER:
        return refuse(409, "last_owner", "You are its last owner: make somebody else an owner before.")
    del known.seats[seat.farm]
    return Response(status_code=204)


async def change_seat(request: Request) -> Response:
    """For trying it: `{email, farm, role}`, without a role somebody is removed. Their sockets close."""
    given, people = await request.json(), people_of(request)
    known, farm = people.account(given["email"]), given["farm"]
    if "role" in given:
        known.seats[farm] = FarmSeat(farm, people.farms[farm].name, Role(given["role"]))
    else:
        known.seats.pop(farm, None)
    await people.farms[farm].close()
    return Response(status_code=204)


ROUTES = [
    Route("/v1/session", session, methods=["GET", "POST", "DELETE"]),
    Route("/v1/sign-in", options),
    Route("/v1/passwords/forgotten", forgotten, methods=["POST"]),
    Route("/v1/passwords/reset", reset, methods=["POST"]),
    Route("/v1/account/password", account, methods=["PUT"]),
    Route("/v1/account/second-factor", account, methods=["POST", "PUT"]),
    Route("/v1/account/second-factor/end", account, methods=["POST"]),
    Route("/v1/account/sessions", account, methods=["GET", "DELETE"]),
    Route("/v1/account/sessions/{session}", account, methods=["DELETE"]),
    Route("/v1/farms", farms, methods=["POST"]),
    Route("/v1/membership", membership, methods=["DELETE"]),
    Route("/fake/seat", change_seat, methods=["POST"]),
]
NOT_OF_A_FARM = ("/v1/session", "/v1/sign-in", "/v1/passwords", "/v1/account", "/v1/farms", "/v1/membership")
