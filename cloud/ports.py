"""What the commander needs of the world, as Protocols; `bootstrap` chooses who provides it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self, TypeVar

import msgspec

from cloud.domain.keys import Key
from cloud.domain.policy import Policy
from cloud.domain.principals import COMMANDER, Actor
from cloud.domain.records import PackedRecord, Record
from cloud.domain.signing import Signed, SignedAddress

R = TypeVar("R")

MAX_BODY_BYTES = 350_000
MAX_COMMIT_WRITES = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One stored thing. `revision` orders its versions; past `expires_at` (epoch s) it is not there.

    `watched` marks what somebody may be looking at, so that a stream can pass over the rest.
    """

    key: Key
    kind: str
    body: bytes
    revision: int = 1
    expires_at: int | None = None
    watched: bool = False

    @classmethod
    def of(
        cls,
        key: Key,
        record: Record,
        *,
        revision: int = 1,
        expires_at: float | None = None,
        watched: bool = False,
    ) -> Self:
        """The item that keeps `record`; its kind is the record's type."""
        expiry = None if expires_at is None else int(expires_at)
        packed = isinstance(record, PackedRecord)
        body = msgspec.msgpack.encode(record) if packed else msgspec.json.encode(record)
        return cls(key, type(record).__name__.lower(), body, revision, expiry, watched)

    def read(self, record_type: type[R]) -> R:
        """The record kept in this item."""
        if issubclass(record_type, PackedRecord):
            return msgspec.msgpack.decode(self.body, type=record_type)
        return msgspec.json.decode(self.body, type=record_type)


@dataclass(frozen=True, slots=True)
class Absent:
    """Only if nothing lives at the key (or what did has expired)."""


@dataclass(frozen=True, slots=True)
class Present:
    """Only if something lives at the key."""


@dataclass(frozen=True, slots=True)
class Newer:
    """Only if nothing lives at the key, or something of a smaller revision that is at least `least`."""

    least: int = 0


@dataclass(frozen=True, slots=True)
class AtRevision:
    """Only if the item at the key has exactly this revision."""

    revision: int


@dataclass(frozen=True, slots=True)
class Put:
    """Writes a whole item, under a condition or without."""

    item: Item
    when: Absent | Newer | AtRevision | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Removes an item, under a condition or without."""

    key: Key
    when: Present | AtRevision | None = None


Write = Put | Delete


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a key range; it may be short or empty although more follows. `next`: pass it as `after`."""

    items: Sequence[Item]
    next: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A committed write of a watched item; `removed` when it was deleted."""

    item: Item
    removed: bool = False


class StoreFileError(Exception):
    """A file cannot serve as a store; the message says why, in a sentence for the operator."""


class StoreUnavailable(Exception):
    """The store cannot answer now; nothing of this call was promised. Worth another try."""


class StoreBusy(StoreUnavailable):
    """Somebody else was writing the same items; nothing was written. Worth another try at once."""


class ItemTooLarge(ValueError):
    """A body of more than MAX_BODY_BYTES."""


class StoreReads(Protocol):
    """Items by key. Reads see every write that was answered before. Raises StoreUnavailable."""

    def get(self, key: Key) -> Item | None:
        """The item at `key`, None if there is none."""

    def get_many(self, keys: Sequence[Key], *, stale_ok: bool = False) -> dict[Key, Item]:
        """The items that exist among `keys`, any number of them.

        `stale_ok`: a write of the last second may be missed, at half the price in AWS.
        """

    def query(
        self,
        pk: str,
        first: str,
        last: str,
        *,
        forwards: bool = True,
        limit: int = 1000,
        after: str | None = None,
    ) -> Page:
        """Items of one partition with first <= sk <= last (neither empty), by sk, at most `limit`."""


class Store(StoreReads, Protocol):
    """What can also be written. Raises StoreUnavailable."""

    def write(self, write: Write) -> bool:
        """Carries out one write; False if its condition did not hold. Raises ItemTooLarge."""

    def write_all(self, writes: Sequence[Put]) -> list[bool]:
        """Carries out any number of writes, each on its own as `write` does, in no certain order.

        Gives of each whether its condition held. Where it raises, some may have been carried out; of
        ItemTooLarge none.
        """

    def commit(self, writes: Sequence[Write]) -> bool:
        """All of 1 to MAX_COMMIT_WRITES writes on different keys, or none (False)."""


def every(store: StoreReads, pk: str, first: str, last: str) -> Iterator[Item]:
    """All items of a key range, page after page."""
    after: str | None = None
    while True:
        page = store.query(pk, first, last, after=after)
        yield from page.items
        if page.next is None:
            return
        after = page.next


class PasswordsBusy(Exception):
    """As many passwords are being verified as memory allows. Worth another try."""


class Passwords(Protocol):
    """Slow hashes of passwords."""

    def hash(self, password: str) -> str:
        """A salted hash that `verify` understands; raises PasswordsBusy as `verify` does."""

    def verify(self, password: str, password_hash: str | None) -> bool:
        """Whether `password` was hashed to `password_hash`; None costs as much and is never right.

        Raises PasswordsBusy when others are being verified already.
        """


class Sockets(Protocol):
    """Open connections to pages."""

    def send(self, connection: str, message: bytes) -> bool:
        """Sends JSON text; False when the connection is gone."""

    def close(self, connection: str) -> None:
        """Ends the connection, if it is there."""


class Queue(Protocol):
    """Keeps messages between the ingest and the store, where there is a queue between them."""

    def send(self, message: str) -> None:
        """Durable when it returns; raises StoreUnavailable, or ItemTooLarge."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be stored after several tries, as it was sent (epoch s)."""

    message: str
    sent_at: float
    body: str


class DeadLetters(Protocol):
    """Where the queue puts messages that fail again and again. Raises StoreUnavailable."""

    def waiting(self) -> int:
        """About how many letters wait, those included that somebody is looking at."""

    def show(self) -> Iterator[DeadLetter]:
        """Every letter that waits and that nobody else is looking at, once; they stay."""

    def replay(self) -> int:
        """Puts every letter back into the queue; gives how many."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain-text e-mail."""

    to: str
    subject: str
    text: str


class MailUnavailable(Exception):
    """No letter can be handed over now; the message says why. Worth another try."""


class LetterRefused(Exception):
    """This letter was not taken, and others may be; `for_good` when it is not worth another try."""

    def __init__(self, reason: str, *, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good


class Mail(Protocol):
    """Sends letters."""

    def send(self, letter: Letter) -> None:
        """Handed over when it returns; raises MailUnavailable or LetterRefused."""


class ProviderRefused(Exception):
    """The provider vouches for nobody here; `code` is one of those in `cloud.entrypoints.http.oidc`."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Trip:
    """One browser's way to the provider and back: `state` finds it, the rest proves whose answer it is.

    `return_url` is where the provider sends the browser; `nonce` and `verifier` (PKCE) are secrets.
    """

    return_url: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Voucher:
    """Whom the provider vouches for: a `subject`, which never changes; `email` counts if `email_verified`."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool


class Provider(Protocol):
    """An OpenID Connect provider. Raises ProviderRefused, whatever goes wrong there."""

    @property
    def name(self) -> str:
        """Words for people, as on the button."""

    def begin(self, trip: Trip) -> str:
        """The address that the browser goes to."""

    def finish(self, trip: Trip, code: str) -> Voucher:
        """Whom the code of the provider's answer stands for."""


class Signer(Protocol):
    """The Ed25519 key that rigs believe; it never leaves its place. Raises StoreUnavailable."""

    def public_key(self) -> bytes:
        """Of the present key."""

    def sign(self, content: bytes) -> Signed:
        """With the present key. At most 4,096 bytes."""

    def next_key(self) -> bytes:
        """The public key that follows the present one, made where there is none yet."""

    def switch(self) -> None:
        """The next key becomes the present one, for good."""


class Documents(Protocol):
    """Where rigs fetch what was signed for them. Raises StoreUnavailable."""

    def place(self, farm: str, machine: str, body: bytes) -> None:
        """Replaces a rig's document as a whole; durable when it returns."""

    def remove(self, farm: str, machine: str) -> None:
        """There is none any more."""

    def address(self, farm: str, machine: str) -> SignedAddress:
        """Where a rig's document lies; the same answer for hours, at no cost."""


class Clock(Protocol):
    """The commander's time."""

    def __call__(self) -> float:
        """Epoch seconds, UTC."""


class Rates(Protocol):
    """How often something may be done."""

    def take(self, key: str) -> float:
        """0 when it may be done now, and then it counts; else the seconds to wait."""


class Randomness(Protocol):
    """Names and secrets that nobody can guess."""

    def new_id(self, prefix: str) -> str:
        """`prefix`, an underscore and 80 random bits, of `[a-z0-9_]`."""

    def new_secret(self) -> str:
        """256 random bits of `[A-Za-z0-9_-]`."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything that a use case may need, chosen once by `bootstrap`."""

    store: Store
    passwords: Passwords
    sockets: Sockets
    clock: Clock
    randomness: Randomness
    policy: Policy
    public_url: str
    queue: Queue | None = None
    rates: Rates | None = None
    requests: Rates | None = None
    """Of agents, by agent; of people, by person or API token, or by address where nobody is signed in."""
    mail: Mail | None = None
    provider: Provider | None = None
    """None where no letters can be sent, or where one signs in here alone."""
    signer: Signer | None = None
    documents: Documents | None = None
    """Both, or neither: then nothing is signed, and so nothing assigned."""
    origin_secret: str = field(default="", repr=False)
    """What CloudFront adds to each request, "" where there is none."""
    actor: Actor = COMMANDER
    """Who does what is being done, for the audit log."""

    @property
    def provider_name(self) -> str | None:
        """What the page calls the provider, None where there is none."""
        return self.provider.name if self.provider else None
