"""What the store keeps of people: accounts, sessions, who belongs to a farm, and what they did there."""

from __future__ import annotations

import msgspec

from cloud.domain.permissions import Seat
from cloud.domain.records import Record
from wire.people import Role


class Membership(Record, frozen=True):
    """A place in a farm. `clients`: whose machines alone are seen, None for all.

    `since` is the revision of the farm's members at which the role began: no two terms have the same.
    """

    role: Role
    clients: tuple[str, ...] | None = None
    joined_at: float = 0
    since: int = 0

    @property
    def seat(self) -> Seat:
        return Seat(self.role, None if self.clients is None else frozenset(self.clients))


class Person(Record, frozen=True):
    """Somebody who signs in. `password_hash` is "" where only a provider vouches for them.

    `farm` alone, without `farms`, is how older programs kept the owner of one farm. `generation` counts
    the passwords after the first; sessions of an earlier one have ended. `verified`: a letter to the
    address was answered, or the operator vouched for it. `identity` is the issuer and subject of an
    OpenID Connect provider. `totp_secret` counts once it is proved; `totp_step` is the last 30 s step of
    which a code was taken, so that none is taken twice. Of recovery codes only the SHA-256 is kept.
    """

    email: str
    farm: str
    password_hash: str
    created_at: float
    generation: int = 0
    farms: dict[str, Membership] = msgspec.field(default_factory=dict)
    verified: bool = False
    identity: tuple[str, str] | None = None
    totp_secret: str | None = None
    totp_offered: str | None = None
    totp_step: int = 0
    recovery_sha256: tuple[str, ...] = ()

    @property
    def memberships(self) -> dict[str, Membership]:
        """Every farm that they belong to."""
        if self.farms or not self.farm:
            return self.farms
        return {self.farm: Membership(Role.OWNER, None, self.created_at)}


class Session(Record, frozen=True):
    """A signed-in browser, found by the SHA-256 of its cookie. `generation` is the person's at that time."""

    email: str
    created_at: float
    generation: int = 0
    address: str = ""
    browser: str = ""
    seen_at: float = 0


class ProviderTrip(Record, frozen=True):
    """A browser is on its way to the provider; it comes back with the secret of this SHA-256."""

    browser_sha256: str


class IdentityLink(Record, frozen=True):
    """Leads from a provider's subject to an account; counts if `Person.identity` says the same."""

    email: str


class Ticket(Record, frozen=True):
    """Opens one socket for one farm, once, for as long as the session lasts."""

    farm: str
    email: str
    session: str


class Connection(Record, frozen=True):
    """An open socket; `farm` says whose changes go to it, and it ends with its `session` and its seat.

    `clients` as in `Membership`.
    """

    farm: str
    connection: str
    email: str
    session: str
    clients: tuple[str, ...] | None = None

    def sees(self, client: str | None) -> bool:
        """Whether machines of `client` are shown there."""
        return self.clients is None or client in self.clients


class Members(Record, frozen=True):
    """Who belongs to a farm, by e-mail address; each one's own item says the same."""

    members: dict[str, Membership] = msgspec.field(default_factory=dict)


class Invitation(Record, frozen=True):
    """Lets one more person into a farm; whoever holds a secret of it finds it by an `InvitationLink`.

    It holds for the term as owner, which began at `since`, of whoever made it.
    """

    invitation: str
    email: str | None
    role: Role
    clients: tuple[str, ...] | None
    invited_by: str
    created_at: float
    expires_at: float
    since: int = 0


class InvitationLink(Record, frozen=True):
    """Leads from the SHA-256 of a secret, or from an address, to an invitation.

    `mailed`: the secret stood in a letter alone, so that it proves the address.
    """

    farm: str
    invitation: str
    mailed: bool = False


class ApiToken(Record, frozen=True):
    """A key of a member for programs. Of its secret only the SHA-256 is kept."""

    token: str
    name: str
    email: str
    secret_sha256: str
    role: Role
    clients: tuple[str, ...] | None
    created_at: float
    expires_at: float


class AuditEntry(Record, frozen=True):
    """A line of the audit log, as in `wire.people.AuditLine`; `before` and `after` as JSON."""

    number: int
    at: float
    by: str
    address: str
    action: str
    thing: str
    before: msgspec.Raw
    after: msgspec.Raw
    previous: str
    sha256: str


class AuditHead(Record, frozen=True):
    """The end of an audit log: the number and digest of its last line."""

    number: int = 0
    sha256: str = ""
