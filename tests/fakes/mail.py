"""Letters that go nowhere."""

from __future__ import annotations

from cloud.ports import Letter, MailUnavailable


class FakeMail:
    """The port `Mail`: `sent` are the letters; while `away` says why, none is taken."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.away: str | None = None
        self.tried = 0

    def send(self, letter: Letter) -> None:
        self.tried += 1
        if self.away is not None:
            raise MailUnavailable(self.away)
        self.sent.append(letter)
