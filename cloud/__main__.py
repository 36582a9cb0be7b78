"""The program `commander`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

from cloud.admin.commands import add_commands
from cloud.admin.means import AdminError, Means
from cloud.bootstrap import StoreFileError, dead_letters, on_one_machine
from cloud.domain.policy import Policy
from cloud.domain.principals import OPERATOR
from cloud.domain.records import decode_arrival
from cloud.gateway import first_steps
from cloud.gateway.folder import STORE_FILE, default_path
from cloud.gateway.server import SECURITY_HEADERS
from cloud.gateway.up import HOST, CannotStart, Options, open_folder, up
from cloud.ports import DeadLetter, DeadLetters, Ports, StoreUnavailable
from cloud.settings import SettingsError, read_settings
from wire.faults import Fault

FIRST_ASIC = "127.20.0.1"
# Nothing is billed per report on one machine, so it looks more often than the cloud does.
LOCAL_POLICY = Policy(sample_interval_s=5, report_interval_s=10, outage_min_s=45)
_EXAMPLES = """examples:
  commander up                          watch this computer at http://127.0.0.1:8080
  commander up --port 9000 --rigs 50    on another port, with 50 simulated rigs beside it
  commander up --asics 200              with 200 simulated ASICs and the edge that reads them
  commander up --data /srv/rig          keep the store in another folder
  commander new-password                forgot the owner's password? (the commander must not run)
  commander new-password --email ann@example.org --end-second-factor
  commander dead-letters show --dead-letter-url URL
  commander dead-letters replay --dead-letter-url URL --queue-url URL
  commander admin --help                for a commander on AWS, and its audit log; keys
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 ended as asked, 1 could not start, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return int(options.command(options))
    except (CannotStart, SettingsError, StoreFileError, AdminError, Fault) as error:
        sys.stderr.write(f"commander: {error}\n")
    except KeyboardInterrupt:
        sys.stderr.write("commander: interrupted\n")
    return 1


def _up(options: argparse.Namespace) -> int:
    settings = read_settings(os.environ, f"http://{HOST}:{options.port}", LOCAL_POLICY)
    wanted = Options(
        options.data,
        options.port,
        options.rigs,
        options.asics,
        options.asics_from,
        own_sentry=not options.no_sentry,
    )
    up(wanted, settings, _say)
    return 0


def _new_password(options: argparse.Namespace) -> int:
    with _stopped(options.data) as ports:
        password = first_steps.renew_password(
            replace(ports, actor=OPERATOR),
            options.email,
            end_second_factor=options.end_second_factor,
        )
    _say(f"Account {options.email}, password {password}   (shown this once; keep it)")
    return 0


@contextmanager
def _stopped(data: Path | None) -> Iterator[Ports]:
    """The ports of a commander that does not run now; raises CannotStart or StoreFileError."""
    settings = read_settings(os.environ, "", LOCAL_POLICY)
    path = (data or default_path()).expanduser().absolute()
    if not (path / STORE_FILE).exists():  # before the folder is held, which would make one
        raise CannotStart(f"There is no store in {path}.")
    with open_folder(path) as folder:
        commander = on_one_machine(settings, folder.store_file)
        try:
            yield commander.ports
        finally:
            commander.close()


def _dead_letters(options: argparse.Namespace) -> int:
    if options.action == "replay" and not options.queue_url:
        raise CannotStart("replay needs --queue-url: where to put the letters back.")
    letters = dead_letters(options.dead_letter_url, options.queue_url or "")
    try:
        _handle_letters(options.action, letters)
    except StoreUnavailable as error:
        raise CannotStart(f"The queue at {options.dead_letter_url!r} cannot be asked: {error}") from error
    return 0


def _handle_letters(action: str, letters: DeadLetters) -> None:
    if action == "replay":
        _say(f"{letters.replay()} reports were put back into the queue")
        return
    waiting, count = letters.waiting(), 0
    for letter in letters.show():
        _say(_describe(letter))
        count += 1
    _say(f"{count} reports could not be stored")
    if waiting > count:
        _say(f"The queue says that about {waiting} wait: look again in 2 minutes for those not shown here")


def _describe(letter: DeadLetter) -> str:
    sent = datetime.fromtimestamp(letter.sent_at, UTC).isoformat(timespec="seconds")
    try:
        arrival = decode_arrival(letter.body)
    except ValueError as error:
        return f"{sent}  {letter.message}  {error}"
    machines = ", ".join(machine.machine for machine in arrival.report.machines)
    return f"{sent}  {letter.message}  farm {arrival.farm}: {machines}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="commander",
        description="Rig Commander: watch and steer mining rigs from a browser.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"commander {version('rig-commander')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    start = commands.add_parser("up", help="run the commander on this machine")
    _add_data(start)
    start.add_argument("--port", type=_port, default=8080, help="port on 127.0.0.1 (8080)")
    start.add_argument("--rigs", type=_rigs, default=0, help="simulated rigs beside this computer (0)")
    start.add_argument("--asics", type=_asics, default=0, help="simulated ASICs beside this computer (0)")
    start.add_argument(
        "--asics-from", type=_loopback, default=FIRST_ASIC, help="address of the first of them (%(default)s)"
    )
    start.add_argument("--no-sentry", action="store_true", help="do not watch this computer itself")
    start.set_defaults(command=_up)
    renew = commands.add_parser("new-password", help="give an account a new password; its sessions end")
    _add_data(renew)
    renew.add_argument("--email", default=first_steps.OWNER, help="whose password (%(default)s)")
    renew.add_argument(
        "--end-second-factor",
        action="store_true",
        help="also sign in without a code again: for a lost telephone without recovery codes",
    )
    renew.set_defaults(command=_new_password)
    letters = commands.add_parser("dead-letters", help="reports that the queue gave up on (enterprise)")
    letters.add_argument("action", choices=["show", "replay"])
    letters.add_argument("--dead-letter-url", required=True, help="URL of the dead-letter queue")
    letters.add_argument("--queue-url", help="URL of the queue that the letters go back into")
    letters.set_defaults(command=_dead_letters)
    admin = commands.add_parser("admin", help="its owner on AWS, a trial, who did what, keys")
    add_commands(admin, Means(_say, first_steps.new_password, SECURITY_HEADERS, _store_file, _stopped))
    return parser


def _store_file(data: Path | None) -> Path:
    path = (data or default_path()).expanduser().absolute()
    return path if path.is_file() else path / STORE_FILE


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=default_path(), help="folder of the store (%(default)s)")


def _port(text: str) -> int:
    return _between(text, 1, 65535)


def _rigs(text: str) -> int:
    return _between(text, 0, 10_000)


def _asics(text: str) -> int:
    return _between(text, 0, 2000)


def _loopback(text: str) -> str:
    try:
        address = IPv4Address(text)
    except AddressValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no IPv4 address") from error
    if not address.is_loopback:
        raise argparse.ArgumentTypeError(f"{text} is not within 127.0.0.0/8")
    return text


def _between(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
