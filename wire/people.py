"""What the commander and the page say about people: who they are, where they belong, what they did.

The farm that a request is about stands in the header `Rig-Farm`; who belongs to one farm alone, and an
API token, need not send it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from wire.shapes import Message

FARM_HEADER = "Rig-Farm"

Email = Annotated[str, Meta(max_length=320)]
Password = Annotated[str, Meta(max_length=1024)]
Code = Annotated[str, Meta(max_length=32)]
Secret = Annotated[str, Meta(max_length=200)]
"""Of a link; one that was cut or has more at its end is refused as an unknown one is."""
Name = Annotated[str, Meta(max_length=200)]
Clients = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...], Meta(max_length=50)]


class Role(StrEnum):
    """What a member may do: look; also change; also decide who belongs to the farm."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    OWNER = "owner"


class Credentials(Message, frozen=True):
    """From the page: signing in. `code` is of the second factor, or a recovery code, where one is on."""

    email: Email
    password: Password
    code: Code = ""


class SignInOptions(Message, frozen=True):
    """How one can sign in here: `provider` names an OpenID Connect provider; `mail`: letters can be sent."""

    provider: str | None
    mail: bool


class FarmSeat(Message, frozen=True):
    """A farm that somebody belongs to. `clients`: whose machines alone they see there, None for all."""

    farm: str
    name: str
    role: Role
    clients: tuple[str, ...] | None = None


class SessionView(Message, frozen=True):
    """Who is signed in, and where they belong, by the farm's name.

    `provider`: the OpenID Connect provider by which they may sign in, None if by none.
    """

    email: str
    farms: list[FarmSeat]
    second_factor: bool = False
    has_password: bool = True
    provider: str | None = None


class SessionRow(Message, frozen=True):
    """A signed-in browser. `seen_at` is right to the hour; `browser` is what it calls itself."""

    session: str
    created_at: float
    seen_at: float
    address: str
    browser: str
    current: bool


class SessionList(Message, frozen=True):
    """Where somebody is signed in, the last seen first."""

    sessions: list[SessionRow]


class PasswordChange(Message, frozen=True):
    """From the page: another password; every other session ends."""

    old: Password
    new: Password


class PasswordForgotten(Message, frozen=True):
    """From the page: somebody asks for a letter with a link to `#/reset/<secret>`."""

    email: Email


class PasswordReset(Message, frozen=True):
    """From the page: the secret of such a link, and the password that shall count."""

    secret: Secret
    new: Password


class PasswordProof(Message, frozen=True):
    """From the page: whoever holds an open session must also know the password to turn a second factor on."""

    password: Password


class SecondFactorOffer(Message, frozen=True):
    """A secret that counts once a code proves that it arrived; `rows` are a QR code of `uri`, 1 is dark."""

    secret: str
    uri: str
    rows: list[str]


class SecondFactorProof(Message, frozen=True):
    """From the page: a code of the offered secret."""

    code: Code


class RecoveryCodes(Message, frozen=True):
    """Each replaces one code, once; shown this once."""

    codes: list[str]


class SecondFactorEnd(Message, frozen=True):
    """From the page: no second factor any more."""

    password: Password
    code: Code


class FarmRequest(Message, frozen=True):
    """From the page: a new farm, or another name for one, of 1 to 80 printable letters."""

    name: Name


class MemberView(Message, frozen=True):
    """Somebody who belongs to the farm."""

    member: str
    email: str
    role: Role
    clients: tuple[str, ...] | None
    joined_at: float


class InvitationView(Message, frozen=True):
    """An open invitation; with an `email` only that address can accept it."""

    invitation: str
    email: str | None
    role: Role
    clients: tuple[str, ...] | None
    invited_by: str
    created_at: float
    expires_at: float


class MemberList(Message, frozen=True):
    """Who belongs to the farm, and who is invited; by address."""

    members: list[MemberView]
    invitations: list[InvitationView]


class MemberChange(msgspec.Struct, frozen=True):
    """From the page: what is to be different; what is left out stays. `clients` None: all machines."""

    role: Role | UnsetType = UNSET
    clients: Clients | UnsetType | None = UNSET


class InvitationRequest(Message, frozen=True):
    """From the page: somebody is to join the farm."""

    role: Role
    clients: Clients | None = None
    email: Email | None = None


class NewInvitation(Message, frozen=True):
    """The only time that its link is shown; `mailed`: a letter goes to the address as well."""

    invitation: InvitationView
    link: str
    mailed: bool


class InvitationSecret(Message, frozen=True):
    """From the page: the secret of an invitation's link, `#/invitation/<secret>`."""

    secret: Secret


class InvitationOffer(Message, frozen=True):
    """What an invitation is to; `has_account`: the invited address can sign in here already."""

    farm_name: str
    role: Role
    clients: tuple[str, ...] | None
    invited_by: str
    expires_at: float
    email: str | None
    has_account: bool


class Joining(Message, frozen=True):
    """From the page: a new account for whoever holds the secret."""

    secret: Secret
    email: Email
    password: Password


class ApiTokenRequest(Message, frozen=True):
    """From the page: a token for programs, at most as strong as who asks for it."""

    name: Name
    role: Role
    days: Annotated[int, Meta(ge=1, le=366)]
    clients: Clients | None = None


class ApiTokenView(Message, frozen=True):
    """An API token of a member; it can do no more than `email` can, whatever it says."""

    token: str
    name: str
    email: str
    role: Role
    clients: tuple[str, ...] | None
    created_at: float
    expires_at: float


class ApiTokenList(Message, frozen=True):
    """One's own tokens of the farm; an owner sees everybody's. The newest first."""

    tokens: list[ApiTokenView]


class NewApiToken(Message, frozen=True):
    """The only time that its secret is shown: `Authorization: Bearer <secret>`."""

    token: ApiTokenView
    secret: str


class AuditLine(Message, frozen=True):
    """Who did what to which thing. `before` and `after` hold what differs; None where there is none.

    `sha256` is of `previous` and of all that stands here (cloud.domain.audit), so lines form a chain.
    """

    number: int
    at: float
    by: str
    address: str
    action: str
    thing: str
    before: Any
    after: Any
    previous: str
    sha256: str


class AuditPage(Message, frozen=True):
    """The newest lines first; `next` is the token of the following page, None on the last."""

    lines: list[AuditLine]
    next: str | None
