"""Pools, wallets, programs and drafts of playbooks as people send them; nobody's real ones."""

from __future__ import annotations

from wire.assignments import Archive, System
from wire.templates import PlaybookDraft, PoolChoice, PoolRequest, SoftwareRequest, WalletRequest

SCRIPT = "exec ./xmrig -o {{pool_address}} -u {{mining_address}} -p {{pool_password}} --rig-id={{worker}}\n"
SHA256 = "ab" * 32


def pool(
    name: str = "Europe", address: str = "pool.example:3333", tls: bool = False, coin: str | None = None
) -> PoolRequest:
    """A pool that pays whatever the wallet is for, unless a coin is given."""
    return PoolRequest(name, address, tls, coin)


def wallet(name: str = "Ann", address: str = "an-account", coin: str = "OTHER") -> WalletRequest:
    """An account somewhere, which nobody can check."""
    return WalletRequest(name, coin, address)


def software(program: str = "ownminer", executable: str = "miner", version: str = "1") -> SoftwareRequest:
    """A program of the farm's own, for Linux."""
    url = f"https://programs.example/{program}-{version}.tar.gz"
    return SoftwareRequest(program, version, System.LINUX, Archive(url, SHA256, "tar.gz", executable))


def draft(pool_id: str, wallet_id: str, name: str = "Monero", script: str = SCRIPT) -> PlaybookDraft:
    """A playbook of one pool, for Linux."""
    choices = (PoolChoice(pool_id, wallet_id),)
    return PlaybookDraft(name, "xmrig", "6.26.0", choices, {System.LINUX: script})
