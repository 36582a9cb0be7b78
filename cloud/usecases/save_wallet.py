"""Adds a wallet to the address book, or changes one, and with it the playbooks that pay to it."""

from __future__ import annotations

import msgspec

from cloud.domain.audit import Act, difference
from cloud.domain.playbooks import Book, StoredWallet
from cloud.domain.templates import checked_wallet
from cloud.ports import Ports
from cloud.usecases.change_templates import changed_versions
from cloud.usecases.find_playbooks import Wanted, find_book, uses_of
from cloud.usecases.find_wanted import find_wanted
from cloud.usecases.keep_book import check_free, check_room, commit_book
from cloud.usecases.spread_versions import spread_missed, spread_versions
from wire.faults import Fault
from wire.templates import Checked, Speed, WalletRequest, WalletTemplate


def add_wallet(ports: Ports, farm: str, entry: WalletRequest) -> WalletTemplate:
    """Raises the Faults of `checked_wallet`, `name_taken`, `too_many_templates` or `try_again` (409)."""
    entry, checked = checked_wallet(entry)
    book, revision = find_book(ports, farm)
    check_room(len(book.wallets), "wallets")
    wallet = ports.randomness.new_id("wallet")
    stored = _stored(ports, book, wallet, entry, checked)
    act = Act("add_wallet", f"wallet {wallet}", after=msgspec.structs.asdict(entry))
    commit_book(ports, farm, revision, _with(book, wallet, stored), act)
    return wallet_view(book, wallet, stored, find_wanted(ports, farm))


def change_wallet(ports: Ports, farm: str, wallet: str, entry: WalletRequest, pace: Speed) -> WalletTemplate:
    """Also `wallet_unknown` (404), or `wrong_coin` (422) where a playbook's pool pays another coin."""
    entry, checked = checked_wallet(entry)
    book, revision = find_book(ports, farm)
    stored, what = known_wallet(book, wallet), f"wallet {entry.name} changed"
    if stored.entry != entry:
        versions = changed_versions(ports, farm, book, wallet, entry)
        act = Act("change_wallet", f"wallet {wallet}", *difference(stored.entry, entry))
        stored = _stored(ports, book, wallet, entry, checked)
        commit_book(ports, farm, revision, _with(book, wallet, stored), act, versions)
        made = {version.playbook: version.told.version for version in versions}
        spread_versions(ports, farm, what, made, pace)
    else:
        spread_missed(
            ports, farm, what, {key: head.version for key, head in book.users(wallet).items()}, pace
        )
    return wallet_view(book, wallet, stored, find_wanted(ports, farm))


def known_wallet(book: Book, wallet: str) -> StoredWallet:
    """Raises Fault `wallet_unknown` (404)."""
    found = book.wallets.get(wallet)
    if found is None:
        raise Fault("wallet_unknown", "There is no such wallet.", status=404)
    return found


def wallet_view(book: Book, wallet: str, stored: StoredWallet, wanted: Wanted) -> WalletTemplate:
    """As the page is told of it, with what uses it."""
    uses = uses_of(book.users(wallet), wanted)
    return WalletTemplate(wallet, stored.entry, stored.checked, stored.changed_at, stored.changed_by, uses)


def _stored(ports: Ports, book: Book, wallet: str, entry: WalletRequest, checked: Checked) -> StoredWallet:
    others = (stored.entry.name for other, stored in book.wallets.items() if other != wallet)
    check_free(entry.name, others, "wallet")
    return StoredWallet(entry, checked, ports.clock(), ports.actor.name)


def _with(book: Book, wallet: str, stored: StoredWallet) -> Book:
    return msgspec.structs.replace(book, wallets={**book.wallets, wallet: stored})
