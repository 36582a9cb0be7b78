"""What a changed pool or wallet makes of the playbooks that use it."""

from __future__ import annotations

from cloud.domain.playbooks import USERS_MAX, Book, StoredVersion
from cloud.domain.templates import check_coins
from cloud.ports import Ports
from cloud.usecases.find_playbooks import newest_versions
from cloud.usecases.keep_book import next_version
from wire.faults import Fault
from wire.templates import PlaybookDraft, PoolRequest, WalletRequest


def changed_versions(
    ports: Ports, farm: str, book: Book, template: str, entry: PoolRequest | WalletRequest
) -> list[StoredVersion]:
    """New versions of the playbooks whose scripts this changes; none where it is only called otherwise.

    Raises Fault `wrong_coin` (422) where a playbook would mine one coin for another's wallet.
    """
    kind = "pool" if isinstance(entry, PoolRequest) else "wallet"
    versions = []
    for before in newest_versions(ports, farm, book.users(template)):
        pools = before.with_template(template, entry)
        if pools != before.pools:
            try:
                check_coins(pools)
            except Fault as fault:
                message = f"In the playbook {before.told.draft.name}: {fault.message}"
                raise Fault(fault.code, message, "coin") from fault
            versions.append(next_version(ports, before, pools, f"{kind} {entry.name} changed"))
    return versions


def check_users(book: Book, draft: PlaybookDraft, playbook: str) -> None:
    """Raises Fault `too_many_users` (409) where a template would be used by too many playbooks."""
    for template in {each for choice in draft.pools for each in (choice.pool, choice.wallet)}:
        if len(book.users(template).keys() - {playbook}) >= USERS_MAX:
            message = f"At most {USERS_MAX} playbooks use one pool or wallet: add it once more."
            raise Fault("too_many_users", message, "pools", status=409)
