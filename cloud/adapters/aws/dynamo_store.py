"""The store on DynamoDB, by PynamoDB: one table, keys (pk, sk), expiry by TTL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from botocore.session import Session
from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, PutError, PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from cloud.adapters.commit_limits import check_sizes, check_writes
from cloud.domain.keys import Key
from cloud.ports import (
    Absent,
    AtRevision,
    Clock,
    Item,
    Newer,
    Page,
    Present,
    Put,
    StoreBusy,
    StoreUnavailable,
    Write,
)

_CONDITION_FAILED = "ConditionalCheckFailedException"
_TRANSACTION_FAILED = "TransactionCanceledException"
_CONDITION_REASON = "ConditionalCheckFailed"
_CONFLICT = "TransactionConflict"
_ABREAST = 8
"""Writes under way at once, of the 10 connections that a client keeps."""


class StoredItem(Model):
    """The table's shape; `table_model` binds it to a table."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    body = BinaryAttribute(legacy_encoding=False)
    revision = NumberAttribute()
    expires_at = NumberAttribute(null=True)
    watched = BooleanAttribute(default=False)


def table_model(table: str, region: str, host: str | None = None) -> type[StoredItem]:
    """`StoredItem` bound to one table; `host` is an emulator's address."""
    settings = {"table_name": table, "region": region, "host": host, "billing_mode": "PAY_PER_REQUEST"}
    # All tries of a call must end before the function does, after 25 s: else the answer says nothing.
    limits = {"connect_timeout_seconds": 2, "read_timeout_seconds": 5, "max_retry_attempts": 2}
    meta = type("Meta", (), {**settings, **limits})
    return type("BoundItem", (StoredItem,), {"Meta": meta})


class DynamoStore:
    """The port `Store`. Reads are consistent; expired items are hidden until DynamoDB removes them."""

    def __init__(self, model: type[StoredItem], clock: Clock) -> None:
        self._model, self._clock = model, clock
        # PynamoDB has no public name for a model's own connection; one more would make one more client,
        # which costs each cold start up to a tenth of a second.
        self._connection: Connection = model._get_connection().connection

    def connect(self) -> object:
        """Makes the client now, which else the first call does; nothing is sent."""
        return self._connection.client

    @property
    def session(self) -> Session:
        """The AWS session, for clients of other services beside this one."""
        return self._connection.session

    def get(self, key: Key) -> Item | None:
        try:
            with _unavailable():
                found = self._model.get(key.pk, key.sk, consistent_read=True)
        except Model.DoesNotExist:
            return None
        return self._alive(found)

    def get_many(self, keys: Sequence[Key], *, stale_ok: bool = False) -> dict[Key, Item]:
        pairs = [tuple(key) for key in keys]
        with _unavailable():
            found = list(self._model.batch_get(pairs, consistent_read=not stale_ok))
        items = (self._alive(stored) for stored in found)
        return {item.key: item for item in items if item is not None}

    def query(
        self,
        pk: str,
        first: str,
        last: str,
        *,
        forwards: bool = True,
        limit: int = 1000,
        after: str | None = None,
    ) -> Page:
        start = {"pk": {"S": pk}, "sk": {"S": after}} if after is not None else None
        with _unavailable():
            rows = self._model.query(
                pk,
                self._model.sk.between(first, last),
                scan_index_forward=forwards,
                limit=limit,
                last_evaluated_key=start,
                consistent_read=True,
            )
            items = [item for row in rows if (item := self._alive(row)) is not None]
        following: Any = rows.last_evaluated_key
        return Page(items, following["sk"]["S"] if following else None)

    def write(self, write: Write) -> bool:
        check_writes([write])
        try:
            with _unavailable():
                self._write_one(write)
        except (PutError, DeleteError) as error:
            if error.cause_response_code == _CONDITION_FAILED:
                return False
            if error.cause_response_code == f"{_CONFLICT}Exception":
                raise StoreBusy(str(error)) from error
            raise StoreUnavailable(str(error)) from error
        return True

    def write_all(self, writes: Sequence[Put]) -> list[bool]:
        """Some at a time: a client may be used by many threads, but they must not make it."""
        check_sizes(writes)
        if len(writes) < 2:
            return [self.write(write) for write in writes]
        self.connect()
        with ThreadPoolExecutor(min(_ABREAST, len(writes))) as threads:
            return list(threads.map(self.write, writes))

    def commit(self, writes: Sequence[Write]) -> bool:
        check_writes(writes)
        try:
            with _unavailable(), TransactWrite(connection=self._connection) as transaction:
                for write in writes:
                    self._add(transaction, write)
        except TransactWriteError as error:
            reasons = _reasons(error)
            if reasons == {_CONDITION_REASON}:
                return False
            if _CONFLICT in reasons and reasons <= {_CONDITION_REASON, _CONFLICT}:
                raise StoreBusy(f"{error}: {error.cause}") from error
            raise StoreUnavailable(f"{error}: {error.cause}") from error
        return True

    def _write_one(self, write: Write) -> None:
        condition = self._condition(write)
        if isinstance(write, Put):
            self._stored(write.item).save(condition=condition)
        else:
            self._model(*write.key).delete(condition=condition)

    def _add(self, transaction: TransactWrite, write: Write) -> None:
        condition = self._condition(write)
        if isinstance(write, Put):
            transaction.save(self._stored(write.item), condition=condition)
        else:
            transaction.delete(self._model(*write.key), condition=condition)

    def _stored(self, item: Item) -> StoredItem:
        return self._model(
            *item.key,
            kind=item.kind,
            body=item.body,
            revision=item.revision,
            expires_at=item.expires_at,
            watched=item.watched,
        )

    def _condition(self, write: Write) -> Condition | None:
        model, now = self._model, self._clock()
        gone: Condition = model.pk.does_not_exist() | (model.expires_at <= now)
        there: Condition = model.pk.exists() & (model.expires_at.does_not_exist() | (model.expires_at > now))
        condition: Condition | None = None
        match write.when, write:
            case Absent(), _:
                condition = gone
            case Present(), _:
                condition = there
            case AtRevision(revision), _:
                condition = there & (model.revision == revision)
            case Newer(least), Put(item):
                older: Condition = model.revision < item.revision
                condition = gone | (older & (model.revision >= least) if least else older)
        return condition

    def _alive(self, stored: StoredItem) -> Item | None:
        expiry: float | None = stored.expires_at  # PynamoDB's types know no absent attribute
        if expiry is not None and expiry <= self._clock():
            return None
        return Item(
            Key(stored.pk, stored.sk),
            stored.kind,
            bytes(stored.body),
            int(stored.revision),
            None if expiry is None else int(expiry),
            stored.watched,
        )


@contextmanager
def _unavailable() -> Iterator[None]:
    """Turns what DynamoDB could not do into the port's error; refused conditions pass through."""
    try:
        yield
    except (PutError, DeleteError, TransactWriteError, Model.DoesNotExist):
        raise
    except PynamoDBException as error:
        raise StoreUnavailable(str(error)) from error


def _reasons(error: TransactWriteError) -> set[str]:
    """Why the writes of a transaction were refused, those that were not left out; empty for other errors."""
    if error.cause_response_code != _TRANSACTION_FAILED:
        return set()
    return {reason.code for reason in error.cancellation_reasons if reason is not None} - {"None"}
