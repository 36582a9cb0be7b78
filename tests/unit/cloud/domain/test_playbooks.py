"""A version holds all that a document needs, and changes of the address book make others of it."""

from __future__ import annotations

import msgspec
import pytest

from cloud.domain.playbooks import Book, Head, ResolvedPool, StoredVersion
from tests.fakes.templates import SHA256, draft, pool, wallet
from wire.assignments import Archive, System
from wire.placeholders import Refused, Values
from wire.templates import PlaybookVersion, PoolChoice

_RIG = Values("worker-1", "rig-1", "4000")
_ARCHIVE = Archive("https://a.example/x.zip", SHA256, "zip", "xmrig")


def _version() -> StoredVersion:
    """Two pools, both for one wallet."""
    choices = (PoolChoice("pool_1", "wallet_1"), PoolChoice("pool_2", "wallet_1"))
    made_of = msgspec.structs.replace(draft("", ""), pools=choices)
    told = PlaybookVersion(4, made_of, (), (), 1.0, "ann", "made")
    pools = [ResolvedPool.of(each, wallet()) for each in (pool(), pool("Asia", "asia.example:1"))]
    return StoredVersion.made("playbook_1", told, pools, {System.LINUX: _ARCHIVE})


def test_a_version_tells_its_addresses_and_survives_the_store() -> None:
    version = _version()
    assert version.told.pools == ("pool.example:3333", "asia.example:1")
    assert version.told.wallets == ("an-account", "an-account")
    assert msgspec.json.decode(msgspec.json.encode(version), type=StoredVersion) == version


def test_scripts_are_filled_for_a_rig() -> None:
    one, two = _version().filled(System.LINUX, _RIG)
    assert one == "exec ./xmrig -o pool.example:3333 -u an-account -p x --rig-id=worker-1\n"
    assert "asia.example:1" in two
    with pytest.raises(KeyError):
        _version().filled(System.WINDOWS, _RIG)
    with pytest.raises(Refused, match="worker"):
        _version().filled(System.LINUX, Values())


def test_wallets_and_passwords_are_secrets_for_logs() -> None:
    version = _version()
    assert version.secrets() == ("an-account",)
    secret = msgspec.structs.replace(version.pools[0], password="hidden")
    assert msgspec.structs.replace(version, pools=(secret,)).secrets() == ("an-account", "hidden")


def test_a_changed_template_changes_its_own_part_alone() -> None:
    version = _version()
    moved = version.with_template("pool_2", pool("Asia", "asia.example:2", tls=True))
    assert moved[0] == version.pools[0]
    assert (moved[1].address, moved[1].tls, moved[1].mining_address) == ("asia.example:2", True, "an-account")
    paid = version.with_template("wallet_1", wallet(address="another"))
    assert [each.mining_address for each in paid] == ["another", "another"]
    assert [each.address for each in paid] == ["pool.example:3333", "asia.example:1"]
    assert version.with_template("pool_9", pool()) == version.pools


def test_a_book_knows_who_uses_what() -> None:
    head = Head.of(_version().told)
    assert (head.name, head.version, head.pools, head.wallets) == (
        "Monero",
        4,
        ("pool_1", "pool_2"),
        ("wallet_1",),
    )
    book = Book(playbooks={"playbook_1": head})
    assert book.users("pool_2") == book.users("wallet_1") == {"playbook_1": head}
    assert book.users("pool_3") == {}


def test_an_empty_book_of_an_older_store_is_read() -> None:
    assert msgspec.json.decode(b"{}", type=Book) == Book()
