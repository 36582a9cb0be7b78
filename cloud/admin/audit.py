"""`commander admin audit`, `audit-heads`, `verify-audit`: who did what, and whether that still stands."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from cloud.admin.means import AdminError, Means, add_store, open_store
from cloud.domain.audit import UNREADABLE, NotedHead
from cloud.usecases.list_audit import every_line
from cloud.usecases.list_heads import list_heads
from cloud.usecases.verify_audit import Verdict, verify_audit
from wire.people import AuditLine


def add_audit_commands(commands: Any, means: Means) -> None:
    """Adds them to the subparsers of `commander admin`; each raises AdminError or what bootstrap raises."""
    verify = commands.add_parser("verify-audit", help="find what was changed in the audit logs")
    verify.add_argument("--heads", type=Path, help="what audit-heads said earlier: it must still be true")
    heads = commands.add_parser("audit-heads", help="the ends of all audit logs, to be kept elsewhere")
    show = commands.add_parser("audit", help="who did what in a farm, or in the commander itself")
    show.add_argument("--farm", help="id of the farm; without it, the commander's own log")
    show.add_argument("--json", action="store_true", help="a JSON object a line")
    for parser, command in ((verify, _verify), (heads, _heads), (show, _show)):
        add_store(parser)
        parser.set_defaults(command=partial(command, means))


def _verify(means: Means, options: argparse.Namespace) -> int:
    noted = _noted(options.heads) if options.heads else {}
    broken = 0
    with open_store(means, options) as store:
        for verdict in verify_audit(store, noted):
            broken += verdict.fault is not None
            state, result = (
                ("ok    ", _count(verdict)) if verdict.fault is None else ("BROKEN", verdict.fault)
            )
            means.say(f"{state}  {_whose(verdict.farm)}: {result}")
    return 1 if broken else 0


def _heads(means: Means, options: argparse.Namespace) -> int:
    with open_store(means, options) as store:
        try:
            for head in list_heads(store):
                means.say(msgspec.json.encode(head).decode())
        except UNREADABLE as error:
            raise _unreadable() from error
    return 0


def _show(means: Means, options: argparse.Namespace) -> int:
    count = 0
    with open_store(means, options) as store:
        try:
            for line in every_line(store, options.farm):
                count += 1
                means.say(_as_json(line) if options.json else _as_text(line))
        except UNREADABLE as error:
            raise _unreadable() from error
    if count == 0:
        raise AdminError(f"There is no line in the log of {_whose(options.farm)}.")
    return 0


def _noted(path: Path) -> dict[str | None, dict[int, str]]:
    """The digests in a file of `audit-heads`, or in several that stand one after another in it."""
    noted: dict[str | None, dict[int, str]] = defaultdict(dict)
    try:
        with path.open("rb") as file:
            for place, text in enumerate(file, 1):
                head = _head(path, place, text)
                if noted[head.farm].setdefault(head.number, head.sha256) != head.sha256:
                    what = f"line {head.number} of {_whose(head.farm)}"
                    raise AdminError(f"{path} notes two different digests of {what}.")
    except OSError as error:
        raise AdminError(f"{path} cannot be read: {error.strerror}.") from error
    return dict(noted)


def _head(path: Path, place: int, text: bytes) -> NotedHead:
    try:
        return msgspec.json.decode(text, type=NotedHead)
    except UNREADABLE as error:
        raise AdminError(f"{path} is not what audit-heads wrote, in line {place}: {error}.") from error


def _unreadable() -> AdminError:
    return AdminError("What comes next cannot be read: see `commander admin verify-audit`.")


def _as_json(line: AuditLine) -> str:
    return json.dumps(msgspec.to_builtins(line), separators=(",", ":"))


def _as_text(line: AuditLine) -> str:
    """On one line, and with nothing that a terminal would obey."""
    at = datetime.fromtimestamp(line.at, UTC).isoformat(timespec="seconds")
    before, after = (json.dumps(side, ensure_ascii=False) for side in (line.before, line.after))
    who = f"{line.by} ({line.address})" if line.address else line.by
    text = f"{line.number}  {at}  {who}  {line.action} {line.thing}  {before} → {after}"
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _whose(farm: str | None) -> str:
    return "the commander itself" if farm is None else f"farm {farm}"


def _count(verdict: Verdict) -> str:
    if verdict.lines == 0 and verdict.farm is not None:
        return "no lines: a farm of an older program, or its log was removed"
    return "1 line" if verdict.lines == 1 else f"{verdict.lines} lines"
