"""The only place where ports meet adapters.

What runs in AWS, or on one machine, is imported within its function, so that neither waits for the
other's libraries.
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloud.adapters.system import SystemClock, SystemRandomness
from cloud.adapters.token_buckets import TokenBuckets
from cloud.domain.policy import Policy
from cloud.ports import (
    DeadLetters,
    Letter,
    Mail,
    MailUnavailable,
    Passwords,
    Ports,
    Provider,
    Queue,
    StoreFileError,
    StoreReads,
    StoreUnavailable,
    Trip,
    Voucher,
)
from cloud.settings import (
    PARAMETER_PREFIX,
    MailSettings,
    ProviderSettings,
    Settings,
    SettingsError,
    read_mail_server,
    read_settings,
)

if TYPE_CHECKING:
    from botocore.session import Session

    from cloud.adapters.aws.api_gateway_sockets import ApiGatewaySockets
    from cloud.adapters.aws.dynamo_store import DynamoStore
    from cloud.adapters.local.document_folder import DocumentFolder
    from cloud.adapters.local.live_changes import LiveChanges
    from cloud.adapters.local.sockets import LocalSockets
    from cloud.adapters.local.sqlite_store import SqliteStore

__all__ = [
    "AwsPorts",
    "LocalCommander",
    "StoreFileError",
    "dead_letters",
    "in_aws",
    "on_one_machine",
    "reading_on_one_machine",
]


@dataclass(frozen=True, slots=True)
class LocalCommander:
    """The ports of one machine, and the parts of them that the gateway drives."""

    ports: Ports
    store: SqliteStore
    sockets: LocalSockets
    changes: LiveChanges
    documents: DocumentFolder

    def close(self) -> None:
        """Everything that was answered is on disk already; this lets go of the file."""
        self.changes.stop()
        self.store.close()


def on_one_machine(settings: Settings, store_file: Path) -> LocalCommander:
    """SQLite in `store_file`, the signing key and rigs' documents beside it; raises StoreFileError."""
    from cloud.adapters.local.document_folder import DocumentFolder
    from cloud.adapters.local.key_file import KeyFile
    from cloud.adapters.local.live_changes import LiveChanges
    from cloud.adapters.local.sockets import LocalSockets
    from cloud.adapters.local.sqlite_store import SqliteStore

    clock, changes, sockets = SystemClock(), LiveChanges(), LocalSockets()
    policy = settings.policy
    signer = KeyFile(store_file.with_name("signing.key"))
    documents = DocumentFolder(store_file.with_name("documents"), settings.public_url, clock)
    store = SqliteStore(store_file, clock, changes)
    ports = Ports(
        store=store,
        passwords=_Argon2WhenNeeded(),
        sockets=sockets,
        clock=clock,
        randomness=SystemRandomness(),
        policy=policy,
        public_url=settings.public_url,
        rates=TokenBuckets(clock, policy.reports_per_s, policy.reports_burst),
        requests=TokenBuckets(clock, policy.requests_per_s, policy.requests_burst),
        provider=_provider(settings, clock),
        mail=_mail(settings, clock) if settings.public_url else None,
        signer=signer,
        documents=documents,
    )
    return LocalCommander(ports, store, sockets, changes, documents)


@contextmanager
def reading_on_one_machine(store_file: Path) -> Iterator[StoreReads]:
    """The store in `store_file` for reading alone, also while a commander runs; raises StoreFileError."""
    from cloud.adapters.local import sqlite_file
    from cloud.adapters.local.sqlite_store import SqliteReader

    sqlite_file.check(store_file)
    store = SqliteReader(store_file, SystemClock())
    try:
        yield store
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class AwsPorts(Ports):
    """The ports in AWS, where the function of the socket also closes connections."""

    sockets: ApiGatewaySockets


def in_aws(environment: Mapping[str, str]) -> AwsPorts:
    """DynamoDB, API Gateway's sockets and, where RIG_QUEUE_URL is set, SQS; raises SettingsError.

    The client of DynamoDB is made here, so that no request waits for it. The limit on how often an
    agent may report counts within one instance of the function: with n instances at work an agent may
    send up to n times as much. It guards against a wild agent, not against an attack. So does the limit
    on people's requests; what is tried to sign in is counted in the store.
    """
    settings = read_settings(environment, environment.get("RIG_PUBLIC_URL", ""), Policy())
    clock, policy = SystemClock(), settings.policy
    store = _dynamo_store(environment, clock)
    return AwsPorts(
        store=store,
        passwords=_Argon2WhenNeeded(),
        sockets=_api_gateway_sockets(environment, store.session),
        clock=clock,
        randomness=SystemRandomness(),
        policy=policy,
        public_url=settings.public_url,
        queue=_queue(environment, store.session),
        rates=TokenBuckets(clock, policy.reports_per_s, policy.reports_burst),
        requests=TokenBuckets(clock, policy.requests_per_s, policy.requests_burst),
        provider=_provider(settings, clock, lambda text: _told(environment, store.session, text)),
        mail=_mail(settings, clock, lambda text: _told(environment, store.session, text)),
        origin_secret=environment.get("RIG_ORIGIN_SECRET", ""),
    )


def dead_letters(dead_letter_url: str, queue_url: str) -> DeadLetters:
    """The dead letters of an enterprise edition, with the AWS credentials of the environment.

    Raises SettingsError where that cannot say which region.
    """
    from botocore.exceptions import BotoCoreError, NoRegionError

    from cloud.adapters.aws.clients import create_client
    from cloud.adapters.aws.sqs_queue import SqsDeadLetters

    region = dead_letter_url.split(".")[1] if ".amazonaws.com" in dead_letter_url else None
    try:
        client = create_client("sqs", region)
    except NoRegionError as error:
        raise SettingsError(f"{dead_letter_url!r} names no region: set AWS_DEFAULT_REGION.") from error
    except (BotoCoreError, ValueError) as error:
        raise SettingsError(f"The queue at {dead_letter_url!r} cannot be asked: {error}") from error
    return SqsDeadLetters(client, dead_letter_url, queue_url)


def _dynamo_store(environment: Mapping[str, str], clock: SystemClock) -> DynamoStore:
    from cloud.adapters.aws.dynamo_store import DynamoStore, table_model

    table = _required(environment, "RIG_TABLE", "the name of the DynamoDB table")
    store = DynamoStore(table_model(table, _region(environment)), clock)
    store.connect()
    return store


def _queue(environment: Mapping[str, str], session: Session) -> Queue | None:
    url = environment.get("RIG_QUEUE_URL")
    if not url:
        return None
    from cloud.adapters.aws.clients import create_client
    from cloud.adapters.aws.sqs_queue import SqsQueue

    return SqsQueue(create_client("sqs", _region(environment), session=session), url)


def _api_gateway_sockets(environment: Mapping[str, str], session: Session) -> ApiGatewaySockets:
    from cloud.adapters.aws.api_gateway_sockets import ApiGatewaySockets, management_endpoint
    from cloud.adapters.aws.clients import create_client

    def make_client() -> Any:
        stage = _required(environment, "RIG_SOCKET_ENDPOINT", "the address of the WebSocket API's stage")
        endpoint = management_endpoint(stage, environment.get("AWS_ENDPOINT_URL"))
        service, region = "apigatewaymanagementapi", _region(environment)
        # Two, for while one page is tried again the others wait.
        return create_client(service, region, session=session, endpoint=endpoint, tries=2)

    return ApiGatewaySockets(make_client)


def _provider(
    settings: Settings, clock: SystemClock, told: Callable[[str], str] = str
) -> _ProviderWhenNeeded | None:
    """`told` gives the secret that a setting stands for."""
    return _ProviderWhenNeeded(settings.provider, clock, told) if settings.provider else None


def _told(environment: Mapping[str, str], session: Session, text: str) -> str:
    """The setting itself, or what the parameter that it names holds now: a new value counts at once."""
    if not text.startswith(PARAMETER_PREFIX):
        return text
    from cloud.adapters.aws.clients import create_client
    from cloud.adapters.aws.ssm_secrets import read_secret

    client = create_client("ssm", _region(environment), session=session)
    return read_secret(client, text.removeprefix(PARAMETER_PREFIX))


def _mail(settings: Settings, clock: SystemClock, told: Callable[[str], str] = str) -> Mail | None:
    """None where no letters can be sent; `told` as in `_provider`. Raises SettingsError."""
    if settings.mail is None:
        return None
    if not settings.public_url:
        raise SettingsError("RIG_PUBLIC_URL is not set: letters hold links, and so need the page's address.")
    return _SmtpWhenNeeded(settings.mail, clock, told)


def _region(environment: Mapping[str, str]) -> str:
    return _required(environment, "AWS_REGION", "the AWS region that the commander lies in")


def _required(environment: Mapping[str, str], variable: str, meaning: str) -> str:
    value = environment.get(variable)
    if not value:
        raise SettingsError(f"{variable} is not set: {meaning}.")
    return value


class _ProviderWhenNeeded:
    """The port `Provider`. Its library takes 0.2 s to begin, which only a sign-in by it should wait for."""

    def __init__(self, settings: ProviderSettings, clock: SystemClock, told: Callable[[str], str]) -> None:
        self._settings, self._clock, self._told = settings, clock, told

    @property
    def name(self) -> str:
        return self._settings.name

    @functools.cached_property
    def _made(self) -> Provider:
        """Kept, for it keeps the provider's keys; should two threads make one each, both do."""
        from cloud.adapters.oidc_provider import OidcProvider

        settings = self._settings
        return OidcProvider(settings, lambda: self._told(settings.client_secret), self._clock)

    def begin(self, trip: Trip) -> str:
        return self._made.begin(trip)

    def finish(self, trip: Trip, code: str) -> Voucher:
        return self._made.finish(trip, code)


@dataclass(frozen=True, slots=True)
class _SmtpWhenNeeded:
    """The port `Mail`. Most functions send no letter, and none should wait for what it takes."""

    settings: MailSettings
    clock: SystemClock
    told: Callable[[str], str]

    def send(self, letter: Letter) -> None:
        from cloud.adapters.smtp_mail import SmtpMail

        try:
            server = read_mail_server(self.told(self.settings.url))
        except (SettingsError, StoreUnavailable) as error:
            raise MailUnavailable(str(error)) from error
        SmtpMail(server, self.settings.sender, self.clock).send(letter)


class _Argon2WhenNeeded:
    """The port `Passwords`. Argon2 takes 0.1 s and 64 MB to begin, which only a sign-in should wait for.

    The first sign-in of a process waits whether its account exists or not, and so tells nothing by it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: Passwords | None = None

    @property
    def _argon2(self) -> Passwords:
        """Made once, for it counts how many are verified at once."""
        from cloud.adapters.argon2_passwords import Argon2Passwords

        with self._lock:
            self._made = self._made or Argon2Passwords()
            return self._made

    def hash(self, password: str) -> str:
        return self._argon2.hash(password)

    def verify(self, password: str, password_hash: str | None) -> bool:
        return self._argon2.verify(password, password_hash)
