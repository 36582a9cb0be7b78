"""What the store keeps of pools, wallets, software and playbooks, and what follows from a change of them.

A version never changes. It holds the draft, and also what its pools, wallets and archives were when it was
made: what was signed once can be signed again, whatever became of the address book.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from cloud.domain.records import Record
from wire.assignments import Archive, System
from wire.placeholders import PoolValues, Values, fill
from wire.templates import (
    Checked,
    PlaybookVersion,
    PoolRequest,
    SoftwareRequest,
    WalletRequest,
)

TEMPLATES_MAX: Final = 200
"""Pools of a farm, and wallets, and own archives, and playbooks: of each as many."""
USERS_MAX: Final = 30
"""Playbooks that use one pool or wallet: a change of it writes a version of each in one commit."""
VERSIONS_SHOWN_MAX: Final = 50


class StoredPool(Record, frozen=True):
    """A pool of the address book, as it was last changed."""

    entry: PoolRequest
    changed_at: float
    changed_by: str


class StoredWallet(Record, frozen=True):
    """A wallet of the address book, as it was last changed."""

    entry: WalletRequest
    checked: Checked
    changed_at: float
    changed_by: str


class Head(Record, frozen=True):
    """A playbook's newest version in short; `pools` and `wallets` are ids, each once."""

    name: str
    version: int
    program: str
    program_version: str
    pools: tuple[str, ...] = ()
    wallets: tuple[str, ...] = ()

    @classmethod
    def of(cls, version: PlaybookVersion) -> Head:
        """What the book says of a playbook with this newest version."""
        draft = version.draft
        return cls(
            draft.name,
            version.version,
            draft.program,
            draft.program_version,
            tuple(dict.fromkeys(each.pool for each in draft.pools)),
            tuple(dict.fromkeys(each.wallet for each in draft.pools)),
        )

    def uses(self, template: str) -> bool:
        """Whether it mines at this pool or pays to this wallet."""
        return template in self.pools or template in self.wallets


class Book(Record, frozen=True):
    """All of a farm's templates and the heads of its playbooks, by id.

    One item: whatever changes a part of it is under the condition that nobody changed another meanwhile,
    so nothing can be deleted while somebody begins to use it.
    """

    pools: dict[str, StoredPool] = {}  # noqa: RUF012 - msgspec copies it
    wallets: dict[str, StoredWallet] = {}  # noqa: RUF012 - msgspec copies it
    software: tuple[SoftwareRequest, ...] = ()
    playbooks: dict[str, Head] = {}  # noqa: RUF012 - msgspec copies it

    def users(self, template: str) -> dict[str, Head]:
        """The playbooks that use a pool or a wallet."""
        return {playbook: head for playbook, head in self.playbooks.items() if head.uses(template)}


class ResolvedPool(Record, frozen=True):
    """A pool of a playbook with all that a script needs of it and of its wallet."""

    address: str
    tls: bool
    password: str
    coin: str | None
    mining_address: str
    mined_coin: str

    @classmethod
    def of(cls, pool: PoolRequest, wallet: WalletRequest) -> ResolvedPool:
        return cls(pool.address, pool.tls, pool.password, pool.coin, wallet.address, wallet.coin)

    def at(self, pool: PoolRequest) -> ResolvedPool:
        """With the pool as it is now, and the wallet as it was."""
        return msgspec.structs.replace(
            self, address=pool.address, tls=pool.tls, password=pool.password, coin=pool.coin
        )

    def paying(self, wallet: WalletRequest) -> ResolvedPool:
        """With the wallet as it is now, and the pool as it was."""
        return msgspec.structs.replace(self, mining_address=wallet.address, mined_coin=wallet.coin)

    def values(self) -> PoolValues:
        """What placeholders stand for."""
        return PoolValues(self.address, self.tls, self.mining_address, self.password)


class StoredVersion(Record, frozen=True):
    """A version of a playbook with all that a rig's document needs of it: nothing else is looked up then."""

    playbook: str
    told: PlaybookVersion
    pools: tuple[ResolvedPool, ...]
    archives: dict[System, Archive]

    @classmethod
    def made(
        cls,
        playbook: str,
        told: PlaybookVersion,
        pools: Sequence[ResolvedPool],
        archives: Mapping[System, Archive],
    ) -> StoredVersion:
        """`told` gets the addresses of the pools and wallets."""
        shown = msgspec.structs.replace(
            told,
            pools=tuple(pool.address for pool in pools),
            wallets=tuple(pool.mining_address for pool in pools),
        )
        return cls(playbook, shown, tuple(pools), dict(archives))

    def filled(self, system: System, rig: Values) -> tuple[str, ...]:
        """The scripts of a rig; KeyError where there are none for its system, Refused by what is wrong."""
        return fill(self.told.draft.scripts[system], rig, [pool.values() for pool in self.pools])

    def secrets(self) -> tuple[str, ...]:
        """Texts of it that no log may hold; a password of three letters or fewer ("x") is none."""
        passwords = (pool.password for pool in self.pools if len(pool.password) > 3)
        return tuple(dict.fromkeys([*(pool.mining_address for pool in self.pools), *passwords]))

    def with_template(self, template: str, entry: PoolRequest | WalletRequest) -> tuple[ResolvedPool, ...]:
        """Its pools with one template as it is now; the others stay as they were in this version."""
        pools = []
        for choice, pool in zip(self.told.draft.pools, self.pools, strict=True):
            if isinstance(entry, PoolRequest):
                pools.append(pool.at(entry) if choice.pool == template else pool)
            else:
                pools.append(pool.paying(entry) if choice.wallet == template else pool)
        return tuple(pools)
