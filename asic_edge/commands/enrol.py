"""`asic-edge enrol`: checks the address and the token with the commander and remembers who we are."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from pathlib import Path

from asic_edge.agent.sequence import Sequence
from asic_edge.commands import console
from asic_edge.commands.console import Person
from asic_edge.commands.words import GOOD, USAGE
from asic_edge.settings.folder import SettingsError, prepare
from asic_edge.settings.identity import Identity, load_identity, save_identity
from asic_edge.settings.lock import is_running
from asic_edge.settings.version import program_version
from wire.messages import AgentKind, Enrolment, EnrolmentReply
from wire.uplink.address import commander_url
from wire.uplink.client import CommanderClient, checked_token
from wire.uplink.clock import Moment, ServerClock, clock_warning
from wire.uplink.failure import FailureKind, UplinkFailure

WRONG_KIND = (
    "This token belongs to a rig's sentry, not to an ASIC edge. "
    "Create a sentry of type ASIC in the dashboard and use its token."
)


@dataclass(frozen=True)
class Wish:
    """What was given on the command line."""

    url: str | None
    token: str | None
    allow_http: bool
    force: bool


def enrol(folder: Path, wish: Wish, person: Person) -> int:
    """Exit code; raises SettingsError or UplinkFailure with a sentence for the person."""
    given = _completed(wish, person)
    if given is None:
        return USAGE
    if folder.is_dir() and is_running(folder):
        raise SettingsError(f"asic-edge runs on {folder}. Stop it, then enrol and start it again.")
    url, token = commander_url(given[0], allow_http=wish.allow_http), checked_token(given[1])
    prepare(folder)
    if not wish.force:
        _check_replaceable(folder, token, person)
    reply = _contact(url, token, allow_http=wish.allow_http)
    _remember(folder, url, token, reply, allow_http=wish.allow_http)
    console.say(
        f"Enrolled as {reply.name} at farm {reply.farm_name}. Find devices with: asic-edge scan RANGE --add"
    )
    return GOOD


def enrolled_anew(folder: Path, identity: Identity) -> int:
    """The epoch in which the same agent begins anew; raises UplinkFailure, SettingsError."""
    reply = _contact(identity.url, identity.token, allow_http=identity.allow_http)
    _remember(folder, identity.url, identity.token, reply, allow_http=identity.allow_http)
    return reply.epoch


def _remember(folder: Path, url: str, token: str, reply: EnrolmentReply, *, allow_http: bool) -> None:
    """The sequence first: interrupted in between, the epoch is not known and the next `run` enrols anew."""
    Sequence(folder).begin(reply.epoch)
    identity = Identity(
        url=url,
        token=token,
        allow_http=allow_http,
        farm=reply.farm,
        farm_name=reply.farm_name,
        agent=reply.agent,
        epoch=reply.epoch,
        name=reply.name,
    )
    save_identity(folder, identity)


def _completed(wish: Wish, person: Person) -> tuple[str, str] | None:
    """Address and token, asked for where they lack; None, with words, when nobody can be asked."""
    if not person.is_there():
        missing = [name for name, given in (("--url", wish.url), ("--token", wish.token)) if not given]
        if missing:
            console.warn(f"Missing: {' and '.join(missing)}. Both stand in the dashboard's command.")
            return None
    url = wish.url or person.ask("Address of the commander: ")
    token = wish.token or person.ask_secret("Token of this agent (not shown): ")
    return url, token


def _check_replaceable(folder: Path, token: str, person: Person) -> None:
    """One agent has one token: another token is another agent."""
    before = load_identity(folder)
    if before is None or before.token == token:
        return
    already = f"This computer is already enrolled as {before.name} at farm {before.farm_name}."
    if not console.agrees(person, f"{already} Replace that?"):
        raise SettingsError(f"{already} Add --force to replace that.")


def _contact(url: str, token: str, *, allow_http: bool) -> EnrolmentReply:
    client = CommanderClient(url, token, allow_http=allow_http)
    sent = _now()
    enrolment = Enrolment(
        kind=AgentKind.ASIC,
        agent_version=program_version(),
        hostname=socket.gethostname()[:200],
        sent_at=round(sent.wall, 3),
    )
    try:
        reply = client.enrol(enrolment)
    except UplinkFailure as failure:
        if failure.kind is FailureKind.WRONG_KIND:
            raise UplinkFailure(FailureKind.WRONG_KIND, WRONG_KIND) from failure
        raise
    if reply.machine is not None:
        raise UplinkFailure(FailureKind.WRONG_KIND, WRONG_KIND)
    _warn_of_clock(sent, reply.server_at)
    return reply


def _warn_of_clock(sent: Moment, server_at: float) -> None:
    clock, received = ServerClock(), _now()
    clock.learn(sent, received, server_at)
    if clock.is_off(received):
        console.warn(f"Warning: {clock_warning(clock.offset_s(received) or 0.0)}")


def _now() -> Moment:
    return Moment(time.time(), time.monotonic())
