"""A person who types what a test says, or who is not there."""

from __future__ import annotations


class FakePerson:
    """Answers in this order; without answers nobody is there. `asked`: every question."""

    def __init__(self, *answers: str) -> None:
        self._left = list(answers)
        self._there = bool(answers)
        self.asked: list[str] = []

    def is_there(self) -> bool:
        """Whether there were answers to begin with."""
        return self._there

    def ask(self, question: str) -> str:
        """The next answer."""
        self.asked.append(question)
        return self._left.pop(0)

    def ask_secret(self, question: str) -> str:
        """The same."""
        return self.ask(question)
