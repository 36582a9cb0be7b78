"""A real SMTP server on loopback, which keeps what it is given."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "mailer", "p@ss/word:1"


class Received:
    """The handler: letters with their envelopes, and whom it does not take letters for.

    `answers` are to a recipient, `after_text` to every text.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.refused: set[str] = set()
        self.answers: dict[str, str] = {}
        self.after_text = "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return f"550 no such mailbox: {address}"
        envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, EmailMessage, policy=default))
        self.envelopes.append(envelope)
        return self.after_text


class _OnFreePort(Controller):
    """The library's controller wants to know its port beforehand."""

    def __init__(self, handler: Received, **options: Any) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self._socket.getsockname()[1], **options)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._socket, ssl=self.ssl_context)


def _authenticate(_: SMTP, __: Session, ___: Envelope, mechanism: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and given == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Iterator[tuple[Received, int]]:
    """The handler and the port. With either kind of TLS it wants USER and PASSWORD."""
    received, options = Received(), dict[str, Any]()
    if tls or starttls:
        options = {
            "authenticator": _authenticate,
            "auth_required": starttls is not None,
            "auth_require_tls": starttls is not None,
            "tls_context": starttls,
            "require_starttls": starttls is not None,
        }
    loop = asyncio.new_event_loop()
    server = _OnFreePort(received, loop=loop, ssl_context=tls, enable_SMTPUTF8=True, **options)
    server.start()
    try:
        yield received, server.port
    finally:
        server.stop()
