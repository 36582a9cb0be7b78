"""Passwords by argon2id."""

from __future__ import annotations

import pytest

from cloud.adapters.argon2_passwords import Argon2Passwords


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
