"""The fake commander's made-up ASIC edges: one that is busy, one that is empty, one away, one never seen."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.web.fake_answers import answer, refuse
from wire import edge as w
from wire.edge_page import EdgeView, ErrandRequest, ErrandView
from wire.live import AgentView
from wire.messages import AgentKind

WAITS_S, TAKES_S, TRIED_PER_S = 900.0, 3.0, 60.0
_KINDS: Final = (
    ("antminer", "s19 pro"),
    ("antminer", "s19j"),
    ("whatsminer", "m30s++"),
    ("iceriver", "ks3"),
    ("bitaxe", "gamma"),
)


@dataclass
class Edge:
    """What the commander knows of one; `left_at`: when it was last heard, if it is not any more."""

    agent: str
    name: str
    devices: int = 0
    met: bool = True
    left_at: float | None = None
    given: dict[int, tuple[float, w.Errand]] = field(default_factory=dict)
    results: dict[int, w.ErrandResult] = field(default_factory=dict)
    search: tuple[int, float, int] | None = None
    """Its errand, when it began, and how many addresses."""
    ended_at: float | None = None
    found: tuple[w.FoundDevice, ...] = ()
    questions: tuple[w.OpenQuestion, ...] = ()
    answers: tuple[w.GivenAnswer, ...] = ()

    async def meet_later(self) -> None:
        await asyncio.sleep(15)
        self.met = True

    def give(self, errand: w.Errand) -> ErrandView:
        number = max(self.given, default=0) + 1
        self.given[number] = (time.time(), errand)
        return self.errand(number)

    def errand(self, number: int, lines: bool = True) -> ErrandView:
        given_at, errand = self.given[number]
        result = self.results.get(number)
        if result and not lines:
            result = msgspec.structs.replace(result, lines=())
        late = result is None and time.time() > given_at + WAITS_S and not self._searches(number)
        preview = isinstance(errand, w.ImportRows) and not errand.apply
        return ErrandView(
            number, str(type(errand).__struct_config__.tag), given_at, result, late, preview=preview
        )

    def _searches(self, number: int) -> bool:
        return self.search is not None and self.search[0] == number

    def work(self) -> None:
        """What an edge that reports would have done by now."""
        if not self.met or self.left_at is not None:
            return
        now = time.time()
        for number, (given_at, errand) in self.given.items():
            if number not in self.results and not self._searches(number) and now >= given_at + TAKES_S:
                self._begin(number, errand, now)
        self._search_on(now)

    def _begin(self, number: int, errand: w.Errand, now: float) -> None:
        if isinstance(errand, w.Search):
            self.search, self.ended_at, self.found = (number, now, 254 * len(errand.ranges)), None, ()
            return
        if isinstance(errand, w.EndSearch):
            if self.search and self.search[0] not in self.results:
                self.ended_at = now
            self.results[number] = w.ErrandResult(number, True, "The search was ended.")
            return
        self.results[number] = self._done(number, errand)

    def _done(self, number: int, errand: w.Errand) -> w.ErrandResult:
        if isinstance(errand, w.AddFound):
            return self._added(number, errand)
        if isinstance(errand, w.ImportRows):
            return self._imported(number, errand)
        if isinstance(errand, w.RemoveDevices):
            gone = len(errand.machines)
            self.devices = max(0, self.devices - gone)
            return w.ErrandResult(number, True, f"{gone} removed.", {"removed": gone})
        assert isinstance(errand, w.AnswerQuestion)
        return self._answered(number, errand)

    def _added(self, number: int, errand: w.AddFound) -> w.ErrandResult:
        silent = errand.addresses[5::17]
        lines = tuple(
            w.ErrandLine(address, "fault", "It gave no answer within 12 s; search again when it is back.")
            for address in silent
        )
        added = len(errand.addresses) - len(silent)
        self.devices += added
        names = {address: f"asic-{address.replace('.', '-')}" for address in errand.addresses}
        self.found = tuple(
            msgspec.structs.replace(one, name=names.get(one.address, one.name)) for one in self.found
        )
        counts = {"added": added, "fault": len(silent)}
        return w.ErrandResult(
            number,
            True,
            f"{added} added, {len(silent)} {'fault' if len(silent) == 1 else 'faults'}.",
            counts,
            lines,
        )

    def _imported(self, number: int, errand: w.ImportRows) -> w.ErrandResult:
        rows = [line for line in errand.csv.splitlines()[1:] if line.strip()]
        if "address" not in errand.csv.splitlines()[0] and "mac" not in errand.csv.splitlines()[0]:
            text = "The first line must name the columns, 'address' or 'mac' among them."
            return w.ErrandResult(number, False, text)
        applied = any(
            isinstance(one, w.ImportRows) and one.apply and one.csv == errand.csv and earlier in self.results
            for earlier, (_, one) in self.given.items()
        )
        lines = tuple(self._line(n, row, applied) for n, row in enumerate(rows, 2))
        counts: dict[str, int] = {}
        for line in lines:
            counts[line.fate] = counts.get(line.fate, 0) + 1
        changes = len(rows) - counts.get("fault", 0) - counts.get("unchanged", 0)
        text = f"{changes} changes {'were made' if errand.apply else 'would be made'}."
        told = tuple(line for line in lines if line.fate != "unchanged")
        return w.ErrandResult(number, True, text if changes else "Nothing changes.", counts, told)

    def _line(self, number: int, row: str, applied: bool) -> w.ErrandLine:
        if "x" in row.split(",", maxsplit=1)[0]:
            return w.ErrandLine(str(number), "fault", f"{row.split(',', maxsplit=1)[0]!r} is no address.")
        if applied:
            return w.ErrandLine(str(number), "unchanged", "")
        if number % 3:
            return w.ErrandLine(str(number), "added", f"{row.split(',', maxsplit=1)[0]} is new")
        return w.ErrandLine(
            str(number), "changed", "rack-7: place “hall 1” becomes “hall 2”, client was empty"
        )

    def _answered(self, number: int, errand: w.AnswerQuestion) -> w.ErrandResult:
        asked = next((one for one in self.questions if one.number == errand.question), None)
        if errand.answer == "undo":
            self.answers = tuple(one for one in self.answers if one.number != errand.question)
            return w.ErrandResult(number, True, "The answer was taken back.")
        if asked is None:
            return w.ErrandResult(number, False, f"There is no open question {errand.question}.")
        self.questions = tuple(one for one in self.questions if one is not asked)
        same = errand.answer == "same"
        self.answers = (w.GivenAnswer(asked.number, asked.name, same), *self.answers)
        return w.ErrandResult(number, True, "Answered.", {"changed": 1})

    def _search_on(self, now: float) -> None:
        if self.search is None or self.search[0] in self.results:
            return
        number, _, total = self.search
        tried = self._tried(now)
        self.found = tuple(_found(n) for n in range(int(tried) // 5))
        if tried >= total or self.ended_at:
            self.results[number] = w.ErrandResult(number, True, f"{len(self.found)} devices were found.")

    def _tried(self, now: float) -> int:
        assert self.search is not None
        _, began_at, total = self.search
        return min(total, int(((self.ended_at or now) - began_at) * TRIED_PER_S))

    def searched(self, now: float) -> w.SearchState | None:
        if self.search is None:
            return None
        number, began_at, total = self.search
        ended = "ended" if self.ended_at else "done"
        state = ended if number in self.results else "running"
        unknown = sum(1 for one in self.found if one.reason)
        tried = self._tried(now)
        asked = self.given[number][1]
        assert isinstance(asked, w.Search)
        found = len(self.found) - unknown
        return w.SearchState(number, state, began_at, tried, total, found, unknown, ranges=asked.ranges)  # type: ignore[arg-type]

    def state(self, now: float) -> w.EdgeState | None:
        if not self.met:
            return None
        if not self.devices:
            return w.EdgeState(
                0, 0, 0, 0, 60, networks=("192.168.8.2/24", "127.0.0.1/8"), search=self.searched(now)
            )
        silent = tuple(_silent(n, now) for n in range(7))
        return w.EdgeState(
            devices=self.devices,
            reads=self.devices - 12,
            elsewhere=10,
            refused=2,
            round_s=60,
            networks=("192.168.1.5/24", "10.20.0.3/22"),
            round=w.RoundState(now - now % 10 - 4, 21.4, self.devices - 40, self.devices - 47, 28),
            slow=tuple(w.SlowDevice(f"rack-{n}", f"192.168.1.{n + 9}", 6.2 - n, None) for n in range(4)),
            silent=silent,
            silent_count=35,
            asked=tuple(
                w.AskedModel(f"{make} {model}", 80 - 9 * n, 80, 14_400, 1440 - n, 1 + n % 2, 10.0 + 20 * n)
                for n, (make, model) in enumerate(_KINDS)
            ),
            logins=w.LoginCounts(works=180, refused=14, not_needed=200, unknown=18),
            questions=self.questions,
            answers=self.answers,
            waiting=37,
            trouble=(
                "Only 1,024 files may be open at once; 4,096 are needed for a search. Set LimitNOFILE.",
                "2 devices are not taken by the commander: the farm has 20,000 machines.",
            ),
            search=self.searched(now),
        )

    def view(self) -> EdgeView:
        self.work()
        now = time.time()
        heard = (self.left_at or now) if self.met else None
        agent = agent_view(self)
        errands = tuple(self.errand(number, lines=False) for number in sorted(self.given, reverse=True))
        return EdgeView(
            server_at=now,
            agent=agent,
            received_at=heard,
            late_at=heard + 90 if heard else None,
            offline_at=heard + 150 if heard else None,
            stopped=False,
            state=self.state(heard or now),
            found=self.found,
            errands=errands,
        )


def _found(number: int) -> w.FoundDevice:
    address = f"192.168.{1 + number // 250}.{number % 250 + 2}"
    make, model = _KINDS[number % 5]
    if number % 13 == 7:
        return w.FoundDevice(address, reason="port 80 is open, but it did not say what it is")
    name = f"rack-{number}" if number % 4 == 0 else None
    return w.FoundDevice(address, make, model if number % 11 else None, name)


def _silent(number: int, now: float) -> w.SilentDevice:
    reasons = ("no route to it", "it refused the connection", "no answer within 15 s")
    reply = w.NoReply(reasons[number % 3], now - 70 * 5**number % 400_000 - 60, number * 40 + 1)
    name = "<img src=x onerror=alert(1)>" if number == 2 else f"rack-{100 + number}"
    return w.SilentDevice(name, "" if number == 3 else f"192.168.1.{100 + number}", reply, None)


def agent_view(edge: Edge) -> AgentView:
    at = 1_790_000_000.0
    return AgentView(
        agent=edge.agent,
        name=edge.name,
        kind=AgentKind.ASIC,
        simulated=False,
        machine=None,
        created_at=at,
        enrolled_at=at + 60 if edge.met else None,
        agent_version="0.1.0" if edge.met else None,
    )


def made_up() -> dict[str, Edge]:
    """By agent."""
    asked = tuple(
        w.OpenQuestion(n, f"rack-{n}", f"192.168.1.{n}", f"02:00:00:AA:BB:{n:02X}", because)
        for n, because in (
            (12, "It is an antminer s19 pro at the same address, and the former one is gone."),
            (31, "It tells the same serial number, but another MAC."),
        )
    )
    answers = (w.GivenAnswer(9, "rack-9", True),)
    away = Edge("e2", "hall 2", devices=80, left_at=time.time() - 9000)
    away.given[1] = (time.time() - 1200, w.Search(("10.0.0.0/24",)))
    edges = [
        Edge("e1", "hall 1", devices=412, questions=asked, answers=answers),
        away,
        Edge("e3", "a new hall", met=False),
        Edge("e4", "an empty hall"),
    ]
    return {edge.agent: edge for edge in edges}


def new_edge(edges: dict[str, Edge], name: str) -> Edge:
    edge = Edge(f"e{90 + len(edges)}", name, met=False)
    edges[edge.agent] = edge
    return edge


def _edge_of(request: Request) -> Edge | None:
    edges: dict[str, Edge] = request.app.state.edges
    return edges.get(request.path_params["agent"])


async def edge(request: Request) -> Response:
    found = _edge_of(request)
    return answer(found.view()) if found else refuse(404, "agent_unknown", "There is no such sentry.")


async def errands(request: Request) -> Response:
    found = _edge_of(request)
    if found is None:
        return refuse(404, "agent_unknown", "There is no such sentry.")
    if sum(1 for number in found.given if number not in found.results) >= 10:
        return refuse(409, "too_many_errands", "10 errands wait for this edge already.")
    wanted = msgspec.json.decode(await request.body(), type=ErrandRequest).errand
    return answer(found.give(wanted), 201)


async def errand(request: Request) -> Response:
    found, number = _edge_of(request), int(request.path_params["number"])
    if found is None or number not in found.given:
        return refuse(404, "errand_unknown", "There is no such errand; they are kept for a day.")
    found.work()
    return answer(found.errand(number))


ROUTES = [
    Route("/v1/agents/{agent}/errands", errands, methods=["POST"]),
    Route("/v1/agents/{agent}/errands/{number}", errand),
    Route("/v1/agents/{agent}", edge, methods=["GET"]),
]
