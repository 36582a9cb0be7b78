"""The program `edge-sentry`: reads the command line and runs one command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from edge_sentry.settings.folder import SettingsError, data_folder

_EXAMPLES = """examples:
  edge-sentry enrol --url https://commander.example --token <token>
  edge-sentry run
  edge-sentry status --json
  edge-sentry probe --miner xmrig --port 18088
  edge-sentry doctor
  sudo edge-sentry install-service

exit codes: 0 good, 1 failed, 2 wrong usage, 3 (status) not running or not accepted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 good, 1 failed, 2 usage, 3 from `status` when not well."""
    given = parser().parse_args(arguments)
    try:
        return int(given.command(given))
    except SettingsError as error:
        return _failed(str(error))
    except OSError as error:
        return _failed(f"{error.filename or 'The system'}: {error.strerror or error}.")
    except (KeyboardInterrupt, EOFError):
        return _failed("Interrupted.")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    program = argparse.ArgumentParser(
        prog="edge-sentry",
        description="Watches this rig and reports to a Rig Commander.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    program.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version and exit")
    commands = program.add_subparsers(metavar="command", required=True)
    _add_enrol(commands)
    _add_run(commands)
    _add_status(commands)
    _add_simulate(commands)
    _add_probe(commands)
    _add_install_service(commands)
    _add_uninstall_service(commands)
    _add_doctor(commands)
    return program


class _ShowVersion(argparse.Action):
    """Looks the version up only when asked."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from edge_sentry.settings.version import program_version  # noqa: PLC0415 - see there

        sys.stdout.write(f"edge-sentry {program_version()}\n")
        parser.exit()


Commands = argparse._SubParsersAction  # argparse has no public name for it


def _add_enrol(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("enrol", help="connect this rig to a commander")
    command.add_argument("--url", help="address of the commander, as the dashboard shows it")
    command.add_argument("--token", help="token of this agent; asked for when left out")
    command.add_argument(
        "--allow-http", action="store_true", help="accept an address without TLS (unencrypted)"
    )
    command.add_argument("--force", action="store_true", help="replace an earlier enrolment")
    _add_data(command)
    command.set_defaults(command=_enrol)


def _add_run(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("run", help="watch and report until stopped")
    _add_until_stdin_closes(command)
    _add_data(command)
    command.set_defaults(command=_run)


def _add_status(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("status", help="whether it runs and is accepted")
    command.add_argument("--json", action="store_true", help="for programs")
    _add_data(command)
    command.set_defaults(command=_status)


def _add_simulate(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("simulate", help="pretend to be many rigs")
    command.add_argument("--file", required=True, type=Path, help="JSON: address and tokens")
    command.add_argument("--fail", type=float, help="share of the rigs that install nothing, 0 to 1")
    _add_until_stdin_closes(command)
    command.set_defaults(command=_simulate)


_PROBE_EXAMPLES = """examples:
  edge-sentry probe --miner xmrig --port 18088 --access-token <token>
  edge-sentry probe --miner t-rex
  edge-sentry probe --miner lolminer --port 8080 --json

It only reads, and only from 127.0.0.1. An unknown name shows the list of names. Others on this computer
can see a token on the command line while the command runs.

exit codes: 0 good, 1 not readable, 2 wrong usage
"""


def _add_probe(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "probe",
        help="show the figures of a mining program that runs here",
        epilog=_PROBE_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--miner", required=True, metavar="NAME", help="which program it is")
    command.add_argument("--port", type=_port, help="port of its API; its usual one when left out")
    command.add_argument("--access-token", metavar="TOKEN", help="where its API asks for one (XMRig)")
    command.add_argument("--json", action="store_true", help="for programs")
    command.set_defaults(command=_probe)


_INSTALL_EXAMPLES = """examples:
  sudo edge-sentry install-service
  sudo edge-sentry install-service --data /srv/edge-sentry
  edge-sentry install-service --print

The sentry then starts at each boot, as a user of its own, and mining programs outlive it. Run it again
after an update, a new enrolment or a new graphics driver.

exit codes: 0 good, 1 failed, 2 wrong usage
"""


def _add_install_service(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "install-service",
        help="start at each boot; needs root",
        epilog=_INSTALL_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--user", metavar="NAME", help="who runs it; made when missing (edge-sentry)")
    command.add_argument("--data", metavar="FOLDER", help="its data folder (/var/lib/edge-sentry)")
    command.add_argument("--print", action="store_true", help="show what would be written, and do nothing")
    command.set_defaults(command=_install_service)


_UNINSTALL_EXAMPLES = """examples:
  sudo edge-sentry uninstall-service
  sudo edge-sentry uninstall-service --purge

Mining programs go on: it says how to stop them.

exit codes: 0 good, 1 failed, 2 wrong usage
"""


def _add_uninstall_service(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "uninstall-service",
        help="stop the service and remove it; needs root",
        epilog=_UNINSTALL_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--purge", action="store_true", help="remove enrolment, unsent samples and logs too")
    command.set_defaults(command=_uninstall_service)


_DOCTOR_EXAMPLES = """examples:
  sudo edge-sentry doctor
  edge-sentry doctor --json
  edge-sentry doctor --data /srv/edge-sentry

It changes nothing and sends no report. As root it sees more: other users' programs and files.

exit codes: 0 nothing is bad, 1 something is, 2 wrong usage
"""


def _add_doctor(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "doctor",
        help="check everything and say what to do",
        epilog=_DOCTOR_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--json", action="store_true", help="for programs")
    _add_data(command)
    command.set_defaults(command=_doctor)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 1 to 65535")
    return int(text)


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", metavar="FOLDER", help="data folder (or EDGE_SENTRY_DATA)")


def _add_until_stdin_closes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--until-stdin-closes", action="store_true", help="also stop when standard input ends"
    )


# Each command loads only what it needs: `status` and --help need no HTTP.
def _enrol(given: argparse.Namespace) -> int:
    from edge_sentry.commands.enrol import Wish, enrol  # noqa: PLC0415
    from wire.uplink.failure import UplinkFailure  # noqa: PLC0415

    wish = Wish(given.url, given.token, given.allow_http, given.force)
    try:
        return enrol(_folder(given), wish)
    except UplinkFailure as failure:
        return _failed(failure.sentence)


def _run(given: argparse.Namespace) -> int:
    from edge_sentry.commands.run import run  # noqa: PLC0415
    from wire.uplink.failure import UplinkFailure  # noqa: PLC0415

    try:
        return run(_folder(given), until_stdin_closes=given.until_stdin_closes)
    except UplinkFailure as failure:
        return _failed(failure.sentence)


def _status(given: argparse.Namespace) -> int:
    from edge_sentry.commands.status import status  # noqa: PLC0415

    return status(_folder(given), as_json=given.json)


def _simulate(given: argparse.Namespace) -> int:
    from edge_sentry.commands.simulate import simulate  # noqa: PLC0415
    from wire.uplink.failure import UplinkFailure  # noqa: PLC0415

    try:
        return simulate(given.file, until_stdin_closes=given.until_stdin_closes, fail=given.fail)
    except UplinkFailure as failure:
        return _failed(failure.sentence)


def _probe(given: argparse.Namespace) -> int:
    from edge_sentry.commands.probe import probe  # noqa: PLC0415

    return probe(given.miner, given.port, given.access_token, as_json=given.json)


def _install_service(given: argparse.Namespace) -> int:
    from edge_sentry.commands.install_service import install_service  # noqa: PLC0415

    return install_service(given.user, given.data, only_print=given.print)


def _uninstall_service(given: argparse.Namespace) -> int:
    from edge_sentry.commands.uninstall_service import uninstall_service  # noqa: PLC0415

    return uninstall_service(purge=given.purge)


def _doctor(given: argparse.Namespace) -> int:
    from edge_sentry.commands.doctor import doctor  # noqa: PLC0415

    return doctor(_folder(given), as_json=given.json)


def _folder(given: argparse.Namespace) -> Path:
    return data_folder(given.data, os.environ)


def _failed(sentence: str) -> int:
    sys.stderr.write(f"edge-sentry: {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
