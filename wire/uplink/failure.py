"""Why a commander could not be spoken to, in a word for programs and a sentence for people."""

from __future__ import annotations

from enum import StrEnum


class FailureKind(StrEnum):
    """What went wrong; what an agent does about it is in `wire.uplink.courier`."""

    BAD_ADDRESS = "bad_address"
    NO_TLS = "no_tls"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls_failed"
    NOT_A_COMMANDER = "not_a_commander"
    TOKEN_WRONG = "token_wrong"  # noqa: S105 - the name of a failure, no secret
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - the name of a failure, no secret
    WRONG_KIND = "wrong_kind"
    OTHER_MACHINE = "other_machine"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    CLOCK_AHEAD = "clock_ahead"
    BUSY = "busy"


NOT_ACCEPTED = frozenset(
    {
        FailureKind.TOKEN_WRONG,
        FailureKind.TOKEN_REVOKED,
        FailureKind.WRONG_KIND,
        FailureKind.OTHER_MACHINE,
    }
)


class UplinkFailure(Exception):
    """A request that got no good answer. Never holds a token.

    `sentence` may be shown to anyone, `field` is the path of what a commander refused or "",
    `retry_after_s` the pause that it asked for, `server_at` its clock where ours was too far ahead.
    `never_arrived`: no commander can have seen the request.
    """

    def __init__(
        self,
        kind: FailureKind,
        sentence: str,
        *,
        field: str = "",
        retry_after_s: float | None = None,
        server_at: float | None = None,
        never_arrived: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.field = field
        self.retry_after_s = retry_after_s
        self.server_at = server_at
        self.never_arrived = never_arrived
