"""`edge-sentry enrol`: checks the address and the token with the commander and remembers who we are."""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass
from pathlib import Path

from edge_sentry.agent.moment import system_now
from edge_sentry.collectors import hardware
from edge_sentry.commands import console
from edge_sentry.playbooks.kept import load_kept, pinned, save_kept
from edge_sentry.settings.folder import SettingsError, prepare
from edge_sentry.settings.identity import Identity, load_identity, save_identity
from edge_sentry.settings.loading import Unreadable
from edge_sentry.settings.lock import running_pid
from edge_sentry.settings.sequence import start_sequence
from edge_sentry.settings.version import program_version
from wire.messages import AgentKind, Enrolment, EnrolmentReply
from wire.uplink.address import commander_url
from wire.uplink.client import CommanderClient, checked_token
from wire.uplink.clock import ServerClock, clock_warning
from wire.uplink.failure import FailureKind, UplinkFailure

WRONG_KIND = (
    "This token belongs to an ASIC edge, not to a rig. "
    "Create an agent of type CPU/GPU in the dashboard and use its token."
)


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wish:
    """What was given on the command line."""

    url: str | None
    token: str | None
    allow_http: bool
    force: bool


def enrol(folder: Path, wish: Wish) -> int:
    """Exit code; raises SettingsError or UplinkFailure with a sentence for the person."""
    given = _completed(wish)
    if given is None:
        return 2
    url, token = commander_url(given[0], allow_http=wish.allow_http), checked_token(given[1])
    prepare(folder)
    _check_replaceable(folder, token, force=wish.force)
    identity, reply = _enrolled(url, token, allow_http=wish.allow_http)
    _remember(folder, identity, reply)
    console.say(f"Enrolled as {identity.name} at farm {identity.farm_name}. {_next_step(folder)}")
    return 0


def enrolled_anew(folder: Path, identity: Identity) -> Identity:
    """The same agent in a new epoch; raises UplinkFailure.

    Where that cannot be written down the epoch is good until the end of the process: the next one
    will see that its spool is of a later epoch, and enrol again.
    """
    renewed, reply = _enrolled(identity.url, identity.token, allow_http=identity.allow_http)
    try:
        _remember(folder, renewed, reply)
    except SettingsError as error:
        log.warning("%s", error)
    return renewed


def _enrolled(url: str, token: str, *, allow_http: bool) -> tuple[Identity, EnrolmentReply]:
    reply, machine = _contact(url, token, allow_http)
    identity = Identity(
        url=url,
        token=token,
        allow_http=allow_http,
        farm=reply.farm,
        farm_name=reply.farm_name,
        agent=reply.agent,
        machine=machine,
        epoch=reply.epoch,
        name=reply.name,
    )
    return identity, reply


def _remember(folder: Path, identity: Identity, reply: EnrolmentReply) -> None:
    # In this order: a crash in between leaves numbers too high, never numbers used before.
    _pin(folder, reply)
    save_identity(folder, identity)
    start_sequence(folder)


def _pin(folder: Path, reply: EnrolmentReply) -> None:
    """Keeps the commander's key, by which documents are believed from now on. Raises SettingsError."""
    try:
        before = load_kept(folder)
    except Unreadable as error:
        log.warning("%s; the key that the commander gives now is pinned", error)
        before = None
    kept = pinned(before, reply)
    if kept is None or kept == before:
        return
    try:
        save_kept(folder, kept)
    except OSError as error:
        raise SettingsError(f"Cannot keep the commander's key in {folder}: {error.strerror}.") from error


def _completed(wish: Wish) -> tuple[str, str] | None:
    """Address and token, asked for where they lack; None, with words, when nobody can be asked."""
    if not console.can_ask():
        missing = [name for name, given in (("--url", wish.url), ("--token", wish.token)) if not given]
        if missing:
            console.warn(f"Missing: {' and '.join(missing)}. Both stand in the dashboard's command.")
            return None
    url = wish.url or console.ask("Address of the commander: ")
    token = wish.token or console.ask_secret("Token of this agent (not shown): ")
    return url, token


def _check_replaceable(folder: Path, token: str, *, force: bool) -> None:
    """One agent has one token: another token is another agent."""
    if force:
        return
    before = load_identity(folder)
    if before is None or before.token == token:
        return
    already = f"This machine is already enrolled as {before.name} at farm {before.farm_name}."
    if console.can_ask() and console.ask(f"{already} Replace that? [y/N] ").lower() in {"y", "yes"}:
        return
    raise SettingsError(f"{already} Add --force to replace that.")


def _contact(url: str, token: str, allow_http: bool) -> tuple[EnrolmentReply, str]:
    client = CommanderClient(url, token, allow_http=allow_http)
    sent = system_now()
    try:
        reply = client.enrol(
            Enrolment(
                kind=AgentKind.CPU_GPU,
                agent_version=program_version(),
                hostname=socket.gethostname()[:200],
                sent_at=round(sent.wall, 3),
                hardware=hardware.evidence(),
            )
        )
    except UplinkFailure as failure:
        if failure.kind is FailureKind.WRONG_KIND:
            raise UplinkFailure(FailureKind.WRONG_KIND, WRONG_KIND) from failure
        raise
    if reply.machine is None:
        raise UplinkFailure(FailureKind.WRONG_KIND, WRONG_KIND)
    clock = ServerClock()
    received = system_now()
    clock.learn(sent, received, reply.server_at)
    if clock.is_off(received):
        console.warn(f"Warning: {clock_warning(clock.offset_s(received) or 0.0)}")
    return reply, reply.machine


def _next_step(folder: Path) -> str:
    pid = running_pid(folder)
    if pid is None:
        return "Start it with: edge-sentry run"
    return f"It runs already (pid {pid}) under its former enrolment: restart it."
