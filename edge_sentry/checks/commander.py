"""Checks of the way to the commander. None of them sends a report or the token."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from edge_sentry.checks.finding import Finding, bad, ok, skipped, warning
from edge_sentry.checks.sight import Sight
from edge_sentry.settings.folder import SettingsError
from edge_sentry.settings.identity import Identity, load_identity
from edge_sentry.settings.status import load_status
from wire.uplink.address import is_loopback
from wire.uplink.clock import CLOCK_OFF_S, clock_warning
from wire.uplink.failure import FailureKind, UplinkFailure
from wire.uplink.inquiry import Answer

_NO_COMMANDER = "not enrolled, so there is no commander to ask"
# As the commander judges: offline after 2.5 intervals, at least 30 s.
_OFFLINE_INTERVALS = 2.5
_OFFLINE_AT_LEAST_S = 30.0


def resolves(sight: Sight) -> Finding:
    """The name of the commander has an address."""
    identity = _identity(sight)
    if identity is None:
        return skipped(_NO_COMMANDER)
    host = urlsplit(identity.url).hostname or ""
    try:
        addresses = sight.eyes.resolve(host)
    except OSError:
        return bad(
            f"the name {host} does not resolve", "Check the network and its name server (/etc/resolv.conf)."
        )
    return ok(f"{host} is {', '.join(addresses[:3])}")


def tls(sight: Sight) -> Finding:
    """The connection is encrypted and the certificate is good."""

    def judged(answer: Answer, identity: Identity) -> Finding:
        if answer.encrypted:
            return ok("the certificate is good")
        if is_loopback(urlsplit(identity.url).hostname or ""):
            return ok("not needed: the commander is on this computer")
        return warning(
            "the connection is not encrypted", "Everything, the token too, can be read on the way."
        )

    return _asked(sight, FailureKind.TLS_FAILED, judged)


def answers(sight: Sight) -> Finding:
    """A commander is there."""
    return _asked(sight, None, lambda _, identity: ok(f"{identity.url} is a commander"))


def clock(sight: Sight) -> Finding:
    """This machine's clock against the commander's."""

    def judged(answer: Answer, _: Identity) -> Finding:
        if answer.offset_s is None:
            return skipped("the answer has no date")
        if abs(answer.offset_s) > CLOCK_OFF_S:
            return warning(
                clock_warning(answer.offset_s),
                "Switch time synchronisation on: sudo timedatectl set-ntp true",
            )
        return ok(f"within {max(abs(answer.offset_s), 1):.0f} s of the commander's")

    return _asked(sight, FailureKind.BUSY, judged)


def token(sight: Sight) -> Finding:
    """By what became of the last report: nothing is sent for this check."""
    status = load_status(sight.folder)
    if status is None or (status.accepted_at is None and status.failed_at is None):
        return skipped("the sentry has not reported yet")
    if status.not_accepted:
        return bad(
            status.failure or "refused", "Add a sentry in the dashboard and run its command with --force."
        )
    if status.accepted_at is None:
        return skipped(f"no report has arrived yet: {status.failure or 'no reason known'}")
    age_s = sight.now - status.accepted_at
    if age_s > max(_OFFLINE_INTERVALS * status.report_interval_s, _OFFLINE_AT_LEAST_S):
        return warning(
            f"the last report was accepted {age_s / 60:,.0f} min ago",
            status.failure or "Is the sentry running?",
        )
    return ok(f"the last report was accepted {max(age_s, 0):.0f} s ago")


def _identity(sight: Sight) -> Identity | None:
    try:
        return load_identity(sight.folder)
    except SettingsError:
        return None


def _asked(sight: Sight, kind: FailureKind | None, judged: Callable[[Answer, Identity], Finding]) -> Finding:
    """A failure is told once: by the check of its `kind`, else by that without one."""
    identity = _identity(sight)
    if identity is None:
        return skipped(_NO_COMMANDER)
    try:
        return judged(sight.eyes.ask(identity), identity)
    except UplinkFailure as failure:
        tells = failure.kind is kind or (kind is None and failure.kind is not FailureKind.TLS_FAILED)
        if kind is FailureKind.BUSY or not tells:
            return skipped("the commander could not be asked")
        return bad(failure.sentence, "Mining and sampling go on meanwhile; samples are kept and sent later.")
