"""The program `asic-edge`: runs one command and ends with its exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from asic_edge.arguments import parser
from asic_edge.commands.console import AtTerminal
from asic_edge.commands.words import FAILED, INTERRUPTED
from asic_edge.roster.entries import RosterError
from asic_edge.settings.folder import SettingsError, act_as_owner, data_folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 good, 1 failed, 2 wrong usage, 3 done in part, 130 interrupted."""
    given = parser().parse_args(arguments)
    try:
        folder = data_folder(given.data, os.environ)
        if given.command not in _FOR_ROOT:
            act_as_owner(folder)
        return _COMMANDS[given.command](folder, given)
    except (SettingsError, RosterError) as error:
        return _failed(str(error))
    except BrokenPipeError:
        sys.stdout = None  # whoever read our output went away
        return FAILED
    except OSError as error:
        return _failed(f"{error.filename or 'The system'}: {error.strerror or error}.")
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\nInterrupted.\n")
        return INTERRUPTED


# Each command loads only what it needs: `list` and --help need neither HTTP nor devices.
def _enrol(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.enrol import Wish, enrol  # noqa: PLC0415
    from wire.uplink.failure import UplinkFailure  # noqa: PLC0415

    try:
        return enrol(folder, Wish(given.url, given.token, given.allow_http, given.force), AtTerminal())
    except UplinkFailure as failure:
        return _failed(failure.sentence)


def _run(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.run import run  # noqa: PLC0415

    return run(folder, until_stdin_closes=given.until_stdin_closes, round_s=given.round_s)


def _add(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.add import Wish, add  # noqa: PLC0415

    wish = Wish(given.kind, given.address, given.name, given.place, given.client, given.tags, given.public)
    return add(folder, wish, AtTerminal())


def _scan(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.scan import Wish, scan  # noqa: PLC0415
    from asic_edge.roster.naming import USUAL_RULE  # noqa: PLC0415

    wish = Wish(
        tuple(given.ranges),
        public=given.public,
        add=given.add,
        makes=tuple(given.make),
        models=tuple(given.model),
        rule=given.rule or USUAL_RULE,
        place=given.place,
        client=given.client,
        tags=given.tags,
        as_json=given.json,
    )
    return scan(folder, wish)


def _list(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.listing import show  # noqa: PLC0415

    return show(folder, as_json=given.json)


def _remove(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.listing import remove  # noqa: PLC0415

    return remove(folder, given.devices)


def _read(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.read import read  # noqa: PLC0415

    return read(folder, given.addresses, as_json=given.json)


def _import(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.import_rows import import_rows  # noqa: PLC0415

    return import_rows(folder, given.file, AtTerminal(), yes=given.yes, public=given.public)


def _credentials(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.credentials import Wish, credentials  # noqa: PLC0415

    wish = Wish(given.of_range, given.of_model, given.forget, given.public)
    return credentials(folder, wish, AtTerminal())


def _answer(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands import listing  # noqa: PLC0415

    answers = {"same": listing.same, "different": listing.different, "undo": listing.undo}
    return answers[given.command](folder, given.question)


def _install_service(_: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.install_service import install_service  # noqa: PLC0415

    return install_service(given.user, given.data, only_print=given.only_print)


def _uninstall_service(*_: object) -> int:
    from asic_edge.commands.uninstall_service import uninstall_service  # noqa: PLC0415

    return uninstall_service()


def _doctor(folder: Path, given: argparse.Namespace) -> int:
    from asic_edge.commands.doctor import doctor  # noqa: PLC0415

    return doctor(folder, as_json=given.json)


_COMMANDS: dict[str, Callable[[Path, argparse.Namespace], int]] = {
    "enrol": _enrol,
    "run": _run,
    "add": _add,
    "scan": _scan,
    "list": _list,
    "remove": _remove,
    "read": _read,
    "import": _import,
    "credentials": _credentials,
    "same": _answer,
    "different": _answer,
    "undo": _answer,
    "install-service": _install_service,
    "uninstall-service": _uninstall_service,
    "doctor": _doctor,
}
_FOR_ROOT = ("install-service", "uninstall-service")


def _failed(sentence: str) -> int:
    sys.stderr.write(f"asic-edge: {sentence}\n")
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
