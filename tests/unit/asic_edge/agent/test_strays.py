"""The roster follows its devices: by what a full reading shows, by address, and across a network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec
import pytest

from asic_edge.agent.hall import Hall
from asic_edge.agent.strays import LOOK_EVERY_S, SILENT_S, STRANGER_EVERY_S, Strays
from asic_edge.errands.asking import Devices
from asic_edge.gate import Gate
from asic_edge.roster.entries import Entry, Words
from asic_edge.roster.matching import admit
from asic_edge.roster.store import LOCK_NAME, changing, read_roster
from asic_edge.snapshot import Depth, Identity, NoAnswer, Snapshot
from tests.fakes.asic_errands import FakeWays, identities
from tests.fakes.asic_lines import answering
from tests.fakes.asic_roster import mac_of, sighting
from wire.messages import EventLevel

AT = "10.0.0.1"


class Story:
    """Strays of a folder, with a clock of its own. `told` are number, kind and text."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ways, self.hall = folder, FakeWays(), Hall()
        self.now = 10_000.0
        self.told: list[tuple[int, str, str]] = []
        self.strays = Strays(
            folder,
            Devices(self.ways, Gate()),
            self.hall,
            self._tell,
            clock=lambda: self.now,
            steady=lambda: self.now,
        )

    def _tell(self, number: int, at: float, kind: str, text: str, level: EventLevel) -> None:
        assert (at, level) in [(self.now, each) for each in EventLevel]
        self.told.append((number, kind, text))

    def take_roster(self) -> None:
        """As the loop does it when the file has changed."""
        self.hall.take_roster(read_roster(self.folder))

    def add(self, address: str, board: int | None = None) -> Entry:
        with changing(self.folder) as roster:
            entry = admit(roster, sighting(address, board), Words(), "d-{ip4}").entry
        self.take_roster()
        assert entry is not None
        return entry

    def reads(self, entry: Entry, *, depth: Depth = Depth.FULL, **shown: str) -> None:
        """The round reads it, and it shows something else than the roster says."""
        read = Snapshot(msgspec.structs.replace(entry.identity, **shown), self.now, depth)
        device = self.hall.note(read.identity.address, read, 0.1, self.now)
        assert device is not None
        self.strays.note(device, read)

    def is_silent(self, address: str, for_s: float) -> None:
        self.hall.note(address, NoAnswer("refuses connections"), 1.0, self.now - for_s)

    def once(self) -> None:
        asyncio.run(self.strays.once())
        self.take_roster()

    def entries(self) -> list[tuple[str, str | None, str | None]]:
        return [(each.name, each.address, each.mac) for each in read_roster(self.folder)]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def listening(story: Story, count: int, act: Callable[[list[str]], Awaitable[None]]) -> None:
    """With so many addresses of one network on which something listens."""

    async def run() -> None:
        async with AsyncExitStack() as stack:
            await act([await stack.enter_async_context(answering(80, lambda _: b"")) for _ in range(count)])

    asyncio.run(run())
    story.take_roster()


def test_what_is_as_the_roster_says_changes_nothing(story: Story) -> None:
    entry = story.add(AT, 1)
    story.reads(entry)
    story.reads(entry, depth=Depth.LIGHT, mac=mac_of(9))
    story.once()
    assert not (story.folder / ".roster.json.unfinished").exists()
    assert (story.told, story.entries()) == ([], [("d-1", AT, mac_of(1))])


def test_what_a_device_tells_later_is_kept(story: Story) -> None:
    entry = story.add(AT)
    story.reads(entry, mac=mac_of(5), serial="S5")
    story.once()
    assert (story.told, story.entries()) == ([], [("d-1", AT, mac_of(5))])


def test_another_board_at_its_address_is_asked_about_once(story: Story) -> None:
    entry = story.add(AT, 1)
    for _ in range(3):
        story.reads(entry, mac=mac_of(2))
        story.once()
    restarted = Story(story.folder)
    restarted.take_roster()
    restarted.reads(entry, mac=mac_of(2))
    restarted.once()
    assert restarted.told == []
    assert [each[:2] for each in story.told] == [(1, "device_question")]
    assert "may be d-1 with a new control board" in story.told[0][2]
    assert len(read_roster(story.folder).questions) == 1


def test_two_that_changed_addresses_keep_their_entries(story: Story) -> None:
    one, two = story.add(AT, 1), story.add("10.0.0.2", 2)
    story.reads(one, mac=mac_of(2))
    story.reads(two, mac=mac_of(1))
    story.once()
    assert story.entries() == [("d-1", "10.0.0.2", mac_of(1)), ("d-2", AT, mac_of(2))]
    assert {each[:2] for each in story.told} == {(1, "device_moved"), (2, "device_moved")}


def test_another_device_at_its_address_is_not_taken_for_it(story: Story) -> None:
    entry = story.add(AT, 1)
    story.reads(entry, mac=mac_of(7), make="Whatsminer", model="M50S")
    story.once()
    assert story.entries() == [("d-1", None, mac_of(1))]
    assert story.told == [
        (
            1,
            "device_replaced",
            f"at {AT} is Whatsminer M50S now, which is not in the roster; nobody knows where this one is",
        )
    ]


def test_rows_of_a_spreadsheet_are_asked_what_they_are(story: Story) -> None:
    async def act(places: list[str]) -> None:
        there, other = places
        story.ways.devices = {there: identities([there])[0]}
        with changing(story.folder) as roster:
            for number, address in enumerate(places, 1):
                roster.put(Entry(number=number, name=f"row-{number}", address=address, added_at=1.0))
        story.take_roster()
        await story.strays.once()
        silence = story.hall.devices[2].silence
        assert silence is not None
        assert (silence.reason, silence.since) == ("is no ASIC that is known here", story.now)
        asked = len(story.ways.identified)
        await story.strays.once()
        assert len(story.ways.identified) == asked
        story.now += STRANGER_EVERY_S
        story.take_roster()
        await story.strays.once()
        assert story.ways.identified[asked:] == [other]

    listening(story, 2, act)
    first, second = read_roster(story.folder)
    assert (first.name, first.mac, first.reader, second.reader) == (
        "row-1",
        "02:00:00:00:00:01",
        "library",
        None,
    )


@pytest.mark.parametrize("address", ["8.8.8.8", "0.0.0.0", "224.0.0.1", "255.255.255.255"])
def test_rows_outside_private_networks_are_not_asked(story: Story, address: str) -> None:
    asked: list[str] = []

    class Recording(Devices):
        async def identified(self, address: str) -> NoAnswer:
            asked.append(address)
            return NoAnswer("gave no answer")

    story.strays = Strays(story.folder, Recording(story.ways, Gate()), story.hall, story._tell)
    with changing(story.folder) as roster:
        for number, place in enumerate((AT, address), 1):
            roster.put(Entry(number=number, name=f"row-{number}", address=place, added_at=1.0))
    story.take_roster()
    story.once()
    assert asked == [AT]
    silence = story.hall.devices[2].silence
    assert silence is not None
    assert silence.reason.startswith("is not asked: its address is ")


def test_who_is_silent_for_long_is_looked_for_in_its_network_and_moves(story: Story) -> None:
    async def act(places: list[str]) -> None:
        new, stranger = places
        network = new.rpartition(".")[0]
        with changing(story.folder) as roster:
            admit(roster, sighting(f"{network}.254", 1), Words(), "d-{ip4}")
        story.take_roster()
        board = Identity(new, "Antminer", "S19 Pro", mac=mac_of(1))
        story.ways.devices = {new: board, stranger: identities([stranger])[0]}
        story.ways.devices[stranger] = msgspec.structs.replace(story.ways.devices[stranger], mac=mac_of(77))
        story.is_silent(f"{network}.254", SILENT_S - 1)
        await story.strays.once()
        assert story.ways.identified == []
        story.now += 1
        await story.strays.once()
        assert story.entries() == [("d-254", new, mac_of(1))]
        assert [each[:2] for each in story.told] == [(1, "device_moved")]

    listening(story, 2, act)


def test_a_network_is_looked_through_at_most_each_half_hour(story: Story) -> None:
    async def act(places: list[str]) -> None:
        network = places[0].rpartition(".")[0]
        gone = story.add(f"{network}.254", 1).address or ""
        story.is_silent(gone, SILENT_S)
        story.ways.devices = {places[0]: Identity(places[0], "Antminer", "S19 Pro", mac=mac_of(77))}
        for _ in range(2):
            await story.strays.once()
        assert len(story.ways.identified) == 1
        story.now += LOOK_EVERY_S
        await story.strays.once()
        assert len(story.ways.identified) == 2
        assert story.entries() == [("d-254", gone, mac_of(1))]

    listening(story, 1, act)


def test_public_networks_are_left_alone_and_so_are_those_who_cannot_be_told_apart(story: Story) -> None:
    story.add("8.8.8.8", 1)
    story.add("10.0.0.9")
    story.is_silent("8.8.8.8", SILENT_S)
    story.is_silent("10.0.0.9", SILENT_S)
    story.once()
    assert story.ways.identified == []


def test_a_roster_that_is_being_changed_is_waited_for(story: Story) -> None:
    entry = story.add(AT)
    story.reads(entry, mac=mac_of(5))
    (story.folder / "roster.json").write_text("{")
    task_trouble: list[str] = []

    async def run() -> None:
        task = asyncio.create_task(story.strays.run())
        for _ in range(2000):
            if story.strays.trouble:
                break
            await asyncio.sleep(0.002)
        task_trouble.append(story.strays.trouble)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    assert "is damaged" in task_trouble[0]
    (story.folder / "roster.json").unlink()
    with changing(story.folder) as roster:
        roster.put(entry)
    story.once()
    assert story.entries() == [("d-1", AT, mac_of(5))]
    assert (story.folder / LOCK_NAME).exists()
