"""Pools and wallets: what may stand in them, and where what may not is."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain.playbooks import ResolvedPool
from cloud.domain.templates import check_coins, check_devices, checked_pool, checked_wallet, pool_text
from tests.fakes.templates import pool, wallet
from wire.faults import Fault
from wire.templates import Checked

INJECTIONS = [
    'a"; rm -rf / #',
    "%PATH%",
    "$(id)",
    "`id`",
    "a b",
    "a&b",
    "a|b",
    "a\nb",
    "a\\b",
    "a'b",
    "é",
    "-a",
]


@pytest.mark.parametrize("text", [*INJECTIONS, "pool.example", "pool.example:0", "pool.example:70000", ":1"])
def test_a_pools_address_is_a_host_and_a_port(text: str) -> None:
    with pytest.raises(Fault) as caught:
        checked_pool(pool(address=text))
    assert (caught.value.code, caught.value.field) == ("bad_letter", "address")


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_letter_of_a_wallet_or_password_means_anything_to_a_shell(text: str) -> None:
    with pytest.raises(Fault) as caught:
        checked_wallet(wallet(address=text))
    assert (caught.value.code, caught.value.field) == ("bad_letter", "address")
    with pytest.raises(Fault) as caught:
        checked_pool(msgspec.structs.replace(pool(), password=text))
    assert (caught.value.code, caught.value.field) == ("bad_letter", "password")


def test_the_place_of_a_wrong_letter_is_told() -> None:
    with pytest.raises(Fault, match=r"A mining address cannot have ';' here \(letter 4\)\."):
        checked_wallet(wallet(address="abc;d"))


def test_names_are_in_one_spelling() -> None:
    assert checked_pool(pool(" North ")).name == "North"
    assert checked_wallet(wallet(" Ann "))[0].name == "Ann"


@pytest.mark.parametrize("name", ["", " ", "a\u200bb", "x" * 81])
def test_names_can_be_seen(name: str) -> None:
    for call in (lambda: checked_pool(pool(name)), lambda: checked_wallet(wallet(name))):
        with pytest.raises(Fault, match="name of 1 to 80"):
            call()


def test_an_address_of_a_known_coin_is_checked() -> None:
    good = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
    assert checked_wallet(wallet(address=good, coin="BTC"))[1] is Checked.VALID
    assert checked_wallet(wallet())[1] is Checked.UNCHECKED
    with pytest.raises(Fault) as caught:
        checked_wallet(wallet(address=good[:-1] + "5", coin="BTC"))
    assert caught.value.code == "bad_address"


def test_a_pool_pays_to_a_wallet_of_its_coin() -> None:
    good = ResolvedPool.of(pool(coin="XMR"), wallet(coin="XMR"))
    anything = ResolvedPool.of(pool(), wallet(coin="BTC"))
    check_coins([good, anything])
    with pytest.raises(Fault) as caught:
        check_coins([good, ResolvedPool.of(pool(coin="XMR"), wallet(coin="BTC"))])
    assert (caught.value.code, caught.value.field) == ("wrong_coin", "pools[1]")


def test_devices_are_named_as_rigs_name_them() -> None:
    check_devices(["cpu0", "0000:01:00.0"])
    for wrong in (*INJECTIONS, "", "x" * 65):
        with pytest.raises(Fault) as caught:
            check_devices(["cpu0", wrong])
        assert (caught.value.code, caught.value.field) == ("bad_letter", "devices[1]")


def test_a_pool_in_a_line() -> None:
    assert pool_text(pool(tls=True, coin="XMR")) == "pool.example:3333, with TLS, XMR"
    assert pool_text(pool()) == "pool.example:3333, without TLS"
