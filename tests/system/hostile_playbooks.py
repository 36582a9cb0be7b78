"""Pools, wallets, programs, playbooks and a rollout, each text of them hostile, put past what refuses it."""

from __future__ import annotations

import time
from collections.abc import Callable

from cloud.domain import keys
from cloud.domain.playbooks import Book, Head, ResolvedPool, StoredPool, StoredVersion, StoredWallet
from cloud.domain.rig_work import Wish
from cloud.domain.rollouts import RolloutRigs, StoredRollout
from cloud.ports import Item, Ports, Put
from wire.assignments import Archive, System
from wire.templates import (
    Checked,
    PlaybookDraft,
    PlaybookVersion,
    PoolChoice,
    PoolRequest,
    RolloutState,
    SoftwareRequest,
    WalletRequest,
)

PLAYBOOK, ROLLOUT = "playbook-bad", "rollout-bad"


def put_playbooks(ports: Ports, farm: str, machine: str, text: Callable[[str], str]) -> None:
    """`text` makes a hostile text that begins with what it is, of at most 64 letters."""
    now = time.time()
    pool = PoolRequest(text("pool name"), text("pool host"), True, None, "", "")
    wallet = WalletRequest(text("wallet name"), "OTHER", text("wallet address"))
    archive = Archive("https://downloads.example/x", "0" * 64, "file", "miner")
    own = SoftwareRequest("ownminer", "1.0", System.LINUX, archive)
    versions = [_version(number, pool, wallet, text, now) for number in (1, 2)]
    head = Head(text("playbook name"), 2, text("program"), text("program version"), ("pool",), ("wallet",))
    book = Book(
        {"pool": StoredPool(pool, now, text("pool changer"))},
        {"wallet": StoredWallet(wallet, Checked.UNCHECKED, now, text("wallet changer"))},
        (own,),
        {PLAYBOOK: head},
    )
    rollout = StoredRollout(
        ROLLOUT,
        text("what"),
        Wish("set", {PLAYBOOK: 2}),
        RolloutState.STOPPED,
        now,
        text("roller"),
        1,
        now,
        cursor=1,
        first=machine,
        why=text("why it stopped"),
    )
    for key, record in (
        (keys.book(farm), book),
        *((keys.version(farm, PLAYBOOK, each.told.version), each) for each in versions),
        (keys.rollout(farm, ROLLOUT), rollout),
        (keys.rollout_rigs(farm, ROLLOUT), RolloutRigs((machine,))),
    ):
        assert ports.store.write(Put(Item.of(key, record)))


def _version(
    number: int, pool: PoolRequest, wallet: WalletRequest, text: Callable[[str], str], now: float
) -> StoredVersion:
    draft = PlaybookDraft(
        text("playbook name"),
        text("program"),
        text("program version"),
        (PoolChoice("pool", "wallet"),),
        {System.LINUX: f"{text('script')}\n{number}\n"},
        (text("used device"),),
        text("playbook note"),
    )
    told = PlaybookVersion(
        number, draft, (pool.address,), (wallet.address,), now, text("maker"), text("because of")
    )
    archive = Archive("https://downloads.example/x", "0" * 64, "file", "miner")
    return StoredVersion(PLAYBOOK, told, (ResolvedPool.of(pool, wallet),), {System.LINUX: archive})
