"""The only place where ports meet adapters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cloud.adapters.argon2_passwords import Argon2Passwords
from cloud.adapters.aws.sqs_queue import SqsDeadLetters
from cloud.adapters.local.live_changes import LiveChanges
from cloud.adapters.local.sockets import LocalSockets
from cloud.adapters.local.sqlite_file import StoreFileError
from cloud.adapters.local.sqlite_store import SqliteStore
from cloud.adapters.system import SystemClock, SystemRandomness
from cloud.adapters.token_buckets import TokenBuckets
from cloud.ports import DeadLetters, Ports
from cloud.settings import Settings

__all__ = ["LocalCommander", "StoreFileError", "dead_letters", "on_one_machine"]


def dead_letters(dead_letter_url: str, queue_url: str) -> DeadLetters:
    """The dead letters of an enterprise edition, with the AWS credentials of the environment."""
    import boto3  # noqa: PLC0415 - a tenth of a second that one machine does not need

    region = dead_letter_url.split(".")[1] if ".amazonaws.com" in dead_letter_url else None
    return SqsDeadLetters(boto3.client("sqs", region_name=region), dead_letter_url, queue_url)


@dataclass(frozen=True, slots=True)
class LocalCommander:
    """The ports of one machine, and the parts of them that the gateway drives."""

    ports: Ports
    store: SqliteStore
    sockets: LocalSockets
    changes: LiveChanges

    def close(self) -> None:
        """Everything that was answered is on disk already; this lets go of the file."""
        self.changes.stop()
        self.store.close()


def on_one_machine(settings: Settings, store_file: Path) -> LocalCommander:
    """SQLite in `store_file`, sockets and live changes in this process; raises StoreFileError."""
    clock, changes, sockets = SystemClock(), LiveChanges(), LocalSockets()
    policy = settings.policy
    store = SqliteStore(store_file, clock, changes)
    ports = Ports(
        store=store,
        passwords=Argon2Passwords(),
        sockets=sockets,
        clock=clock,
        randomness=SystemRandomness(),
        policy=policy,
        public_url=settings.public_url,
        rates=TokenBuckets(clock, policy.reports_per_s, policy.reports_burst),
    )
    return LocalCommander(ports, store, sockets, changes)
