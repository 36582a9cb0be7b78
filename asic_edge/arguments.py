"""The command line of `asic-edge`, with examples for each command."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

EXIT_CODES = """
exit codes: 0 good, 1 failed, 2 wrong usage, 3 done in part (rows, devices or questions are left),
130 interrupted
"""
_EXAMPLES = """examples:
  asic-edge enrol --url https://commander.example --token <token>
  asic-edge scan 192.168.1.0/24 --add
  asic-edge list
  asic-edge doctor
"""
_RULES = """fields of --name: {make} {model} {ip} {ip1} {ip2} {ip3} {ip4} {mac} {mac6} {hostname} {place}
"""

_Commands = argparse._SubParsersAction  # argparse has no public name for it


def parser() -> argparse.ArgumentParser:
    """`command` of what it parses is the command's name."""
    program = argparse.ArgumentParser(
        prog="asic-edge",
        description="Looks after the ASICs of a LAN: finds and reads them, and never writes to them.",
        epilog=_EXAMPLES + EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    program.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version and exit")
    commands = program.add_subparsers(metavar="command", required=True, dest="command")
    for add in (
        _enrol,
        _run,
        _add,
        _scan,
        _list,
        _remove,
        _read,
        _import,
        _credentials,
        _answers,
        _services,
        _doctor,
    ):
        add(commands)
    return program


class _ShowVersion(argparse.Action):
    """Looks the version up only when asked."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from asic_edge.settings.version import program_version  # noqa: PLC0415 - see there

        sys.stdout.write(f"asic-edge {program_version()}\n")
        parser.exit()


def _command(
    commands: _Commands[argparse.ArgumentParser], name: str, does: str, examples: str
) -> argparse.ArgumentParser:
    lines = "".join(f"  {line}\n" for line in examples.splitlines())
    command = commands.add_parser(
        name,
        help=does,
        description=f"{does[0].upper()}{does[1:]}.",
        epilog=f"examples:\n{lines}{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--data", metavar="FOLDER", help="data folder (or ASIC_EDGE_DATA)")
    return command


def _enrol(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "enrol",
        "connect this edge to a commander",
        "asic-edge enrol --url https://commander.example --token <token>\nasic-edge enrol",
    )
    command.add_argument("--url", help="address of the commander, as the dashboard shows it")
    command.add_argument("--token", help="token of this agent; asked for when left out")
    command.add_argument(
        "--allow-http", action="store_true", help="accept an address without TLS (unencrypted)"
    )
    command.add_argument("--force", action="store_true", help="replace an earlier enrolment")


def _run(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "run",
        "read the devices and report to the commander",
        "asic-edge run\nasic-edge run --round-s 10",
    )
    command.add_argument(
        "--round-s",
        type=float,
        metavar="SECONDS",
        help="a round so often, 1 to 60, whatever the commander wants; no device is asked more often than "
        "its model bears",
    )
    command.add_argument(
        "--until-stdin-closes", action="store_true", help="end when the standard input ends, for parents"
    )


def _add(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "add",
        "check one device and put it into the roster",
        "asic-edge add --type antminer --ip 192.168.1.20\n"
        "asic-edge add --type 's19 pro' --ip 192.168.1.20 --name rack-1 --place A-01 --tags loud,old\n"
        "asic-edge add --type any --ip 192.168.1.20",
    )
    command.add_argument("--type", dest="kind", help="make or model, or any; asked for when left out")
    command.add_argument("--ip", dest="address", help="its address; asked for when left out")
    command.add_argument("--public", action="store_true", help="allow an address outside private networks")
    command.add_argument("--name", default="", help="what to call it (made of model and address)")
    _add_words(command)


def _scan(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "scan",
        "find devices in ranges of addresses",
        "asic-edge scan 192.168.1.0/24\n"
        "asic-edge scan 192.168.1.0/24 10.0.0.5-10.0.0.99 --json\n"
        "asic-edge scan 192.168.1.0/24 --add --make antminer --model 's19 pro' --name '{model}-{ip4}'",
    )
    command.epilog = f"{_RULES}\n{command.epilog}"
    command.add_argument(
        "ranges", nargs="+", metavar="RANGE", help="192.168.1.0/24, 10.0.0.5-10.0.0.99, 10.0.0.7"
    )
    command.add_argument("--public", action="store_true", help="allow addresses outside private networks")
    command.add_argument("--add", action="store_true", help="add all that are found to the roster")
    command.add_argument("--make", action="append", default=[], help="only this make; may be given again")
    command.add_argument("--model", action="append", default=[], help="only this model; may be given again")
    command.add_argument("--name", dest="rule", metavar="RULE", help="rule for names of new devices")
    _add_words(command)
    command.add_argument("--json", action="store_true", help="one document a line")


def _list(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands, "list", "show the roster and open questions", "asic-edge list\nasic-edge list --json"
    )
    command.add_argument("--json", action="store_true", help="one document a line")


def _remove(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "remove",
        "take devices out of the roster",
        "asic-edge remove rack-1\nasic-edge remove 192.168.1.20 02:00:00:AA:BB:CC '#7'",
    )
    command.add_argument("devices", nargs="+", metavar="DEVICE", help="name, address, MAC, or #number")


def _read(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "read",
        "show everything that devices tell",
        "asic-edge read --ip 192.168.1.20\nasic-edge read --ip 192.168.1.20 --ip 192.168.1.21 --json",
    )
    command.add_argument("--ip", action="append", required=True, dest="addresses", help="may be given again")
    command.add_argument("--json", action="store_true", help="one document a line")


def _import(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "import",
        "take devices from a CSV file, after a preview",
        "asic-edge import roster.csv\nasic-edge import roster.csv --yes",
    )
    command.add_argument(
        "file", type=Path, help="columns: address or mac (or both), name, place, client, tags"
    )
    command.add_argument("--yes", action="store_true", help="apply without asking")
    command.add_argument("--public", action="store_true", help="allow addresses outside private networks")


def _credentials(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "credentials",
        "keep a login for devices; it is typed, stays here and goes to the devices alone",
        "asic-edge credentials --range 192.168.1.0/24\n"
        "asic-edge credentials --model 'antminer s19 pro'\n"
        "asic-edge credentials --model antminer --forget\n"
        "asic-edge credentials",
    )
    which = command.add_mutually_exclusive_group()
    which.add_argument("--range", dest="of_range", help="for addresses; a narrower range counts first")
    which.add_argument("--model", dest="of_model", help="for a make or model")
    command.add_argument("--forget", action="store_true", help="remove the login of this range or model")
    command.add_argument("--public", action="store_true", help="allow addresses outside private networks")


def _answers(commands: _Commands[argparse.ArgumentParser]) -> None:
    for name, does in (
        ("same", "answer: it is the same machine, with a new control board"),
        ("different", "answer: it is another machine"),
        ("undo", "take an answer back"),
    ):
        command = _command(commands, name, does, f"asic-edge {name} 12")
        command.add_argument("question", type=int, help="number of the question, as `list` shows it")


def _services(commands: _Commands[argparse.ArgumentParser]) -> None:
    install = _command(
        commands,
        "install-service",
        "let the system start the edge at boot and keep it running; needs root",
        "asic-edge install-service\nasic-edge install-service --print",
    )
    install.add_argument("--user", help="whose service it is (asic-edge, made where it is missing)")
    install.add_argument("--print", action="store_true", dest="only_print", help="show the unit, do nothing")
    _command(
        commands,
        "uninstall-service",
        "stop the service and remove it; needs root",
        "asic-edge uninstall-service",
    )


def _doctor(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands, "doctor", "check everything and say what to do", "asic-edge doctor\nasic-edge doctor --json"
    )
    command.add_argument("--json", action="store_true", help="one document a line")


def _add_words(command: argparse.ArgumentParser) -> None:
    command.add_argument("--place", default="", help="where it stands")
    command.add_argument("--client", default="", help="whose it is")
    command.add_argument("--tags", default="", help="separated by commas")
