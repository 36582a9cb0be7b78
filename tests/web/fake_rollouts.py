"""What the fake commander answers about what rigs run: a change begins, spreads and fails before one's eyes.

Assigned rigs take about ten seconds; every seventh cannot unpack its program. The first of more than ten
rigs takes eight seconds to bring a share. A rollout whose playbook is `stuck` stops at its first rig.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.web.fake_answers import answer, farm_of, refuse
from tests.web.fake_farm import Farm, Machine
from wire.assignments import AssignmentState, Step, StepState, System
from wire.templates import (
    CAREFUL_ABOVE,
    AssignRequest,
    AstrayList,
    AstrayRig,
    PlaybookDraft,
    PlaybookList,
    PlaybookVersion,
    PlaybookView,
    PoolChoice,
    RigWork,
    Rollout,
    RolloutList,
    RolloutState,
    Speed,
    Use,
)

NAMES = {
    "xmr": "Monero on the processors",
    "rvn": "Ravencoin on every card, with a rather long name for a playbook",
    "stuck": "<b>Stuck</b> & co",
}
What = Literal["fetch", "download", "install", "stop", "write", "start"]
STEPS: tuple[What, ...] = ("fetch", "download", "install", "stop", "write", "start")
TAKES_S, SHARE_S, SIZE = 12.0, 8.0, 14_812_672
WHY = "The archive's SHA-256 is not the one that was signed: 9f86d081… instead of 2c26b46b…"


@dataclass
class Work:
    """What one rig is to run; `at`: since when."""

    wanted: tuple[str, ...] = ()
    revision: int = 0
    at: float = 0.0
    fails: bool = False

    def done(self, now: float) -> float:
        """From 0 to 1."""
        return min(1.0, (now - self.at) / TAKES_S)


@dataclass
class Change:
    """One rollout, with its rigs' works before it."""

    id: str
    what: str
    by: str
    machines: tuple[str, ...]
    wish: AssignRequest
    state: RolloutState
    at: float
    reached: list[str] = field(default_factory=list)
    before: dict[str, tuple[str, ...]] = field(default_factory=dict)
    why: str = ""


@dataclass
class Spread:
    """All of one farm."""

    works: dict[str, Work] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def begin(self, what: str, machines: tuple[str, ...], wish: AssignRequest, now: float) -> Change:
        careful = wish.pace is Speed.CAREFUL and len(machines) > CAREFUL_ABOVE
        state = RolloutState.FIRST if careful else RolloutState.REST
        made = Change(f"r{next(self.numbers)}", what, "owner@example.org", machines, wish, state, now)
        self.changes.insert(0, made)
        self.reach(made, machines[:1] if careful else machines, now)
        return made

    def reach(self, change: Change, machines: tuple[str, ...], now: float) -> None:
        for each in machines:
            if each not in change.reached:
                work = self.works.setdefault(each, Work())
                change.before[each] = work.wanted
                wanted = wished(work.wanted, change.wish)
                self.works[each] = Work(wanted, work.revision + 1, now, bool(wanted) and fails(each))
                change.reached.append(each)

    def advance(self, now: float) -> None:
        for change in self.changes:
            if change.state is RolloutState.FIRST and now > change.at + SHARE_S:
                stuck = "stuck" in change.wish.playbooks
                change.state = RolloutState.STOPPED if stuck else RolloutState.REST
                change.why = (
                    f"{change.machines[0]}: no share was accepted yet, after 15 minutes." if stuck else ""
                )
                if not stuck:
                    self.reach(change, change.machines, now)
            works = [self.works[each] for each in change.reached]
            if change.state is RolloutState.REST and all(work.done(now) >= 1 for work in works):
                change.state = RolloutState.DONE

    def told(self, change: Change, now: float) -> Rollout:
        works = [self.works[each] for each in change.reached]
        over = [work for work in works if work.done(now) >= 1]
        failed = sum(work.fails for work in over)
        first = change.machines[0] if len(change.machines) > CAREFUL_ABOVE else None
        return Rollout(
            rollout=change.id,
            what=change.what,
            state=change.state,
            begun_at=change.at,
            by=change.by,
            rigs=len(change.machines),
            signed=len(works),
            running=len(over) - failed,
            failed=failed,
            first=first,
            why=change.why,
        )


SPREADS: dict[Farm, Spread] = {}


def fails(machine: str) -> bool:
    return int(machine[1:]) % 7 == 6


def wished(before: tuple[str, ...], wish: AssignRequest) -> tuple[str, ...]:
    if wish.how == "set":
        return wish.playbooks
    kept = tuple(each for each in before if each not in wish.playbooks)
    return kept if wish.how == "remove" else (*kept, *wish.playbooks)


def spread_of(request: Request) -> Spread:
    """The farm's, with a past of its own."""
    farm = farm_of(request)
    spread = SPREADS.get(farm)
    if spread is None:
        spread = SPREADS[farm] = past(farm)
    spread.advance(time.time())
    return spread


def past(farm: Farm) -> Spread:
    made, ids = Spread(), tuple(machine.id for machine in farm.listed() if machine.id)
    ago = time.time() - 4 * 3600
    for playbook, machines in (("xmr", ids[:9]), ("rvn", ids[9:18]), ("stuck", ids[18:33])):
        if machines:
            what = f"each of {len(machines)} rigs runs {NAMES[playbook]}"
            made.begin(what, machines, AssignRequest((playbook,)), ago)
            made.advance(ago + 60)
    return made


def state_of(work: Work, now: float) -> AssignmentState:
    done = work.done(now)
    at_work = int(done * len(STEPS)) if not work.fails or done < 0.34 else 2
    steps = tuple(step(work, index, at_work, now) for index in range(len(STEPS)))
    accepted = work.revision if done >= 1 and not work.fails else work.revision - 1
    pool = {each: index for index, each in enumerate(work.wanted)} if done >= 1 else {}
    return AssignmentState(1, accepted, work.revision if accepted < work.revision else None, steps, pool)


def step(work: Work, index: int, at_work: int, now: float) -> Step:
    what, playbook = STEPS[index], work.wanted[-1] if work.wanted and index else ""
    if index < at_work:
        return Step(what, StepState.DONE, playbook, at=now)
    if index > at_work:
        return Step(what, StepState.WAITING, playbook)
    if work.fails and index == 2:
        return Step(what, StepState.FAILED, playbook, WHY, now)
    share = min(1.0, max(0.0, work.done(now) * len(STEPS) - index))
    if what == "download":
        return Step(what, StepState.RUNNING, playbook, at=now, done=int(SIZE * share), total=SIZE)
    return Step(what, StepState.RUNNING, playbook, at=now)


async def playbooks(request: Request) -> Response:
    spread = spread_of(request)
    wanted = [each for work in spread.works.values() for each in work.wanted]
    return answer(PlaybookList(tuple(playbook_view(each, wanted.count(each)) for each in NAMES)))


def playbook_view(playbook: str, rigs: int) -> PlaybookView:
    pools = (PoolChoice("p" * 16, "w" * 16),)
    draft = PlaybookDraft(NAMES[playbook], "xmrig", "6.22.2", pools, {System.LINUX: "./xmrig"})
    version = PlaybookVersion(
        3, draft, ("pool.example:3333",), ("44AF…",), 1.7e9, "owner@example.org", "made"
    )
    return PlaybookView(playbook, version, rigs, 0)


async def assignment(request: Request) -> Response:
    wish = msgspec.json.decode(await request.body(), type=AssignRequest)
    machines = wish.machines or tuple(one.id for one in tagged(farm_of(request), wish.tag) if one.id)
    if not machines:
        return refuse(422, "no_rigs", "Name rigs, or a tag that some rigs have.", "machines")
    verb = {"set": "runs", "add": "also runs", "remove": "no longer runs"}[wish.how]
    rigs = "one rig" if len(machines) == 1 else f"each of {len(machines):,} rigs"
    what = f"{rigs} {verb} {', '.join(NAMES.get(each, each) for each in wish.playbooks)}"
    spread, now = spread_of(request), time.time()
    return answer(spread.told(spread.begin(what, machines, wish, now), now), 201)


def tagged(farm: Farm, tag: str) -> list[Machine]:
    return [machine for machine in farm.listed() if tag in machine.labels.tags]


async def rollouts(request: Request) -> Response:
    spread, now = spread_of(request), time.time()
    return answer(RolloutList(tuple(spread.told(change, now) for change in spread.changes)))


async def turn(request: Request) -> Response:
    spread, now = spread_of(request), time.time()
    change = next((one for one in spread.changes if one.id == request.path_params["rollout"]), None)
    if change is None:
        return refuse(404, "rollout_unknown", "There is no such rollout; they are kept for 30 days.")
    deed = request.path_params["deed"]
    if deed == "stop":
        change.state, change.why = RolloutState.STOPPED, "Stopped by owner@example.org."
    elif deed == "continue":
        change.state, change.why = RolloutState.REST, ""
        spread.reach(change, change.machines, now)
    else:
        change.state = RolloutState.TAKEN_BACK
        back = AssignRequest(next(iter(change.before.values()), ()), pace=Speed.AT_ONCE)
        change = spread.begin(f"back: {change.what}"[:200], tuple(change.reached), back, now)
    return answer(spread.told(change, now), 201 if deed == "back" else 200)


async def rig_work(request: Request) -> Response:
    found = farm_of(request).find(request.path_params["machine"])
    if found is None or found.id is None:
        return refuse(404, "machine_unknown", "There is no such machine.")
    now, work = time.time(), spread_of(request).works.get(found.id, Work())
    wanted = tuple(Use(each, NAMES.get(each, each), 1) for each in work.wanted)
    actual = state_of(work, now) if work.revision else AssignmentState(1, 0)
    return answer(RigWork(found.id, found.name[:24], wanted, work.revision, actual, now - 2))


async def astray(request: Request) -> Response:
    spread, now = spread_of(request), time.time()
    rows = [
        AstrayRig(
            one.id, one.name, work.revision, state_of(work, now).revision, work.at, reason(one, work, now)
        )
        for one in farm_of(request).listed()
        if one.id and (work := spread.works.get(one.id)) and state_of(work, now).revision < work.revision
    ]
    return answer(AstrayList(tuple(sorted(rows, key=lambda row: row.since))))


def reason(machine: Machine, work: Work, now: float) -> str:
    if machine.fate in {"offline", "stopped"}:
        return "It does not report."
    return WHY if work.fails and work.done(now) >= 0.34 else "It is on its way."


ROUTES = [
    Route("/v1/playbooks", playbooks),
    Route("/v1/assignments", assignment, methods=["POST"]),
    Route("/v1/rollouts", rollouts),
    Route("/v1/rollouts/{rollout}/{deed}", turn, methods=["POST"]),
    Route("/v1/machines/{machine}/work", rig_work),
    Route("/v1/astray", astray),
]
