"""Letters by SMTP, one connection each: they are few."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import ExitStack
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from cloud.ports import Clock, Letter, LetterRefused, MailUnavailable
from cloud.settings import MAIL_ADDRESS, MailSecurity, MailServer

_TIMEOUT_S = 10.0
_CLOSING = 421
_ABOUT_LETTER = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    UnicodeError,
)
"""What a server says of one letter; whatever else it says, it would say of the next as well."""


class SmtpMail:
    """The port `Mail`. Its errors name neither password nor recipient, for they are logged."""

    def __init__(
        self,
        server: MailServer,
        sender: str,
        clock: Clock,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = _TIMEOUT_S,
    ) -> None:
        self._server, self._sender, self._clock = server, sender, clock
        self._tls, self._timeout_s = tls, timeout_s

    def send(self, letter: Letter) -> None:
        message = self._message(letter)
        try:
            with self._connected() as smtp:
                self._hand_over(smtp, message, letter.to)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise MailUnavailable(_told(error)) from None

    def _hand_over(self, smtp: smtplib.SMTP, message: EmailMessage, to: str) -> None:
        try:
            smtp.send_message(message, self._sender, [to])
        except _ABOUT_LETTER as error:
            if _CLOSING not in _codes(error):
                raise LetterRefused(_told(error), for_good=_is_for_good(error)) from None
            raise

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        try:
            message["To"] = _address(letter.to)
            message["From"] = _address(self._sender, "Rig Commander")
            message["Subject"] = letter.subject
        except ValueError:
            reason = "its address or subject cannot be written into a letter"
            raise LetterRefused(reason, for_good=True) from None
        message["Date"] = format_datetime(datetime.fromtimestamp(self._clock(), UTC))
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message

    def _connected(self) -> smtplib.SMTP:
        server, tls = self._server, self._tls or ssl.create_default_context()
        with ExitStack() as unless_done:
            if server.security is MailSecurity.TLS:
                smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=self._timeout_s, context=tls
                )
            else:
                smtp = smtplib.SMTP(server.host, server.port, timeout=self._timeout_s)
            unless_done.callback(smtp.close)
            if server.security is MailSecurity.STARTTLS:
                smtp.starttls(context=tls)
            if server.user:
                smtp.login(server.user, server.password)
            unless_done.pop_all()
        return smtp


def _address(text: str, name: str = "") -> Address:
    """One address and no list of them; raises ValueError."""
    if not re.fullmatch(MAIL_ADDRESS, text) or not text.isprintable():
        raise ValueError("no address")
    user, _, domain = text.rpartition("@")
    return Address(name, user, domain)


def _codes(error: Exception) -> list[int]:
    """What the server answered, each number once."""
    if isinstance(error, smtplib.SMTPResponseException):
        return [error.smtp_code]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return sorted({code for code, _ in error.recipients.values()})
    return []


def _is_for_good(error: Exception) -> bool:
    """A refused text is not: servers answer so as well when one has sent too much today."""
    return not isinstance(error, smtplib.SMTPDataError) and all(code >= 500 for code in _codes(error))


def _told(error: Exception) -> str:
    """What went wrong, without the server's words, which may repeat an address."""
    codes = _codes(error)
    if codes:
        return f"{type(error).__name__} {', '.join(map(str, codes))}"
    if isinstance(error, smtplib.SMTPException):
        cause = f" ({type(error.__context__).__name__})" if error.__context__ else ""
        return type(error).__name__ + cause
    return f"{type(error).__name__}: {error}"
