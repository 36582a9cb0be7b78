"""Passwords by argon2id."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from argon2 import PasswordHasher

from cloud.adapters.argon2_passwords import Argon2Passwords
from cloud.ports import PasswordsBusy
from tests.system.processes import wait_for


@pytest.fixture(scope="module")
def passwords() -> Argon2Passwords:
    return Argon2Passwords()


@pytest.fixture(scope="module")
def hashed(passwords: Argon2Passwords) -> str:
    return passwords.hash("correct horse")


def test_hash_is_argon2id_and_does_not_hold_the_password(hashed: str) -> None:
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "correct" not in hashed


def test_hash_is_salted(passwords: Argon2Passwords, hashed: str) -> None:
    assert passwords.hash("correct horse") != hashed


def test_only_the_right_password_is_right(passwords: Argon2Passwords, hashed: str) -> None:
    assert passwords.verify("correct horse", hashed) is True
    assert passwords.verify("Correct horse", hashed) is False
    assert passwords.verify("", hashed) is False


def test_nobodys_hash_is_never_right(passwords: Argon2Passwords) -> None:
    assert passwords.verify("", None) is False
    assert passwords.verify("correct horse", None) is False


@pytest.mark.parametrize("stored", ["", "plain", "$argon2id$v=19$broken", "$2b$12$" + "x" * 53])
def test_what_is_no_hash_is_never_right(passwords: Argon2Passwords, stored: str) -> None:
    assert passwords.verify("plain", stored) is False


def test_letters_of_all_kinds(passwords: Argon2Passwords) -> None:
    assert passwords.verify("пароль-🐄\x00z", passwords.hash("пароль-🐄\x00z")) is True
    assert passwords.verify("пароль-🐄\x00", passwords.hash("пароль-🐄\x00z")) is False


class Slow(PasswordHasher):
    """Says how many are verified at once, and holds them until it is told."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.go_on = threading.Event()
        self.at_once = self.most = self.count = 0
        self._lock = threading.Lock()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's
        with self._lock:
            self.at_once += 1
            self.count += 1
            self.most = max(self.most, self.at_once)
        self.go_on.wait(20)
        with self._lock:
            self.at_once -= 1
        return super().verify(hash, password)


def _try(passwords: Argon2Passwords) -> str:
    try:
        return str(passwords.verify("wrong", None))
    except PasswordsBusy:
        return "busy"


def test_of_forty_at_once_two_take_memory_and_most_are_sent_away_at_once() -> None:
    slow = Slow()
    passwords = Argon2Passwords(slow, wait_s=20)
    with ThreadPoolExecutor(40) as pool:
        tries = [pool.submit(_try, passwords) for _ in range(40)]
        wait_for("those without room", lambda: sum(each.done() for each in tries) == 34)
        slow.go_on.set()
        said = Counter(each.result() for each in tries)
    assert said == {"busy": 34, "False": 6}
    assert (slow.most, slow.count) == (2, 6)
    assert _try(passwords) == "False"


def test_hashing_takes_its_turn_with_them() -> None:
    slow = Slow()
    passwords = Argon2Passwords(slow, wait_s=0)
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(_try, passwords) for _ in range(2)]
        wait_for("both to be at work", lambda: slow.count == 2)
        with pytest.raises(PasswordsBusy):
            passwords.hash("another")
        slow.go_on.set()
        assert [each.result() for each in tries] == ["False", "False"]


def test_nobody_waits_without_end() -> None:
    slow = Slow()
    passwords = Argon2Passwords(slow, wait_s=0.05)
    with ThreadPoolExecutor(3) as pool:
        tries = [pool.submit(_try, passwords) for _ in range(3)]
        wait_for("one to give up", lambda: any(each.done() for each in tries))
        slow.go_on.set()
        assert sorted(each.result() for each in tries) == ["False", "False", "busy"]
