"""Each errand is done once, whatever ends the program."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.asic_errands import (
    PLACES,
    Desk,
    FakeWays,
    Killed,
    OneThread,
    found_before,
    rows,
)
from wire.edge import (
    AddFound,
    AnswerQuestion,
    Errand,
    ErrandResult,
    GivenErrand,
    ImportRows,
    RemoveDevices,
)

WISHES = st.sampled_from(("add", "import", "preview", "remove", "different", "undo"))
_WORKS = {"import_rows", "answer"}


def wish_of(kind: str, number: int) -> Errand:
    wishes: dict[str, Errand] = {
        "add": AddFound(PLACES, "{ip}"),
        "import": rows(f"10.9.0.{number},,row-{number}"),
        "preview": rows(f"10.8.0.{number},,preview-{number}", apply=False),
        "remove": RemoveDevices((f"m{number % 4 + 1}",)),
        "different": AnswerQuestion(number, "different"),
        "undo": AnswerQuestion(number, "undo"),
    }
    return wishes[kind]


class Wished:
    """The commander's part: what it gave, and what it heard of each, in all reports."""

    def __init__(self, kinds: list[str], loses: list[bool]) -> None:
        self.given = {number: wish_of(kind, number) for number, kind in enumerate(kinds, 1)}
        self.heard: dict[int, set[bytes]] = {number: set() for number in self.given}
        self.executed: list[Errand] = []
        self._losing = iter(loses)

    def life(self, desk: Desk, threads: OneThread) -> None:
        """One process, until it is killed or all is told."""

        async def run() -> None:
            asyncio.get_running_loop().set_default_executor(threads)
            task = asyncio.create_task(desk.errands.run())
            left = 20  # of reports after all was told: nothing may happen then
            while left and not task.done():
                left -= all(self.heard.values())
                self._report(desk)
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        with suppress(Killed):
            asyncio.run(run())
        works = [given for name, given in threads.works if name in _WORKS]
        self.executed += [each for given in works for each in given if isinstance(each, Errand)]

    def _report(self, desk: Desk) -> None:
        """What is told arrives; the reply may be lost."""
        done, results = desk.errands.done, desk.errands.results()
        for each in results:
            self.heard[each.number].add(msgspec.json.encode(each))
        if not next(self._losing, False):
            desk.errands.accepted(each.number for each in results)
            desk.errands.take(
                GivenErrand(number, each) for number, each in self.given.items() if number > done
            )


@settings(max_examples=30, deadline=None)
@given(
    kinds=st.lists(WISHES, min_size=1, max_size=4),
    lives=st.lists(st.tuples(st.integers(0, 8), st.booleans()), max_size=4),
    loses=st.lists(st.booleans(), max_size=6),
)
def test_each_errand_is_done_once_whatever_ends_the_program(
    kinds: list[str], lives: list[tuple[int, bool]], loses: list[bool]
) -> None:
    """It dies before or after any piece of work, and replies get lost: nothing is done or told twice over."""
    wished = Wished(kinds, loses)
    with TemporaryDirectory() as name:
        ways = FakeWays()
        found_before(Path(name), ways)
        for dies_at, after in [*lives, (None, False)]:
            desk = Desk(Path(name), ways)
            desk.seats = {f"m{number}": number for number in range(1, 5)}
            wished.life(desk, OneThread(dies_at, after=after))
    assert [len(results) for results in wished.heard.values()] == [1] * len(kinds)
    for number, errand in wished.given.items():
        (told,) = wished.heard[number]
        interrupted = "interrupted" in msgspec.json.decode(told, type=ErrandResult).text
        if isinstance(errand, ImportRows | AnswerQuestion):
            assert wished.executed.count(errand) in ((0, 1) if interrupted else (1,))
