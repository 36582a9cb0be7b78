"""`commander admin …`: an operator's commands for a commander that runs elsewhere."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from cloud.admin.audit import add_audit_commands
from cloud.admin.keys import add_key_commands
from cloud.admin.means import AdminError, Means, add_table, environment_of
from cloud.admin.site import Site
from cloud.admin.smoke import Visit, smoke
from cloud.bootstrap import in_aws
from cloud.domain.principals import OPERATOR
from cloud.ports import Ports, StoreUnavailable
from cloud.usecases.create_owner import create_owner
from cloud.usecases.set_password import set_password

_EXAMPLES = """examples:
  commander admin create-owner --email you@example.org --farm 'My farm' --table TABLE --region eu-central-1
  commander admin new-password --email ann@example.org --table TABLE --region eu-central-1
  commander admin smoke --url https://d111111abcdef8.cloudfront.net --email you@example.org
  commander admin audit-heads --data /srv/rig > heads-of-today
  commander admin verify-audit --data /srv/rig --heads heads-of-today
  commander admin rotate-key --data /srv/rig
  RIG_PASSWORD=… commander admin smoke --url http://127.0.0.1:8080 --email owner@localhost
"""
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}\Z")
_URL = re.compile(r"https?://[^/\s?#@]+\Z")


def add_commands(parser: argparse.ArgumentParser, means: Means) -> None:
    """Adds the commands below `commander admin`; each raises AdminError or what bootstrap raises."""
    parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    owner = commands.add_parser("create-owner", help="the first account of a commander on AWS, and its farm")
    owner.add_argument("--email", type=_email, required=True, help="what the owner signs in with")
    owner.add_argument("--farm", required=True, help="the farm's name")
    add_table(owner)
    owner.set_defaults(command=partial(_create_owner, means))
    renew = commands.add_parser("new-password", help="a new password for an account on AWS; its sessions end")
    renew.add_argument("--email", type=_email, required=True, help="whose password")
    renew.add_argument("--end-second-factor", action="store_true", help="also sign in without a code again")
    add_table(renew)
    renew.set_defaults(command=partial(_new_password, means))
    trial = commands.add_parser("smoke", help="try out a running commander, and tidy up")
    trial.add_argument("--url", type=_url, required=True, help="where the page is")
    trial.add_argument("--email", type=_email, required=True, help="the account to sign in with")
    trial.add_argument("--timeout", type=_seconds, default=30.0, help="seconds to wait for each step (30)")
    trial.set_defaults(command=partial(_smoke, means))
    add_audit_commands(commands, means)
    add_key_commands(commands, means)


def _create_owner(means: Means, options: argparse.Namespace) -> int:
    password = means.new_password()
    with _table(options) as ports:
        farm = create_owner(ports, options.email, password, options.farm)
    means.say(f"Farm {farm} is made.")
    means.say(f"Account {options.email}, password {password}   (shown this once; keep it)")
    return 0


def _new_password(means: Means, options: argparse.Namespace) -> int:
    password = means.new_password()
    with _table(options) as ports:
        set_password(ports, options.email, password, end_second_factor=options.end_second_factor)
    means.say(f"Account {options.email}, password {password}   (shown this once; keep it)")
    return 0


@contextmanager
def _table(options: argparse.Namespace) -> Iterator[Ports]:
    """The commander on AWS, but for its pages, which an operator's computer does not reach."""
    environment = environment_of(options)
    ports: Ports = in_aws(environment)
    try:
        yield replace(ports, sockets=_NoSockets(), actor=OPERATOR)
    except StoreUnavailable as error:
        table, region = environment["RIG_TABLE"], environment["AWS_REGION"]
        raise AdminError(f"The table {table} in {region} cannot be used: {error}") from error


class _NoSockets:
    """The port `Sockets`. A page whose connection is forgotten is sent nothing more, and closes itself."""

    def send(self, connection: str, message: bytes) -> bool:  # noqa: ARG002 - the port's
        return False

    def close(self, connection: str) -> None:  # noqa: ARG002
        return


def _smoke(means: Means, options: argparse.Namespace) -> int:
    password = os.environ.get("RIG_PASSWORD") or _asked(f"Password of {options.email}: ")
    site = Site(options.url, options.timeout)
    return 0 if smoke(Visit(site, options.email, password, means.security_headers), means.say) else 1


def _asked(prompt: str) -> str:
    try:
        with warnings.catch_warnings():
            # It would read on from elsewhere, and show what is typed.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (EOFError, getpass.GetPassWarning) as error:
        raise AdminError("There is no terminal to ask for the password: set RIG_PASSWORD.") from error


def _email(text: str) -> str:
    if _ADDRESS.match(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an e-mail address")
    return text


def _url(text: str) -> str:
    bare = text.rstrip("/")
    if _URL.match(bare) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not an address like https://host")
    return bare


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 1 to 600")
    return seconds
