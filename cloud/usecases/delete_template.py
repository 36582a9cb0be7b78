"""Takes a pool or a wallet out of the address book, unless a playbook uses it."""

from __future__ import annotations

import msgspec

from cloud.domain.audit import Act
from cloud.domain.playbooks import Book
from cloud.domain.templates import pool_text
from cloud.ports import Ports
from cloud.usecases.find_playbooks import find_book, in_words, uses_of
from cloud.usecases.keep_book import commit_book
from cloud.usecases.save_pool import known_pool
from cloud.usecases.save_wallet import known_wallet
from wire.faults import Fault


def delete_pool(ports: Ports, farm: str, pool: str) -> None:
    """Raises Fault `pool_unknown` (404), `template_in_use` (409) with where, or `try_again` (409)."""
    book, revision = find_book(ports, farm)
    entry = known_pool(book, pool).entry
    _check_unused(book, pool)
    left = {other: stored for other, stored in book.pools.items() if other != pool}
    act = Act("delete_pool", f"pool {pool}", before={"name": entry.name, "pool": pool_text(entry)})
    commit_book(ports, farm, revision, msgspec.structs.replace(book, pools=left), act)


def delete_wallet(ports: Ports, farm: str, wallet: str) -> None:
    """Raises Fault `wallet_unknown` (404), `template_in_use` (409) with where, or `try_again` (409)."""
    book, revision = find_book(ports, farm)
    entry = known_wallet(book, wallet).entry
    _check_unused(book, wallet)
    left = {other: stored for other, stored in book.wallets.items() if other != wallet}
    act = Act("delete_wallet", f"wallet {wallet}", before=msgspec.structs.asdict(entry))
    commit_book(ports, farm, revision, msgspec.structs.replace(book, wallets=left), act)


def _check_unused(book: Book, template: str) -> None:
    uses = uses_of(book.users(template), {})
    if uses:
        raise Fault("template_in_use", f"It is used by {in_words(uses)}.", status=409)
