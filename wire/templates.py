"""What the page says of pools, wallets, software and playbooks, and of bringing them to rigs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from wire.assignments import PLAYBOOKS_MAX, Archive, AssignmentState, System
from wire.placeholders import POOLS_MAX, SCRIPT_MAX_LETTERS
from wire.shapes import Id, Message, ShortText

RIGS_PER_REQUEST_MAX = 5000
CAREFUL_ABOVE = 10
"""A change that touches more rigs goes to one first."""

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Coin = Annotated[str, Meta(pattern=r"\A[A-Z0-9]{1,12}\Z")]
Script = Annotated[str, Meta(max_length=SCRIPT_MAX_LETTERS)]


class Use(Message, frozen=True):
    """A playbook that uses a template, and on how many rigs it is wanted."""

    playbook: str
    name: str
    rigs: int


class PoolRequest(Message, frozen=True):
    """From the page: a pool as "host:port". It pays a coin, or several for the work in an algorithm."""

    name: Name
    address: Annotated[str, Meta(min_length=1, max_length=120)]
    tls: bool = False
    coin: Coin | None = None
    algorithm: Annotated[str, Meta(max_length=40)] = ""
    region: Annotated[str, Meta(max_length=40)] = ""
    password: Annotated[str, Meta(max_length=200)] = "x"  # noqa: S105 - what pools take where they ask for none


class WalletRequest(Message, frozen=True):
    """From the page: an address that is paid to."""

    name: Name
    coin: Coin
    address: Annotated[str, Meta(min_length=1, max_length=200)]


class Checked(StrEnum):
    """Whether a library knows the coin's addresses, and this one has the right form and checksum."""

    VALID = "valid"
    UNCHECKED = "unchecked"


class PoolTemplate(Message, frozen=True):
    """A pool of the address book."""

    pool: str
    entry: PoolRequest
    changed_at: float
    changed_by: str
    used: tuple[Use, ...] = ()


class WalletTemplate(Message, frozen=True):
    """A wallet of the address book."""

    wallet: str
    entry: WalletRequest
    checked: Checked
    changed_at: float
    changed_by: str
    used: tuple[Use, ...] = ()


class TemplateBook(Message, frozen=True):
    """The whole address book, by name."""

    pools: tuple[PoolTemplate, ...]
    wallets: tuple[WalletTemplate, ...]


class TemplateImpact(Message, frozen=True):
    """What editing a template would change: playbooks by name with old and new text, and the rigs touched."""

    before: str
    after: str
    playbooks: tuple[Use, ...]
    rigs: int
    coin: str | None


class SoftwareArchive(Message, frozen=True):
    """An archive for one system; without a digest it can be shown and never installed."""

    system: System
    archive: Archive | None
    url: ShortText = ""
    note: ShortText = ""


class Software(Message, frozen=True):
    """A program in one version. `own`: added by the farm; `readable`: its figures are read by the sentry."""

    program: str
    version: str
    archives: tuple[SoftwareArchive, ...]
    own: bool = False
    readable: bool = True


class SoftwareRequest(Message, frozen=True):
    """From the page: a program or version of one's own."""

    program: Annotated[str, Meta(pattern=r"\A[a-z0-9._-]{1,64}\Z")]
    version: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._+-]{1,64}\Z")]
    system: System
    archive: Archive


class SoftwareList(Message, frozen=True):
    """The catalogue and the farm's own, and the script template of each program and system."""

    software: tuple[Software, ...]
    scripts: dict[str, dict[str, str]]
    """Program to system to script template."""


class PoolChoice(Message, frozen=True):
    """A pool of a playbook with the wallet that it pays to."""

    pool: Id
    wallet: Id


class PlaybookDraft(Message, frozen=True):
    """From the page: what a playbook is. `pools` in order of preference; `scripts` by system."""

    name: Name
    program: Annotated[str, Meta(max_length=64)]
    program_version: Annotated[str, Meta(max_length=64)]
    pools: Annotated[tuple[PoolChoice, ...], Meta(min_length=1, max_length=POOLS_MAX)]
    scripts: Annotated[dict[System, Script], Meta(min_length=1, max_length=len(System))]
    devices: Annotated[tuple[ShortText, ...], Meta(max_length=64)] = ()
    note: Annotated[str, Meta(max_length=200)] = ""


class ScriptProblem(Message, frozen=True):
    """What is wrong with a script, and where: line and column count from 1."""

    system: System
    line: int
    column: int
    text: str


class FilledPreview(Message, frozen=True):
    """A draft as a rig would get it, one script for each pool; `problems` of those that cannot be filled."""

    scripts: dict[System, tuple[str, ...]]
    problems: tuple[ScriptProblem, ...] = ()


class PlaybookVersion(Message, frozen=True):
    """A version never changes; `pools` and `wallets` are as they were: "pool.example:3333", "44AF…"."""

    version: int
    draft: PlaybookDraft
    pools: tuple[str, ...]
    wallets: tuple[str, ...]
    at: float
    by: str
    why: str


class PlaybookView(Message, frozen=True):
    """A playbook with its newest version, and on how many rigs it is wanted."""

    playbook: str
    newest: PlaybookVersion
    rigs: int
    changed: int
    """How many rigs do not have the newest version yet."""


class PlaybookList(Message, frozen=True):
    """By name."""

    playbooks: tuple[PlaybookView, ...]


class PlaybookHistory(Message, frozen=True):
    """All versions, the newest first."""

    playbook: str
    versions: tuple[PlaybookVersion, ...]


class Speed(StrEnum):
    """CAREFUL: one rig first, the rest after its first accepted share. AT_ONCE: all."""

    CAREFUL = "careful"
    AT_ONCE = "at_once"


class VersionRequest(Message, frozen=True):
    """From the page: back to a version, which becomes the newest one."""

    version: Annotated[int, Meta(ge=1)]
    pace: Speed = Speed.CAREFUL


class AssignRequest(Message, frozen=True):
    """From the page: which playbooks these rigs run, named or by a tag."""

    playbooks: Annotated[tuple[Id, ...], Meta(max_length=PLAYBOOKS_MAX)]
    machines: Annotated[tuple[Id, ...], Meta(max_length=RIGS_PER_REQUEST_MAX)] = ()
    tag: Annotated[str, Meta(max_length=40)] = ""
    how: Literal["set", "add", "remove"] = "set"
    pace: Speed = Speed.CAREFUL


class RolloutState(StrEnum):
    """FIRST: one rig has it, and its first share is waited for."""

    FIRST = "first"
    REST = "rest"
    STOPPED = "stopped"
    DONE = "done"
    TAKEN_BACK = "taken_back"


class Rollout(Message, frozen=True):
    """A change on its way: `running` of `rigs` run it, `failed` could not; `first` got it first."""

    rollout: str
    what: str
    state: RolloutState
    begun_at: float
    by: str
    rigs: int
    signed: int
    running: int
    failed: int
    first: str | None = None
    why: str = ""


class RolloutList(Message, frozen=True):
    """Those of the last 30 days, the newest first."""

    rollouts: tuple[Rollout, ...]


class RigWork(Message, frozen=True):
    """What a rig should run and what it does run. `worker`: its name at pools, nobody else's in the farm."""

    machine: str
    worker: str
    wanted: tuple[Use, ...]
    revision: int
    actual: AssignmentState | None
    told_at: float | None


class AstrayRig(Message, frozen=True):
    """A rig that is not where it should be, and why as far as is known."""

    machine: str
    name: str
    wanted: int
    actual: int
    since: float
    reason: str


class AstrayList(Message, frozen=True):
    """The longest astray first."""

    rigs: tuple[AstrayRig, ...]
