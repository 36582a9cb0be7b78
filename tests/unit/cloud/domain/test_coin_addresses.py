"""Addresses of specifications' own examples, and made-up ones; each change of one letter is refused."""

from __future__ import annotations

import hashlib

import pytest
from base58_bech32.base58 import b58encode, b58encode_check
from base58_bech32.bech32 import BECH32_1_CONST, BECH32_M_CONST, bech32_encode, convertbits
from base58_bech32.cashaddr import cashaddr_encode

from cloud.domain.coin_addresses import CHECKED_COINS, check_address
from cloud.domain.keccak import keccak_256
from wire.faults import Fault
from wire.templates import Checked

_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_KEY = bytes(range(1, 21))


def _base58(version: str, payload: bytes = _KEY) -> str:
    return b58encode_check(bytes.fromhex(version) + payload).decode()


def _bech32(prefix: str, payload: bytes, constant: int) -> str:
    return bech32_encode(prefix, convertbits(payload, 8, 5), m=constant, limit=None).decode()


def _segwit(prefix: str, version: int, program: bytes) -> str:
    return bech32_encode(prefix, [version, *convertbits(program, 8, 5)]).decode()


def _ergo(kind: int, payload: bytes) -> str:
    content = bytes([kind]) + payload
    return b58encode(content + hashlib.blake2b(content, digest_size=32).digest()[:4]).decode()


def _monero(version: int, payload: bytes) -> str:
    content = bytes([version]) + payload
    content += keccak_256(content)[:4]
    return "".join(_monero_block(content[at : at + 8]) for at in range(0, len(content), 8))


def _monero_block(block: bytes) -> str:
    sizes, number, letters = (0, 2, 3, 5, 6, 7, 9, 10, 11), int.from_bytes(block, "big"), ""
    for _ in range(sizes[len(block)]):
        number, digit = divmod(number, 58)
        letters = _LETTERS[digit] + letters
    return letters


PUBLISHED = [
    ("BTC", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    ("BTC", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"),
    ("BTC", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"),
    ("BCH", "bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"),
    ("BCH", "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a"),
    ("ETH", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
    ("ETC", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"),
    ("KAS", "kaspa:qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqkx9awp4e"),
    ("KAS", "kaspa:qp0l70zd5x85ttwd6jv7g3s3a8llzj96d8dncn4zmhv4tlzx5k2jyqh70xmfj"),
]
"""Examples of BIP 173, BIP 350, the specification of CashAddr, EIP-55 and of Kaspa's own tests."""
MADE_UP = [
    ("BTC", _base58("00"), "1"),
    ("BTC", _base58("05"), "3"),
    ("LTC", _base58("30"), "L"),
    ("LTC", _base58("32"), "M"),
    ("LTC", _segwit("ltc", 0, _KEY), "ltc1q"),
    ("DOGE", _base58("1e"), "D"),
    ("BCH", cashaddr_encode("bitcoincash", 1, _KEY).decode(), "bitcoincash:p"),
    ("RVN", _base58("3c"), "R"),
    ("ZEC", _base58("1cb8"), "t1"),
    ("ZEC", _base58("1cbd"), "t3"),
    ("ZEC", _bech32("zs", bytes(43), BECH32_1_CONST), "zs1"),
    ("ZEC", _bech32("u", bytes(range(80)), BECH32_M_CONST), "u1"),
    ("FIRO", _base58("52"), "Z"),
    ("XMR", _monero(18, bytes(range(64))), "4"),
    ("XMR", _monero(42, bytes(range(64))), "8"),
    ("XMR", _monero(19, bytes(range(72))), "4"),
    ("ERG", _ergo(1, b"\x02" + bytes(range(32))), "9"),
]
ALL = [*PUBLISHED, *((coin, address) for coin, address, _ in MADE_UP)]


@pytest.mark.parametrize(("coin", "address"), ALL)
def test_an_address_of_the_coin_is_one(coin: str, address: str) -> None:
    assert check_address(coin, address) is Checked.VALID


@pytest.mark.parametrize(("coin", "address", "begins"), MADE_UP)
def test_what_was_made_up_begins_as_such_addresses_do(coin: str, address: str, begins: str) -> None:
    assert address.startswith(begins)


def test_every_coin_of_the_table_was_tried() -> None:
    assert {coin for coin, _ in ALL} == set(CHECKED_COINS)


def _refused(coin: str, address: str) -> bool:
    try:
        check_address(coin, address)
    except Fault as fault:
        return (fault.code, fault.field, fault.status) == ("bad_address", "address", 422)
    return False


def test_a_refusal_does_not_say_the_address() -> None:
    with pytest.raises(Fault) as caught:
        check_address("XMR", "an-account")
    assert "an-account" not in caught.value.message


@pytest.mark.parametrize(("coin", "address"), ALL)
def test_each_change_of_one_letter_is_refused(coin: str, address: str) -> None:
    """At each place four others, and the same in the other case."""
    taken = []
    for at, letter in enumerate(address):
        for other in {*(_LETTERS[(at + step) % 58] for step in (0, 13, 29, 41)), letter.swapcase()}:
            wrong = address[:at] + other + address[at + 1 :]
            if letter != other and not _refused(coin, wrong):
                taken.append(wrong)
    assert taken == []


@pytest.mark.parametrize(("coin", "address"), ALL)
def test_a_letter_too_few_or_too_many_is_refused(coin: str, address: str) -> None:
    assert _refused(coin, address[:-1])
    assert _refused(coin, address[1:] if "1" in address[:1] else address[0] + address)
    assert _refused(coin, f"{address}1")


@pytest.mark.parametrize("coin", CHECKED_COINS)
@pytest.mark.parametrize("address", ["", "1", "0x", "an-account", "kaspa:", "bitcoincash:", "zs1", "é" * 95])
def test_what_is_no_address_at_all_is_refused(coin: str, address: str) -> None:
    assert _refused(coin, address)


@pytest.mark.parametrize(
    ("coin", "address"),
    [("LTC", ALL[0][1]), ("BTC", _base58("30")), ("ETH", ALL[3][1]), ("ZEC", _base58("00"))],
)
def test_an_address_of_another_coin_is_refused(coin: str, address: str) -> None:
    assert _refused(coin, address)


@pytest.mark.parametrize("version", [1, 53, 24])
def test_an_address_of_another_network_is_refused(version: int) -> None:
    assert _refused("XMR", _monero(version, bytes(64)))


def test_an_address_without_a_checksum_is_not_called_good() -> None:
    address = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".lower()
    assert check_address("ETH", address) is Checked.UNCHECKED
    assert _refused("ETH", address[:-1])


def test_a_coin_that_is_not_known_is_unchecked() -> None:
    assert check_address("NEWCOIN", "anything") is Checked.UNCHECKED
