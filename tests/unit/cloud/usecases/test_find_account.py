"""One account is found however its address is typed; those of older programs as they are kept."""

from __future__ import annotations

import unicodedata

import pytest

from cloud.domain import keys
from cloud.domain.people import Person
from cloud.ports import Item, Put
from cloud.usecases.create_owner import create_owner
from cloud.usecases.find_account import find_account
from cloud.usecases.sign_in import sign_in
from tests.fakes.reports import NOW
from tests.fakes.world import PASSWORD, World
from wire.faults import Fault

NFC, NFD = "josé@x.org", unicodedata.normalize("NFD", "josé@x.org")
_OLD = "view@x.org\ufe0f"


@pytest.mark.parametrize("typed", [NFC, NFD, NFD.upper(), f" {NFC} "])
def test_both_forms_of_an_accent_are_one_account(world: World, typed: str) -> None:
    create_owner(world.ports, NFD, PASSWORD, "North")
    assert find_account(world.ports, typed) == NFC
    assert sign_in(world.ports, typed, PASSWORD)
    with pytest.raises(Fault) as caught:
        create_owner(world.ports, typed, PASSWORD, "South")
    assert caught.value.code == "account_exists"


@pytest.mark.parametrize("kept", [NFD, _OLD])
def test_an_old_account_is_found_as_it_is_kept(world: World, kept: str) -> None:
    person = Person(kept, "", world.passwords.hash(PASSWORD), NOW)
    world.store.write(Put(Item.of(keys.person(kept), person)))
    assert find_account(world.ports, kept.upper()) == kept
    assert sign_in(world.ports, kept, PASSWORD)


def test_no_new_account_hides_a_letter(world: World) -> None:
    with pytest.raises(Fault) as caught:
        create_owner(world.ports, _OLD, PASSWORD, "North")
    assert (caught.value.code, caught.value.status) == ("bad_email", 422)
    assert world.store.items == {}


def test_what_is_too_long_in_one_spelling_stays_as_it_is_typed(world: World) -> None:
    typed = "\U0001d160" * 320  # three letters each in one spelling
    assert find_account(world.ports, typed) == typed
