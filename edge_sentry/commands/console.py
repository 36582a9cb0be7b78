"""The only place that writes to, and asks, the person at the keyboard."""

from __future__ import annotations

import getpass
import logging
import sys


def say(text: str) -> None:
    """One line on standard output."""
    sys.stdout.write(f"{text}\n")


def warn(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"{text}\n")


def can_ask() -> bool:
    """Whether somebody sits there."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(question: str) -> str:
    """What was typed."""
    return input(question).strip()


def ask_secret(question: str) -> str:
    """What was typed, without showing it."""
    return getpass.getpass(question).strip()


def log_to_stderr() -> None:
    """Plain dated lines, for a journal or a terminal."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    # It tells of each connection, and of a kept-alive one that the other end closed.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
