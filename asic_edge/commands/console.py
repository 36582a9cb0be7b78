"""The only place that writes to, and asks, the person at the keyboard."""

from __future__ import annotations

import getpass
import logging
import sys
from typing import Any, Protocol

import msgspec


def say(text: str) -> None:
    """One line on standard output; what a device told can hold nothing that a terminal obeys."""
    sys.stdout.write(f"{printable(text)}\n")


def say_lines(text: str) -> None:
    """Each line of it."""
    for line in text.splitlines():
        say(line)


def say_json(document: Any) -> None:
    """One document, one line."""
    sys.stdout.write(f"{msgspec.json.encode(document).decode()}\n")


def warn(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"{printable(text)}\n")


def progress(text: str) -> None:
    """In place of the former progress; only where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{printable(text)}")
        sys.stderr.flush()


def log_to_stderr() -> None:
    """What a program that runs for long has to say; a service's journal takes it from there."""
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s", force=True
    )


class Person(Protocol):
    """Whoever may be asked."""

    def is_there(self) -> bool: ...

    def ask(self, question: str) -> str: ...

    def ask_secret(self, question: str) -> str: ...


class AtTerminal:
    """The person at the keyboard."""

    def is_there(self) -> bool:
        """Whether somebody sits there."""
        return sys.stdin is not None and sys.stdin.isatty()

    def ask(self, question: str) -> str:
        """What was typed."""
        return input(question).strip()

    def ask_secret(self, question: str) -> str:
        """What was typed, without showing it."""
        return getpass.getpass(question)


def agrees(person: Person, question: str) -> bool:
    """Whether somebody is there and says yes."""
    return person.is_there() and person.ask(f"{question} [y/N] ").lower() in {"y", "yes"}


def printable(text: str) -> str:
    """Without control characters and signs that turn the direction of writing."""
    return text if text.isprintable() else "".join(each for each in text if each.isprintable())
