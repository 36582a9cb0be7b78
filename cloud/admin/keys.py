"""`commander admin rotate-key` and `sign-again`: the key by which rigs believe, and what it signed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from cloud.admin.means import AdminError, Means
from cloud.domain import keys
from cloud.domain.principals import OPERATOR
from cloud.domain.records import FarmEntry
from cloud.ports import Ports, StoreUnavailable, every
from cloud.usecases.rotate_key import rotate_key
from cloud.usecases.sign_again import sign_again
from wire.faults import Fault


def add_key_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], means: Means) -> None:
    """Both are for a commander on one machine, while it is stopped."""
    rotate = commands.add_parser("rotate-key", help="a new key to sign with; rigs follow it by themselves")
    again = commands.add_parser("sign-again", help="sign anew what each rig is to run; it can be resumed")
    for parser, command in ((rotate, _rotate), (again, _sign_again)):
        parser.add_argument("--data", type=Path, help="folder of a commander on this machine")
        parser.set_defaults(command=partial(command, means))


def _rotate(means: Means, options: argparse.Namespace) -> int:
    with _commander(means, options) as ports:
        farms = rotate_key(ports)
    means.say(f"A new key signs from now on; rigs of {farms} farms follow it.")
    means.say("Sign again with it: commander admin sign-again")
    return 0


def _sign_again(means: Means, options: argparse.Namespace) -> int:
    refused = 0
    with _commander(means, options) as ports:
        prefix = keys.FARM_PREFIX
        for item in every(ports.store, keys.FARMS_PK, prefix, prefix + "~"):
            refused += _farm(means, ports, item.read(FarmEntry).farm)
    if refused:
        means.say(f"For {refused:,} rigs nothing could be signed; GET /v1/rollouts says why")
    return 1 if refused else 0


def _farm(means: Means, ports: Ports, farm: str) -> int:
    """For how many of its rigs nothing could be signed."""
    refused = 0
    for progress in sign_again(ports, farm):
        means.say(f"{farm}: {progress.done:,} of {progress.rigs:,} rigs")
        refused = progress.refused
    return refused


@contextmanager
def _commander(means: Means, options: argparse.Namespace) -> Iterator[Ports]:
    """Raises AdminError, or what opening the folder raises."""
    try:
        with means.commander(options.data) as ports:
            yield replace(ports, actor=OPERATOR)
    except StoreUnavailable as error:
        raise AdminError(f"It was not done to the end: {error}. Call it again.") from error
    except Fault as fault:
        raise AdminError(fault.message) from fault
