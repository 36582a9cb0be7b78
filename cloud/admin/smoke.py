"""Tries out a running commander as its owner's browser and a stand-in agent, and tidies up.

What it deleted lies in the farm's bin, as everything that an owner deletes: the API erases nothing at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection

from cloud.admin.site import Site, Unreached
from wire.codec import encode, encode_report
from wire.live import AgentRequest, Delta, MachineView, NewAgent, SocketTicket
from wire.messages import (
    ENROLMENT_PATH,
    REPORT_CONTENT_TYPE,
    REPORT_PATH,
    AgentKind,
    Block,
    Enrolment,
    EnrolmentReply,
    MachineReport,
    Report,
    ReportReply,
    Series,
    Specs,
)
from wire.people import Credentials, SessionView

_NAME, _METRIC = "smoke test", "cpu_load_pct"
_SPECS = Specs(hostname=_NAME, os="none: a stand-in agent")
_AGAIN_S = 1.0
"""A report a second stays below what one agent may send."""


class SmokeFailure(Exception):
    """A check that failed; the message says what was wrong, in a sentence."""


@dataclass
class Visit:
    """One trial: where, as whom, and what was made on the way."""

    site: Site
    email: str
    password: str = field(repr=False)
    expected_headers: Mapping[str, str]
    made: NewAgent | None = field(default=None, repr=False)
    epoch: int = 0
    sequence: int = 0
    ahead_s: float = 0.0
    """How far the commander's clock is ahead of ours."""
    at: list[float] = field(default_factory=list)

    @property
    def agent(self) -> NewAgent:
        """The agent that was created for this trial."""
        if self.made is None:
            raise SmokeFailure("There is no agent to go on with.")
        return self.made

    @property
    def machine(self) -> str:
        return self.agent.agent.machine or ""


def smoke(visit: Visit, say: Callable[[str], None]) -> bool:
    """Every check in order, a line each, until one fails; then removes what was made."""
    what = ""
    try:
        for what, check in CHECKS:
            begun = time.monotonic()
            detail = check(visit)
            say(f"ok      {what} ({time.monotonic() - begun:.1f} s){detail}")
    except (SmokeFailure, Unreached) as failure:
        say(f"FAILED  {what}: {failure}")
        return False
    finally:
        _tidy_up(visit, say)
    return True


def _page(visit: Visit) -> str:
    answer = visit.site.page("GET", "/")
    if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
        raise SmokeFailure(f"/ answers with status {answer.status} and not with the page.")
    for name, value in visit.expected_headers.items():
        sent = answer.headers.get(name.lower())
        if sent != value:
            raise SmokeFailure(f"The header {name} is {sent!r} and should be {value!r}.")
    return ""


def _closed_door(visit: Visit) -> str:
    answer = visit.site.page("GET", "/v1/machines")
    if answer.status != 401:
        raise SmokeFailure(f"Nobody is signed in, and yet: {answer.refusal()}")
    return ""


def _wrong_password(visit: Visit) -> str:
    wrong = Credentials(visit.email, "not " + visit.password)
    answer = visit.site.page("POST", "/v1/session", wrong)
    if answer.status != 401:
        raise SmokeFailure(f"It should be refused with status 401. {answer.refusal()}")
    return ""


def _sign_in(visit: Visit) -> str:
    answer = visit.site.page("POST", "/v1/session", Credentials(visit.email, visit.password))
    view = answer.read(SessionView, 200)
    cookie, _, attributes = answer.headers.get("set-cookie", "").partition(";")
    if not cookie.startswith("__Host-") or "secure" not in attributes.lower():
        raise SmokeFailure("No session cookie came with the answer, or one that is not kept safe.")
    visit.site.cookie = cookie
    return f": farm {view.farms[0].name!r}"


def _create(visit: Visit) -> str:
    wanted = AgentRequest(_NAME, AgentKind.CPU_GPU)
    visit.made = visit.site.page("POST", "/v1/agents", wanted).read(NewAgent, 201)
    return f": agents are told to use {visit.made.url}"


def _enrol(visit: Visit) -> str:
    enrolment = Enrolment(AgentKind.CPU_GPU, "smoke", _NAME, time.time())
    answer = visit.site.agent(ENROLMENT_PATH, visit.agent.token, encode(enrolment))
    reply = answer.read(EnrolmentReply, 200)
    visit.epoch, visit.ahead_s = reply.epoch, reply.server_at - time.time()
    return ""


def _report(visit: Visit) -> str:
    reply = _send_report(visit)
    return f": asked for a report each {reply.report_interval_s:g} s"


def _read_back(visit: Visit) -> str:
    def reported() -> bool:
        view = visit.site.page("GET", f"/v1/machines/{visit.machine}").read(MachineView, 200)
        return view.specs == _SPECS and view.live.values.get(_METRIC) == [_value(len(visit.at))]

    _until(visit, reported, "The report was acknowledged, but its figures do not appear.")
    return ""


def _live(visit: Visit) -> str:
    ticket = visit.site.page("POST", "/v1/socket-tickets").read(SocketTicket, 201).ticket
    with visit.site.open_socket(ticket) as socket:
        begun = time.monotonic()
        _until(visit, lambda: _pushed(visit, socket), "The socket is open, but no delta was pushed.", 0)
        return f": after {time.monotonic() - begun:.1f} s"


def _pushed(visit: Visit, socket: ClientConnection) -> bool:
    """Reports, and listens for a second; one may not count yet as watched that came at once."""
    _send_report(visit)
    end = time.monotonic() + _AGAIN_S
    try:
        while (left_s := end - time.monotonic()) > 0:
            if _is_delta_of(visit.machine, socket.recv(left_s)):
                return True
    except TimeoutError:
        pass
    except WebSocketException as error:
        raise SmokeFailure(f"The socket was closed: {error}.") from error
    return False


def _is_delta_of(machine: str, message: str | bytes) -> bool:
    """Other kinds of message, and deltas of other machines, may come before."""
    try:
        return machine in msgspec.json.decode(message, type=Delta).live.machine
    except msgspec.MsgspecError:
        return False


def _delete(visit: Visit) -> str:
    answer = visit.site.page("DELETE", f"/v1/agents/{visit.agent.agent.agent}")
    if answer.status != 204:
        raise SmokeFailure(answer.refusal())
    token, visit.made = visit.agent.token, None

    def refused() -> bool:
        enrolment = Enrolment(AgentKind.CPU_GPU, "smoke", _NAME, time.time())
        return visit.site.agent(ENROLMENT_PATH, token, encode(enrolment)).status in (401, 403)

    _until(visit, refused, "The agent was deleted, but its token is still accepted.")
    return f": {_NAME!r} stays in the bin until that erases it"


CHECKS: tuple[tuple[str, Callable[[Visit], str]], ...] = (
    ("the page answers with its security headers", _page),
    ("without a session nothing is shown", _closed_door),
    ("a wrong password is refused", _wrong_password),
    ("the right password signs in", _sign_in),
    ("an agent is created", _create),
    ("the agent enrols", _enrol),
    ("the agent reports", _report),
    ("its figures can be read back", _read_back),
    ("the next figures are pushed to an open socket", _live),
    ("the agent is deleted and its token refused", _delete),
)


def _send_report(visit: Visit) -> ReportReply:
    """One more sample in the block under way."""
    visit.at.append(time.time() + visit.ahead_s)
    visit.sequence += 1
    values = tuple(_value(number) for number in range(1, len(visit.at) + 1))
    block = Block(tuple(visit.at), (Series(_METRIC, values),))
    part = MachineReport(visit.machine, open=block, specs=_SPECS)
    report = Report(visit.epoch, visit.sequence, time.time(), 60.0, (part,))
    body = encode_report(report)
    answer = visit.site.agent(REPORT_PATH, visit.agent.token, body, REPORT_CONTENT_TYPE)
    return answer.read(ReportReply, 200)


def _value(number: int) -> float:
    """What the sample of this number says: another percentage than the one before."""
    return float(number % 100)


def _until(visit: Visit, met: Callable[[], bool], otherwise: str, pause_s: float = _AGAIN_S) -> None:
    """Looks again and again; raises SmokeFailure `otherwise` when `met` is not true in time."""
    end = time.monotonic() + visit.site.timeout_s
    while not met():
        if time.monotonic() > end:
            raise SmokeFailure(f"{otherwise} It was waited {visit.site.timeout_s:g} s for.")
        time.sleep(pause_s)


def _tidy_up(visit: Visit, say: Callable[[str], None]) -> None:
    """Deletes the agent if it is still there, and ends the session."""
    try:
        if visit.made is not None:
            agent, visit.made = visit.made.agent.agent, None
            answer = visit.site.page("DELETE", f"/v1/agents/{agent}")
            if answer.status != 204:
                say(f"The agent {_NAME!r} is left; delete it in the dashboard. {answer.refusal()}")
        if visit.site.cookie:
            visit.site.page("DELETE", "/v1/session")
            visit.site.cookie = ""
    except Unreached as error:
        say(f"What was made could not be removed; look for {_NAME!r} in the dashboard. {error}")
