"""Tells from a commander's answer, or from the error instead of one, what went wrong."""

from __future__ import annotations

import errno
import ssl

import msgspec
import urllib3.exceptions as http

from wire.messages import ErrorBody, ErrorReply
from wire.uplink.failure import FailureKind, UplinkFailure

LONGEST_RETRY_AFTER_S = 3600.0
_LONGEST_QUOTE = 300
_REFUSING = frozenset({400, 413, 415, 422})
_BY_STATUS = {
    401: (
        FailureKind.TOKEN_WRONG,
        "The commander does not know this token. "
        "Copy it again from the dashboard, or create a new agent there.",
    ),
    403: (
        FailureKind.TOKEN_REVOKED,
        "This token was revoked: its agent was deleted in the dashboard. Create a new agent there.",
    ),
    409: (
        FailureKind.WRONG_KIND,
        "This token belongs to an agent of another type. Create one of the right type in the dashboard.",
    ),
}
_ENROL_HERE = "Create a sentry for this machine in the dashboard and run the enrol command that it gives."
_BY_CODE = {
    "another_machine": _ENROL_HERE,
    "enrolled_again": f"{_ENROL_HERE} If it was this machine that was enrolled again, restart its agent.",
}
# OpenSSL's X509_V_ERR_* numbers; the clock is named where a wrong one gives the same error.
_CERTIFICATE_FAULTS = {
    9: "is not valid yet. Check this machine's clock: it may be behind",
    10: "has expired. Check this machine's clock too: it may be ahead",
    62: "was made for another name",
    64: "was made for another address",
}
_UNTRUSTED = "is not signed by an authority that this machine trusts"
_BY_ERRNO = {
    errno.ECONNREFUSED: "nothing listens there (connection refused)",
    errno.EHOSTUNREACH: "there is no route to it",
    errno.ENETUNREACH: "there is no route to it",
    errno.ENETDOWN: "the network is down",
    errno.ECONNRESET: "the connection was reset",
}


def failure_of_answer(where: str, status: int, body: bytes, retry_after: str | None) -> UplinkFailure:
    """The failure that an answer other than 200 means; `where` is the commander's host."""
    error = _error_body(body)
    if status == 429 or status >= 500 or (error is not None and error.code == "try_again"):
        sentence = f"The commander at {where} is busy or unwell (status {status})."
        return UplinkFailure(FailureKind.BUSY, sentence, retry_after_s=_seconds(retry_after))
    if status in _REFUSING or (status == 404 and error is not None):
        reason = quoted(error.message) if error is not None else f"status {status}."
        field = error.field if error is not None else ""
        if error is not None and error.code == "clock_ahead" and error.server_at is not None:
            return UplinkFailure(FailureKind.CLOCK_AHEAD, quoted(error.message), server_at=error.server_at)
        kind = FailureKind.TOO_LARGE if status == 413 else FailureKind.REFUSED
        return UplinkFailure(kind, f"The commander refused it: {reason}", field=field)
    if status in _BY_STATUS and error is not None:
        return _not_accepted(status, error)
    return not_a_commander(where, status)


def _not_accepted(status: int, error: ErrorBody) -> UplinkFailure:
    kind, sentence = _BY_STATUS[status]
    said = quoted(error.message).strip()
    if status == 409 and error.code in _BY_CODE:
        return UplinkFailure(FailureKind.OTHER_MACHINE, f"{said} {_BY_CODE[error.code]}".strip())
    if status == 403 and said:
        return UplinkFailure(kind, said)
    return UplinkFailure(kind, sentence)


def not_a_commander(where: str, status: int) -> UplinkFailure:
    """Something answered, but not in our language: a router's page, a proxy, another service."""
    sentence = f"{where} answers (status {status}), but it is not a commander. Check the address."
    if 300 <= status < 400:
        sentence = f"{where} redirects to another address (status {status}). Use the final address."
    return UplinkFailure(FailureKind.NOT_A_COMMANDER, sentence)


def failure_of_error(where: str, error: http.HTTPError) -> UplinkFailure:
    """The failure that no answer at all means."""
    if isinstance(error, http.SSLError):
        return UplinkFailure(FailureKind.TLS_FAILED, _tls_sentence(where, error), never_arrived=True)
    if isinstance(error, http.LocationValueError):
        return UplinkFailure(FailureKind.BAD_ADDRESS, f"{where} is not a valid host name in an address.")
    sentence = f"Cannot reach {where}: {_network_reason(error)}."
    unconnected = isinstance(error, http.ConnectTimeoutError | http.NameResolutionError)
    return UplinkFailure(FailureKind.UNREACHABLE, sentence, never_arrived=unconnected)


def quoted(text: str) -> str:
    """Foreign text as one short printable line."""
    return "".join(sign if sign.isprintable() else " " for sign in text)[:_LONGEST_QUOTE]


def _network_reason(error: http.HTTPError) -> str:
    if isinstance(error, http.NameResolutionError):
        return "the name does not resolve"
    # NewConnectionError is a ConnectTimeoutError by inheritance: ask for the system's reason first.
    if isinstance(error, http.NewConnectionError):
        return _system_reason(error.__cause__)
    if isinstance(error, http.TimeoutError):
        return "no answer in time"
    if isinstance(error, http.ProtocolError):
        return "the connection broke"
    return f"{type(error).__name__}"


def _system_reason(cause: BaseException | None) -> str:
    number = cause.errno if isinstance(cause, OSError) else None
    return _BY_ERRNO.get(number or 0, "no connection could be made")


def _tls_sentence(where: str, error: http.SSLError) -> str:
    cause = error.args[0] if error.args else None
    if isinstance(cause, ssl.SSLCertVerificationError):
        fault = _CERTIFICATE_FAULTS.get(cause.verify_code, _UNTRUSTED)
        return f"TLS failed: the certificate of {where} {fault}."
    if isinstance(cause, ssl.SSLError) and cause.reason in {
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "RECORD_LAYER_FAILURE",
    }:
        return f"TLS failed: {where} answers, but without TLS. Is the port right?"
    return f"TLS failed: no secure connection to {where} could be agreed on."


def _error_body(body: bytes) -> ErrorBody | None:
    try:
        return msgspec.json.decode(body, type=ErrorReply).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds, bounded; its other form, a date, is not used by a commander."""
    if retry_after is None or not (retry_after.isascii() and retry_after.strip().isdigit()):
        return None
    return min(float(retry_after), LONGEST_RETRY_AFTER_S)
