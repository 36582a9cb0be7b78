"""Letters that go nowhere."""

from __future__ import annotations

from cloud.ports import Letter, LetterRefused, MailUnavailable


class FakeMail:
    """The port `Mail`: `sent` are the letters; while `away` says why, none is taken.

    `refused` addresses get none, for good or not.
    """

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.away: str | None = None
        self.refused: dict[str, bool] = {}
        self.tried = 0

    def send(self, letter: Letter) -> None:
        self.tried += 1
        if self.away is not None:
            raise MailUnavailable(self.away)
        if letter.to in self.refused:
            raise LetterRefused("no such mailbox", for_good=self.refused[letter.to])
        self.sent.append(letter)
