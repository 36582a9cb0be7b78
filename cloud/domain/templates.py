"""What may stand in the address book: pools and wallets that can be written into a script as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from cloud.domain.coin_addresses import check_address
from cloud.domain.labels import checked_name, checked_text
from cloud.domain.playbooks import ResolvedPool
from wire.faults import Fault
from wire.placeholders import MINING_ADDRESS, PASSWORD, Alphabet, Problem, pool_address_problem, value_problem
from wire.templates import Checked, PoolRequest, WalletRequest

_DEVICE: Final = Alphabet("a device", "A-Za-z0-9", "A-Za-z0-9.:_-", 64)
"""A PCI address, or "cpu0"; rigs accept no others."""


def checked_pool(pool: PoolRequest) -> PoolRequest:
    """In one spelling; raises Fault (422) `bad_name`, `bad_label`, or `bad_letter` which says where."""
    _check("address", pool_address_problem(pool.address))
    _check("password", value_problem(pool.password, PASSWORD))
    return msgspec.structs.replace(
        pool,
        name=checked_name(pool.name),
        algorithm=checked_text(pool.algorithm, "algorithm", 40),
        region=checked_text(pool.region, "region", 40),
    )


def checked_wallet(wallet: WalletRequest) -> tuple[WalletRequest, Checked]:
    """In one spelling, and whether its address is known to be one of its coin.

    Raises Fault `bad_name`, `bad_letter` (422), or `bad_address` (422) where it is not one.
    """
    _check("address", value_problem(wallet.address, MINING_ADDRESS))
    named = msgspec.structs.replace(wallet, name=checked_name(wallet.name))
    return named, check_address(wallet.coin, wallet.address)


def check_devices(devices: Sequence[str]) -> None:
    """Raises Fault `bad_letter` (422) for the first that a rig would not accept."""
    for number, device in enumerate(devices):
        _check(f"devices[{number}]", value_problem(device, _DEVICE))


def check_coins(pools: Iterable[ResolvedPool]) -> None:
    """Raises Fault `wrong_coin` (422) where a pool pays one coin and its wallet is of another."""
    for number, pool in enumerate(pools):
        if pool.coin is not None and pool.coin != pool.mined_coin:
            message = f"The pool {pool.address} pays {pool.coin}, and its wallet is for {pool.mined_coin}."
            raise Fault("wrong_coin", message, f"pools[{number}]")


def pool_text(pool: PoolRequest) -> str:
    """A pool in a line, without its password."""
    parts = (pool.address, "with TLS" if pool.tls else "without TLS", pool.coin or pool.algorithm)
    return ", ".join(part for part in parts if part)


def _check(field: str, problem: Problem | None) -> None:
    if problem is not None:
        place = f" (letter {problem.column})"
        text = problem.text[0].upper() + problem.text[1:]
        raise Fault("bad_letter", f"{text}{place}.", field)
