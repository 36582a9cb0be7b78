"""Makes a line of a program's output fit to be shown: no secrets, no control characters, not too long."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_LINE = 500
HIDDEN = "[hidden]"
# A pool password is often "x": cutting that would leave no readable line, and it hides nothing.
_SHORTEST_SECRET = 4
# CSI and OSC sequences, two-character ones, and whatever control characters are left but the tab.
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_a-z0-9=>]?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


class Redaction:
    """Cuts the secrets of one playbook, in capitals and small letters alike."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({each for each in secrets if len(each) >= _SHORTEST_SECRET}, key=len, reverse=True)
        self.longest = max(map(len, known), default=0)
        self._pattern = re.compile("|".join(map(re.escape, known)), re.IGNORECASE) if known else None

    def line(self, raw: bytes) -> str:
        """One whole line without its end. A part of one could hold half a secret."""
        text = _CONTROL.sub("", raw.decode(errors="replace"))
        if self._pattern is not None:
            text = self._pattern.sub(HIDDEN, text)
        return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1] + "…"
