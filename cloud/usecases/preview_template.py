"""Says what changing a pool or a wallet would change, before anything is changed."""

from __future__ import annotations

from cloud.domain.playbooks import Book, StoredVersion
from cloud.domain.templates import checked_pool, checked_wallet, pool_text
from cloud.ports import Ports
from cloud.usecases.change_templates import changed_versions
from cloud.usecases.find_playbooks import find_book, rigs_of, uses_of
from cloud.usecases.find_wanted import find_wanted
from cloud.usecases.save_pool import known_pool
from cloud.usecases.save_wallet import known_wallet
from wire.templates import PoolRequest, TemplateImpact, WalletRequest


def preview_pool(ports: Ports, farm: str, pool: str, entry: PoolRequest) -> TemplateImpact:
    """Refuses whatever `change_pool` would refuse."""
    entry = checked_pool(entry)
    book, _ = find_book(ports, farm)
    before = known_pool(book, pool).entry
    versions = changed_versions(ports, farm, book, pool, entry)
    coin = entry.coin or before.coin or _mined(versions)
    return _impact(ports, farm, book, (pool_text(before), pool_text(entry)), versions, coin)


def preview_wallet(ports: Ports, farm: str, wallet: str, entry: WalletRequest) -> TemplateImpact:
    """Refuses whatever `change_wallet` would refuse."""
    entry, _ = checked_wallet(entry)
    book, _ = find_book(ports, farm)
    before = known_wallet(book, wallet).entry
    versions = changed_versions(ports, farm, book, wallet, entry)
    return _impact(ports, farm, book, (before.address, entry.address), versions, entry.coin)


def _mined(versions: list[StoredVersion]) -> str | None:
    """The coin of the wallets, where they are all of one."""
    coins = {pool.mined_coin for version in versions for pool in version.pools}
    return coins.pop() if len(coins) == 1 else None


def _impact(
    ports: Ports,
    farm: str,
    book: Book,
    texts: tuple[str, str],
    versions: list[StoredVersion],
    coin: str | None,
) -> TemplateImpact:
    wanted = find_wanted(ports, farm)
    changed = {version.playbook: book.playbooks[version.playbook] for version in versions}
    return TemplateImpact(*texts, uses_of(changed, wanted), len(rigs_of(changed, wanted)), coin)
