"""What a program is asked and what comes back: the words between the asking and the programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edge_sentry.miners.normal_form import Trouble


@dataclass(frozen=True)
class HttpGet:
    """One page. Without a `required` one there is no reading."""

    path: str
    required: bool = True


@dataclass(frozen=True)
class TcpText:
    """One line of text on a connection of its own.

    The reply ends when the program closes, at a NUL, or, where it may do neither, when it `is_whole`.
    """

    text: str
    is_whole: Callable[[bytes], bool] | None = None
    required: bool = True


Question = HttpGet | TcpText
Replies = Sequence[bytes | None]
"""A reply to each question, None for one that was not required and had none."""


class Unreadable(Exception):
    """There are no figures to be had; `reason` is a sentence for people, without the reply's own words."""

    def __init__(self, trouble: Trouble, reason: str) -> None:
        super().__init__(reason)
        self.trouble = trouble
        self.reason = reason
