"""A login is never shown."""

from __future__ import annotations

from asic_edge.login import Login, no_login
from asic_edge.native.frames import Ask, Verb
from asic_edge.snapshot import Identity


def test_no_text_of_it_or_of_what_holds_it_has_the_password() -> None:
    login = Login("root", "secret")
    for shown in (repr(login), str(login), repr(Ask(1, Verb.READ, "10.0.0.1", login=login))):
        assert "secret" not in shown


def test_none_is_given() -> None:
    assert no_login(Identity("10.0.0.1")) is None
