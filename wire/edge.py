"""What concerns ASICs and the edge that reads them: its roster, its errands, and how it is doing.

A *seat* is a device's place in the roster of one edge. Two edges may know the same machine; one reads it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta

from wire.shapes import Counter, Epoch, Id, Message, Seconds, ShortText

ROSTER_PATH = "/v1/roster"
BATCH_MACHINES: Final = 50
BATCHES_PER_TELLING: Final = 10
FOUND_MAX: Final = 5000
RANGES_MAX: Final = 32
ERRAND_LINES_MAX: Final = 2000
CSV_MAX_LETTERS: Final = 200_000

Number = Annotated[int, Meta(ge=1, lt=2**31)]
"""A device's own in the roster of its edge, for ever."""
Batch = Annotated[int, Meta(ge=0, lt=2**26)]
Count = Annotated[int, Meta(ge=0, lt=2**53)]
Duration = Annotated[float, Meta(ge=0, le=1e11)]
Mac = Annotated[str, Meta(pattern=r"\A([0-9A-F]{2}:){5}[0-9A-F]{2}\Z")]
Address = Annotated[str, Meta(pattern=r"\A[0-9]{1,3}(\.[0-9]{1,3}){3}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=80)]
Place = Annotated[str, Meta(max_length=120)]
Client = Annotated[str, Meta(max_length=80)]
Tags = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=40)], ...], Meta(max_length=20)]
Sentence = Annotated[str, Meta(max_length=300)]
Fate = Annotated[str, Meta(pattern=r"\A[a-z]+\Z", max_length=20)]


def batch_of(number: int) -> int:
    """The batch of a device: what is known now of its machines is one item in the commander's store."""
    return number // BATCH_MACHINES


class NoReply(Message, frozen=True):
    """A device gave no answer: why, since when, and in how many rounds one after the other."""

    reason: ShortText
    since: Seconds
    rounds: Annotated[int, Meta(ge=1, lt=2**31)]


class Pool(Message, frozen=True):
    """A pool as a device has it, "host:port". `active`: mined for now; `alive`: it answers the device."""

    position: Annotated[int, Meta(ge=0, lt=64)]
    address: ShortText | None = None
    user: ShortText | None = None
    active: bool | None = None
    alive: bool | None = None
    accepted: Count | None = None
    rejected: Count | None = None


class Notice(Message, frozen=True):
    """What a device complains of by itself. `at`: None when it does not say."""

    text: ShortText
    level: Literal["error", "warning", "note"] = "error"
    code: int | None = None
    at: Seconds | None = None


class Login(StrEnum):
    """What became of a device's login. It stays on the edge; this word is all that leaves the LAN."""

    WORKS = "works"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"


class Appliance(Message, frozen=True):
    """What a full reading, at `read_at`, tells of an ASIC beside its figures; told with each such reading."""

    pools: Annotated[tuple[Pool, ...], Meta(max_length=16)] = ()
    notices: Annotated[tuple[Notice, ...], Meta(max_length=50)] = ()
    login: Login | None = None
    read_at: Seconds | None = None


# The roster: which devices an edge looks after.


class RosterEntry(Message, frozen=True):
    """A device as its edge knows it. `added_at` tells it from another one that had its number before.

    `name`, `place`, `client` and `tags` are what was said of it at the edge; what is said in the dashboard
    stands until something else is said at the edge.
    """

    number: Number
    added_at: Seconds
    name: Name
    mac: Mac | None = None
    former_macs: Annotated[tuple[Mac, ...], Meta(max_length=8)] = ()
    serial: ShortText | None = None
    make: ShortText | None = None
    model: ShortText | None = None
    place: Place = ""
    client: Client = ""
    tags: Tags = ()


class RosterBatch(Message, frozen=True):
    """All devices of one batch (`batch_of` their numbers); who is not here is not in the roster any more."""

    batch: Batch
    entries: Annotated[tuple[RosterEntry, ...], Meta(max_length=BATCH_MACHINES)]


class RosterTelling(Message, frozen=True):
    """Some batches, whole. Told at the start, on changes, and each minute where another edge reads some."""

    epoch: Epoch
    batches: Annotated[tuple[RosterBatch, ...], Meta(min_length=1, max_length=BATCHES_PER_TELLING)]


class Seat(Message, frozen=True):
    """The machine of a number. `reads`: this edge is to read it; else another one does, see `RosterReply`."""

    number: Number
    machine: Id
    reads: bool


class Refusal(Message, frozen=True):
    """A device that the commander does not take, and why."""

    number: Number
    reason: Sentence


class RosterReply(Message, frozen=True):
    """The seats of all devices of the batches that were told. Tell again while some are not to be read.

    `also`: further batches in which the commander knows devices from before this epoch; tell them too,
    empty where there are none: an edge that lost its roster does not know of them.
    """

    server_at: Seconds
    seats: tuple[Seat, ...]
    refused: tuple[Refusal, ...] = ()
    also: tuple[Batch, ...] = ()


# Errands: what is wanted of an edge in the dashboard. It does what its commands do at the terminal.


class Search(Message, frozen=True, tag="search"):
    """Find devices; nothing is added. `ranges` as `asic-edge scan` takes them."""

    ranges: Annotated[tuple[ShortText, ...], Meta(min_length=1, max_length=RANGES_MAX)]
    public: bool = False


class EndSearch(Message, frozen=True, tag="end_search"):
    """Stop the search under way."""


class AddFound(Message, frozen=True, tag="add_found"):
    """Put these of the last search into the roster; `rule` names them as `asic-edge scan --name` does."""

    addresses: Annotated[tuple[Address, ...], Meta(min_length=1, max_length=FOUND_MAX)]
    rule: Annotated[str, Meta(max_length=120)] = ""
    place: Place = ""
    client: Client = ""
    tags: Tags = ()


class ImportRows(Message, frozen=True, tag="import_rows"):
    """Rows of a spreadsheet, as `asic-edge import` takes them; not `apply`: only what they would change."""

    csv: Annotated[str, Meta(min_length=1, max_length=CSV_MAX_LETTERS)]
    apply: bool = False


class RemoveDevices(Message, frozen=True, tag="remove_devices"):
    """Out of the roster."""

    machines: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=FOUND_MAX)]


class AnswerQuestion(Message, frozen=True, tag="answer_question"):
    """Is it the same machine with a new control board? `undo` takes an answer back."""

    question: Number
    answer: Literal["same", "different", "undo"]


Errand = Search | EndSearch | AddFound | ImportRows | RemoveDevices | AnswerQuestion


class GivenErrand(Message, frozen=True):
    """An errand on its way; carried out once, in the order of the numbers."""

    number: Annotated[int, Meta(ge=1, lt=2**40)]
    errand: Errand


class ErrandLine(Message, frozen=True):
    """What became of one row, address or device. `of`: its line's number or its address."""

    of: Annotated[str, Meta(max_length=64)]
    fate: Literal["added", "changed", "unchanged", "removed", "asked", "fault"]
    text: Sentence


class ErrandResult(Message, frozen=True):
    """How an errand ended. `counts` are of all lines by fate, `lines` those that are worth reading."""

    number: Annotated[int, Meta(ge=1, lt=2**40)]
    ok: bool
    text: Sentence
    counts: Annotated[dict[Fate, Count], Meta(max_length=8)] = {}  # noqa: RUF012 - msgspec copies it
    lines: Annotated[tuple[ErrandLine, ...], Meta(max_length=ERRAND_LINES_MAX)] = ()


# How an edge is doing: goes with its reports.


class FoundDevice(Message, frozen=True):
    """What answers at an address. `name`: of the device in the roster that was last there, None: it is new.

    `reason` says why it could not be identified.
    """

    address: Address
    make: ShortText | None = None
    model: ShortText | None = None
    name: ShortText | None = None
    reason: ShortText | None = None


class SearchState(Message, frozen=True):
    """How far the last search is. `number` of its errand; `found` and `unknown` devices so far.

    `ranges` are those that it was given.
    """

    number: Counter
    state: Literal["running", "done", "ended", "failed"]
    began_at: Seconds
    tried: Count
    total: Count
    found: Count
    unknown: Count
    reason: Sentence = ""
    ranges: Annotated[tuple[ShortText, ...], Meta(max_length=RANGES_MAX)] = ()


class RoundState(Message, frozen=True):
    """The last round that ended. `resting`: silent devices that were left alone in it."""

    ended_at: Seconds
    took_s: Duration
    asked: Count
    answered: Count
    resting: Count


class SlowDevice(Message, frozen=True):
    """One of the slowest of the last round."""

    name: ShortText
    address: Address
    took_s: Duration
    machine: Id | None = None


class SilentDevice(Message, frozen=True):
    """One that gives no answer. `address`: where it was last, "" where another device is now."""

    name: ShortText
    address: Annotated[str, Meta(max_length=15)]
    silence: NoReply
    machine: Id | None = None


class AskedModel(Message, frozen=True):
    """How often the devices of a model were asked since the edge started, by kind of question.

    `connections`: how many at once its devices are asked on; `least_s`: between two readings of one.
    """

    model: ShortText
    devices: Count
    identified: Count
    light: Count
    full: Count
    connections: Count
    least_s: Duration


class LoginCounts(Message, frozen=True):
    """Of how many devices the login works, was refused, is not needed, or is not known to do either."""

    works: Count = 0
    refused: Count = 0
    not_needed: Count = 0
    unknown: Count = 0


class OpenQuestion(Message, frozen=True):
    """Whether the device with another MAC is `name` with a new control board; `because` they are alike."""

    number: Number
    name: ShortText
    address: Address
    mac: Mac | None
    because: Sentence


class GivenAnswer(Message, frozen=True):
    """An answer that can be taken back."""

    number: Number
    name: ShortText
    same: bool


class EdgeState(Message, frozen=True):
    """How an edge is doing, with each of its reports of a newest state.

    `networks`: own addresses as "192.168.1.5/24". `elsewhere`: devices that another edge reads. `trouble`:
    what a person should know, in sentences. `found` is told when it changes; None: as told before.
    `errands_done`: the largest number of an errand that it has ended; `results` until they are accepted.
    """

    devices: Count
    reads: Count
    elsewhere: Count
    refused: Count
    round_s: Duration
    errands_done: Counter = 0
    networks: Annotated[tuple[ShortText, ...], Meta(max_length=32)] = ()
    round: RoundState | None = None
    slow: Annotated[tuple[SlowDevice, ...], Meta(max_length=20)] = ()
    silent: Annotated[tuple[SilentDevice, ...], Meta(max_length=100)] = ()
    silent_count: Count = 0
    asked: Annotated[tuple[AskedModel, ...], Meta(max_length=50)] = ()
    logins: LoginCounts = LoginCounts()
    questions: Annotated[tuple[OpenQuestion, ...], Meta(max_length=100)] = ()
    answers: Annotated[tuple[GivenAnswer, ...], Meta(max_length=20)] = ()
    waiting: Count = 0
    """Closed blocks that the commander does not have yet."""
    trouble: Annotated[tuple[Sentence, ...], Meta(max_length=10)] = ()
    search: SearchState | None = None
    found: Annotated[tuple[FoundDevice, ...], Meta(max_length=FOUND_MAX)] | None = None
    results: Annotated[tuple[ErrandResult, ...], Meta(max_length=4)] = ()
