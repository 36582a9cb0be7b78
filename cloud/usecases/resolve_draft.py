"""Checks a draft of a playbook against the address book and the software list, and fills its scripts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from cloud.domain.labels import checked_name, checked_text
from cloud.domain.playbooks import Book, ResolvedPool
from cloud.domain.software import find_archive
from cloud.domain.templates import check_coins, check_devices
from wire.assignments import Archive, System
from wire.faults import Fault
from wire.placeholders import SCRIPT_MAX_LETTERS, Refused, Values, fill
from wire.templates import FilledPreview, PlaybookDraft, ScriptProblem

EXAMPLE: Final = Values(worker="rig-1", rig_name="rig-1", api_port="4000")
"""What a script is filled with where no rig is named."""
_LONGEST: Final = Values(worker="w" * 40, rig_name="r" * 80, api_port="65535")
FILLED_MAX_LETTERS: Final = 2 * SCRIPT_MAX_LETTERS


class Resolved(NamedTuple):
    """A draft in one spelling, with what its ids stand for now."""

    draft: PlaybookDraft
    pools: tuple[ResolvedPool, ...]
    archives: dict[System, Archive]


def resolve_draft(book: Book, draft: PlaybookDraft) -> Resolved:
    """All that a version needs.

    Raises Fault (422) `bad_name`, `bad_label`, `bad_letter`, `unknown_template`, `wrong_coin`,
    `not_installable`, or `bad_script` with the system, line and column of the first problem.
    """
    draft = msgspec.structs.replace(
        draft,
        name=checked_name(draft.name),
        note=checked_text(draft.note, "note", 200),
    )
    check_devices(draft.devices)
    pools = resolved_pools(book, draft)
    check_coins(pools)
    archives = {system: _archive(book, draft, system) for system in draft.scripts}
    problems = fill_draft(draft, pools, _LONGEST).problems
    if problems:
        first = problems[0]
        message = f"{first.system}, line {first.line}, column {first.column}: {first.text}."
        raise Fault("bad_script", message, f"scripts.{first.system}")
    return Resolved(draft, pools, archives)


def resolved_pools(book: Book, draft: PlaybookDraft) -> tuple[ResolvedPool, ...]:
    """Raises Fault `unknown_template` (422)."""
    pools = []
    for number, choice in enumerate(draft.pools):
        pool, wallet = book.pools.get(choice.pool), book.wallets.get(choice.wallet)
        if pool is None or wallet is None:
            what, part = ("pool", "pool") if pool is None else ("wallet", "wallet")
            message = f"There is no such {what} in the address book."
            raise Fault("unknown_template", message, f"pools[{number}].{part}")
        pools.append(ResolvedPool.of(pool.entry, wallet.entry))
    return tuple(pools)


def fill_draft(draft: PlaybookDraft, pools: Iterable[ResolvedPool], rig: Values) -> FilledPreview:
    """The scripts of each system that can be filled, and what is wrong with the others."""
    values = [pool.values() for pool in pools]
    filled: dict[System, tuple[str, ...]] = {}
    problems: list[ScriptProblem] = []
    for system, script in draft.scripts.items():
        try:
            texts = fill(script, rig, values)
        except Refused as refused:
            problems += [ScriptProblem(system, *problem) for problem in refused.problems]
            continue
        if max(map(len, texts)) > FILLED_MAX_LETTERS:
            text = f"with all of its pools it has more than {FILLED_MAX_LETTERS:,} letters"
            problems.append(ScriptProblem(system, 1, 1, text))
        else:
            filled[system] = texts
    return FilledPreview(filled, tuple(problems))


def _archive(book: Book, draft: PlaybookDraft, system: System) -> Archive:
    archive = find_archive(book.software, draft.program, draft.program_version, system)
    if archive is None:
        program = f"{draft.program} {draft.program_version}"
        message = f"{program} cannot be installed on {system}: no archive with a SHA-256 is known."
        raise Fault("not_installable", message, "program_version")
    return archive
