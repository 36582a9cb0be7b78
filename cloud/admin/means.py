"""What the commands below `commander admin` share: how they speak, and where the store is."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from cloud.bootstrap import in_aws, reading_on_one_machine
from cloud.ports import Ports, StoreReads, StoreUnavailable


class AdminError(Exception):
    """Why a command could not do its work, in a sentence for the operator."""


class Means(NamedTuple):
    """What the program lends to these commands.

    `security_headers` are those that every page must have. `store_file` gives the store of one machine in
    a folder, or in the default one; `commander` the ports of a commander that is stopped, and raises for one
    that runs.
    """

    say: Callable[[str], None]
    new_password: Callable[[], str]
    security_headers: Mapping[str, str]
    store_file: Callable[[Path | None], Path]
    commander: Callable[[Path | None], AbstractContextManager[Ports]]


def add_table(parser: argparse.ArgumentParser) -> None:
    """Where a commander in AWS keeps its items."""
    parser.add_argument("--table", help="name of the DynamoDB table (or RIG_TABLE)")
    parser.add_argument("--region", help="region of the table (or AWS_REGION)")


def add_store(parser: argparse.ArgumentParser) -> None:
    """A store on one machine, or in AWS."""
    parser.add_argument(
        "--data", type=Path, help="folder of a commander on this machine, or a copy of its store"
    )
    add_table(parser)


def environment_of(options: argparse.Namespace) -> dict[str, str]:
    """The variables of a function in AWS, from the options of `add_table` and our own environment."""
    given = {"RIG_TABLE": options.table, "AWS_REGION": options.region or os.environ.get("AWS_DEFAULT_REGION")}
    return {**os.environ, **{name: value for name, value in given.items() if value}}


@contextmanager
def open_store(means: Means, options: argparse.Namespace) -> Iterator[StoreReads]:
    """The store that the options of `add_store` name, for reading alone, also while the commander runs.

    `--data` counts more than RIG_TABLE. Raises AdminError, SettingsError or StoreFileError.
    """
    if options.data and options.table:
        raise AdminError("Give --data or --table: one store at a time.")
    environment = environment_of(options)
    in_the_cloud = not options.data and environment.get("RIG_TABLE")
    try:
        if in_the_cloud:
            yield in_aws(environment).store
        else:
            with reading_on_one_machine(means.store_file(options.data)) as store:
                yield store
    except StoreUnavailable as error:
        raise AdminError(f"The store cannot be read: {error}") from error
