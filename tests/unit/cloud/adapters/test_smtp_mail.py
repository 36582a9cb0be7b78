"""Letters reach a real SMTP server whole, over TLS, and nothing else goes with them."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.adapters.smtp_mail import SmtpMail
from cloud.ports import Letter, LetterRefused, MailUnavailable
from cloud.settings import MailSecurity, MailServer
from tests.deploy.certificate import write_certificate
from tests.fakes.mail_server import PASSWORD, USER, Received, mail_server
from tests.fakes.time_and_chance import FakeClock

SENDER = "rigs@example.test"
LETTER = Letter(
    "ann@example.test", "A new password", "Öffne diesen Link:\n\nhttps://rigs.test/#/reset/x\n.\nEnd\n"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def ours(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture(scope="module")
def trusted(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


@pytest.fixture(scope="module")
def plain() -> Iterator[tuple[Received, int]]:
    with mail_server() as server:
        yield server


def _mail(
    port: int, security: MailSecurity = MailSecurity.NONE, user: str = "", password: str = ""
) -> SmtpMail:
    return SmtpMail(MailServer(security, "127.0.0.1", port, user, password), SENDER, FakeClock())


def test_letter_arrives_as_it_was_written(plain: tuple[Received, int]) -> None:
    received, port = plain
    _mail(port).send(LETTER)
    letter, envelope = received.letters[-1], received.envelopes[-1]
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, [LETTER.to])
    assert (letter["To"], letter["Subject"]) == (LETTER.to, LETTER.subject)
    assert letter["From"] == f"Rig Commander <{SENDER}>"
    assert letter["Date"] == "Fri, 15 Jan 2027 08:00:00 +0000"
    assert letter["Message-ID"].endswith("@example.test>")
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text


@pytest.mark.parametrize("to", ["é@ü.test", "ann+rigs@example.test", "x" * 64 + "@example.test"])
def test_addresses_of_many_kinds(plain: tuple[Received, int], to: str) -> None:
    received, port = plain
    _mail(port).send(Letter(to, "Hello", "text"))
    assert received.envelopes[-1].rcpt_tos == [to]


@pytest.mark.parametrize(
    "to",
    [
        "",
        "ann",
        "ann@",
        "@example.test",
        "ann@example.test, bob@example.test",
        "ann@example.test\nBcc: bob@example.test",
        "ann@example.test\r\nRCPT TO:<bob@example.test>",
        "<ann@example.test> SIZE=1",
        "Ann <ann@example.test>",
        "ann@example.test\x00",
    ],
)
def test_hostile_addresses_get_no_letter_and_bring_no_other(plain: tuple[Received, int], to: str) -> None:
    received, port = plain
    before = len(received.letters)
    with pytest.raises(LetterRefused) as caught:
        _mail(port).send(Letter(to, "Hello", "text"))
    assert caught.value.for_good
    assert len(received.letters) == before
    assert "bob" not in str(caught.value)


def test_subject_is_one_line(plain: tuple[Received, int]) -> None:
    with pytest.raises(LetterRefused):
        _mail(plain[1]).send(Letter(LETTER.to, "Hello\nBcc: bob@example.test", "text"))


def test_refused_recipient_is_told_without_the_address(plain: tuple[Received, int]) -> None:
    received, port = plain
    received.refused.add("gone@example.test")
    with pytest.raises(LetterRefused) as caught:
        _mail(port).send(Letter("gone@example.test", "Hello", "text"))
    assert (str(caught.value), caught.value.for_good) == ("SMTPRecipientsRefused 550", True)


def test_a_letter_that_may_be_taken_later_is_told_from_a_server_that_takes_none() -> None:
    with mail_server() as (received, port):
        received.answers = {"later@example.test": "450 come again", "busy@example.test": "421 closing"}
        with pytest.raises(LetterRefused) as later:
            _mail(port).send(Letter("later@example.test", "Hello", "text"))
        with pytest.raises(MailUnavailable, match="SMTPRecipientsRefused 421"):
            _mail(port).send(Letter("busy@example.test", "Hello", "text"))
        received.after_text = "554 too many today"
        with pytest.raises(LetterRefused) as text:
            _mail(port).send(LETTER)
    assert (str(later.value), later.value.for_good) == ("SMTPRecipientsRefused 450", False)
    assert (str(text.value), text.value.for_good) == ("SMTPDataError 554", False)


def test_tls_from_the_first_byte(ours: ssl.SSLContext, trusted: ssl.SSLContext) -> None:
    with mail_server(tls=ours) as (received, port):
        server = MailServer(MailSecurity.TLS, "127.0.0.1", port, USER, PASSWORD)
        SmtpMail(server, SENDER, FakeClock(), trusted).send(LETTER)
        assert len(received.letters) == 1
        with pytest.raises(MailUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
            SmtpMail(server, SENDER, FakeClock()).send(LETTER)
        wrong = MailServer(MailSecurity.TLS, "127.0.0.1", port, USER, "wrong password")
        with pytest.raises(MailUnavailable) as caught:
            SmtpMail(wrong, SENDER, FakeClock(), trusted).send(LETTER)
        assert str(caught.value) == "SMTPAuthenticationError 535"
        assert len(received.letters) == 1


def test_starttls_before_anything_is_told(ours: ssl.SSLContext, trusted: ssl.SSLContext) -> None:
    with mail_server(starttls=ours) as (received, port):
        server = MailServer(MailSecurity.STARTTLS, "127.0.0.1", port, USER, PASSWORD)
        SmtpMail(server, SENDER, FakeClock(), trusted).send(LETTER)
        assert len(received.letters) == 1
        with pytest.raises(MailUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
            SmtpMail(server, SENDER, FakeClock()).send(LETTER)
        assert len(received.letters) == 1


def test_server_that_offers_no_tls_is_told_nothing(plain: tuple[Received, int]) -> None:
    with pytest.raises(MailUnavailable, match="SMTPNotSupportedError"):
        _mail(plain[1], MailSecurity.STARTTLS, USER, PASSWORD).send(LETTER)


def test_server_that_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(MailUnavailable, match="refused"):
        _mail(port).send(LETTER)


def test_server_that_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer(MailSecurity.NONE, "127.0.0.1", silent.getsockname()[1], "", "")
        with pytest.raises(MailUnavailable, match=r"TimeoutError|timed out"):
            SmtpMail(server, SENDER, FakeClock(), timeout_s=0.2).send(LETTER)


def test_password_is_not_in_what_is_printed() -> None:
    server = MailServer(MailSecurity.TLS, "127.0.0.1", 465, USER, PASSWORD)
    assert PASSWORD not in repr(server)
