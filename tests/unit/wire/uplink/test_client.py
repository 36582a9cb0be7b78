"""The client against a real HTTP server: what succeeds, and what each failure is called."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NameResolutionError

from tests.fakes.commander import TOKEN, Answer, FakeCommander, refusal, serving
from tests.unit.wire.reports import report
from tests.unit.wire.uplink.certificates import self_signed
from wire.codec import MAX_SENT_BYTES
from wire.edge import RosterBatch, RosterEntry, RosterTelling, Seat
from wire.messages import AgentKind, Enrolment
from wire.uplink.answers import failure_of_error
from wire.uplink.client import CommanderClient
from wire.uplink.failure import NOT_ACCEPTED, FailureKind, UplinkFailure

ENROLMENT = Enrolment(AgentKind.CPU_GPU, "1", "rig", 5.0)


@pytest.fixture
def commander() -> Iterator[FakeCommander]:
    with serving(FakeCommander()) as served:
        yield served


def client_of(commander: FakeCommander, token: str = TOKEN) -> CommanderClient:
    return CommanderClient(commander.url, token, timeout_s=10)


def failure_of(client: CommanderClient) -> UplinkFailure:
    with pytest.raises(UplinkFailure) as caught:
        client.report(report())
    assert TOKEN not in f"{caught.value!r} {caught.value} {caught.value.sentence}"
    return caught.value


def test_enrolment_and_report_arrive(commander: FakeCommander) -> None:
    client = client_of(commander)
    assert client.enrol(ENROLMENT).machine == "machine1"
    assert client.report(report(sequence=7)).sequence == 7
    assert commander.enrolments == [ENROLMENT]
    assert commander.reports == [report(sequence=7)]


def test_a_roster_is_told_and_seats_come_back(commander: FakeCommander) -> None:
    entry = RosterEntry(number=7, added_at=1.0, name="rack-7")
    reply = client_of(commander).tell_roster(RosterTelling(1, (RosterBatch(0, (entry,)),)))
    assert reply.seats == (Seat(7, "m7", reads=True),)
    commander.scripted.append(refusal(409, "wrong_kind"))
    with pytest.raises(UplinkFailure) as caught:
        client_of(commander).tell_roster(RosterTelling(1, (RosterBatch(0, ()),)))
    assert caught.value.kind is FailureKind.WRONG_KIND


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refusal(401, "token_wrong"), FailureKind.TOKEN_WRONG),
        (refusal(403, "token_revoked"), FailureKind.TOKEN_REVOKED),
        (refusal(403, "agent_deleted"), FailureKind.TOKEN_REVOKED),
        (refusal(409, "wrong_kind"), FailureKind.WRONG_KIND),
        (refusal(409, "something_new"), FailureKind.WRONG_KIND),
        (refusal(409, "try_again"), FailureKind.BUSY),
        (refusal(409, "another_machine"), FailureKind.OTHER_MACHINE),
        (refusal(409, "enrolled_again"), FailureKind.OTHER_MACHINE),
        (Answer(409, b"<html>"), FailureKind.NOT_A_COMMANDER),
        (refusal(404, "machine_unknown"), FailureKind.REFUSED),
        (refusal(400, "bad_json"), FailureKind.REFUSED),
        (refusal(413, "body_too_large"), FailureKind.TOO_LARGE),
        (Answer(413, b"<html>"), FailureKind.TOO_LARGE),
        (refusal(415, "unsupported_media_type"), FailureKind.REFUSED),
        (refusal(422, "bad_value"), FailureKind.REFUSED),
        (refusal(422, "clock_ahead"), FailureKind.REFUSED),
        (refusal(422, "clock_ahead", server_at=5.0), FailureKind.CLOCK_AHEAD),
        (refusal(429, "slow_down"), FailureKind.BUSY),
        (Answer(502, b"<html>"), FailureKind.BUSY),
        (Answer(404, b"<html>not here"), FailureKind.NOT_A_COMMANDER),
        (Answer(401, b"log in first"), FailureKind.NOT_A_COMMANDER),
        (Answer(302, b"", {"Location": "https://elsewhere.example/"}), FailureKind.NOT_A_COMMANDER),
        (Answer(200, b"<html>hello"), FailureKind.NOT_A_COMMANDER),
        (Answer(200, b"{}"), FailureKind.NOT_A_COMMANDER),
        (Answer(200, b"x" * (MAX_SENT_BYTES + 1)), FailureKind.NOT_A_COMMANDER),
        (Answer(204), FailureKind.NOT_A_COMMANDER),
    ],
)
def test_each_answer_has_its_kind(commander: FakeCommander, answer: Answer, kind: FailureKind) -> None:
    commander.scripted.append(answer)
    failure = failure_of(client_of(commander))
    assert failure.kind is kind
    assert failure.sentence.endswith((".", "right?"))
    assert commander.requests == 1


def test_a_refusal_carries_its_reason_and_field(commander: FakeCommander) -> None:
    commander.scripted.append(refusal(422, "bad_value", "Too\x1b[2J hot.", field="machines[0].at"))
    failure = failure_of(client_of(commander))
    assert failure.field == "machines[0].at"
    assert failure.sentence == "The commander refused it: Too [2J hot."


@pytest.mark.parametrize("code", ["another_machine", "enrolled_again"])
def test_a_machine_with_anothers_token_is_told_what_to_do(commander: FakeCommander, code: str) -> None:
    commander.scripted.append(refusal(409, code, "'rig-1' has\x1b other hardware."))
    sentence = failure_of(client_of(commander)).sentence
    assert sentence.startswith(
        "'rig-1' has  other hardware. "
        "Create a sentry for this machine in the dashboard and run the enrol command that it gives."
    )
    assert ("restart its agent" in sentence) == (code == "enrolled_again")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal(403, "agent_deleted", "'rig-1' was deleted."), "'rig-1' was deleted."),
        (refusal(403, "agent_deleted", ""), "This token was revoked"),
        (refusal(409, "wrong_kind", "Said otherwise."), "This token belongs to an agent of another type."),
        (refusal(409, "another_machine", ""), "Create a sentry for this machine"),
        (refusal(401, "token_wrong", "Said otherwise."), "The commander does not know this token."),
    ],
)
def test_who_is_not_accepted_reads_why(commander: FakeCommander, answer: Answer, words: str) -> None:
    commander.scripted.append(answer)
    failure = failure_of(client_of(commander))
    assert failure.sentence.startswith(words)
    assert failure.kind in NOT_ACCEPTED


def test_a_quoted_token_is_left_out(commander: FakeCommander) -> None:
    commander.scripted.append(refusal(422, "bad_value", f"Got {TOKEN}."))
    assert "(the token)" in failure_of(client_of(commander)).sentence


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("999999", 3600.0),
        ("-1", None),
        ("soon", None),
        ("²", None),
        ("1.5", None),
    ],
)
def test_retry_after_is_read_within_bounds(
    commander: FakeCommander, header: str, seconds: float | None
) -> None:
    commander.scripted.append(Answer(503, b"", {"Retry-After": header.encode().decode("latin-1")}))
    assert failure_of(client_of(commander)).retry_after_s == seconds


def test_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        failure = failure_of(CommanderClient(url, TOKEN))
    assert failure.kind is FailureKind.UNREACHABLE
    assert "connection refused" in failure.sentence


def test_no_answer_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        failure = failure_of(CommanderClient(url, TOKEN, timeout_s=0.05))
    assert failure.kind is FailureKind.UNREACHABLE
    assert "no answer in time" in failure.sentence


def test_a_name_that_does_not_resolve() -> None:
    # Made by hand: a real look-up would leave this machine.
    connection = HTTPConnection("rigs.example")
    error = NameResolutionError("rigs.example", connection, socket.gaierror(-2, "unknown"))
    failure = failure_of_error("rigs.example", error)
    assert failure.kind is FailureKind.UNREACHABLE
    assert failure.sentence == "Cannot reach rigs.example: the name does not resolve."


def test_a_certificate_that_nobody_signed_fails(tmp_path: Path) -> None:
    _, context = self_signed(tmp_path)
    with serving(FakeCommander(), tls=context) as commander:
        failure = failure_of(client_of(commander))
    assert failure.kind is FailureKind.TLS_FAILED
    assert "not signed by an authority that this machine trusts" in failure.sentence
    assert commander.requests == 0


@pytest.mark.parametrize(
    ("starts_in", "words"),
    [(timedelta(days=30), "not valid yet"), (timedelta(days=-30), "has expired")],
)
def test_a_certificate_out_of_its_time_points_to_the_clock(
    tmp_path: Path, starts_in: timedelta, words: str
) -> None:
    file, context = self_signed(tmp_path, starts_in=starts_in)
    pool = urllib3.PoolManager(ca_certs=str(file), cert_reqs="CERT_REQUIRED")
    with serving(FakeCommander(), tls=context) as commander:
        failure = failure_of(CommanderClient(commander.url, TOKEN, pool=pool))
    assert failure.kind is FailureKind.TLS_FAILED
    assert words in failure.sentence
    assert "clock" in failure.sentence


def test_a_trusted_certificate_works(tmp_path: Path) -> None:
    file, context = self_signed(tmp_path)
    with (
        urllib3.PoolManager(ca_certs=str(file), cert_reqs="CERT_REQUIRED") as pool,
        serving(FakeCommander(), tls=context) as commander,
    ):
        CommanderClient(commander.url, TOKEN, pool=pool).report(report())
    assert len(commander.reports) == 1


def test_tls_to_a_server_without_it(commander: FakeCommander) -> None:
    failure = failure_of(CommanderClient(commander.url.replace("http:", "https:"), TOKEN))
    assert failure.kind is FailureKind.TLS_FAILED
    assert "without TLS" in failure.sentence


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "ä", "x" * 513])
def test_an_impossible_token_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(UplinkFailure) as caught:
        CommanderClient("https://rigs.example", token)
    assert caught.value.kind is FailureKind.TOKEN_WRONG
    assert not token or token not in caught.value.sentence.replace("a character", "")


def test_the_repr_hides_the_token() -> None:
    assert repr(CommanderClient("https://rigs.example", TOKEN)) == "CommanderClient('https://rigs.example')"
