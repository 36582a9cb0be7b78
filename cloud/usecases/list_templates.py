"""Lists the address book: pools and wallets with what uses them."""

from __future__ import annotations

from cloud.ports import Ports
from cloud.usecases.find_playbooks import find_book
from cloud.usecases.find_wanted import find_wanted
from cloud.usecases.save_pool import pool_view
from cloud.usecases.save_wallet import wallet_view
from wire.templates import TemplateBook


def list_templates(ports: Ports, farm: str) -> TemplateBook:
    """By name."""
    book, _ = find_book(ports, farm)
    wanted = find_wanted(ports, farm)
    pools = [pool_view(book, pool, stored, wanted) for pool, stored in book.pools.items()]
    wallets = [wallet_view(book, wallet, stored, wanted) for wallet, stored in book.wallets.items()]
    return TemplateBook(
        tuple(sorted(pools, key=lambda pool: pool.entry.name.casefold())),
        tuple(sorted(wallets, key=lambda wallet: wallet.entry.name.casefold())),
    )
