"""Asks whether a commander is at an address, without showing the token."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from wire.messages import ErrorReply
from wire.uplink.address import commander_url
from wire.uplink.answers import failure_of_error, not_a_commander
from wire.uplink.client import connection_pool

# A page that no agent may see: a commander says so in its own words, and nobody else does.
_QUESTION = "/v1/machines"
_PATIENCE_S = 4.0
_MOST_BYTES = 10_000


class Answer(NamedTuple):
    """A commander's answer to a question without a token. `offset_s`: its clock less ours, None untold."""

    encrypted: bool
    offset_s: float | None


def ask_without_token(address: str, *, allow_http: bool) -> Answer:
    """Raises UplinkFailure."""
    url = commander_url(address, allow_http=allow_http)
    where = url.partition("://")[2]
    before = time.time()
    with connection_pool() as pool:
        try:
            response = pool.request(
                "GET",
                url + _QUESTION,
                timeout=urllib3.Timeout(total=_PATIENCE_S),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            body = response.read(_MOST_BYTES)
        except HTTPError as error:
            raise failure_of_error(where, error) from None
        middle = (before + time.time()) / 2
    if not _is_refusal(body):
        raise not_a_commander(where, response.status)
    return Answer(url.startswith("https://"), _offset_s(response.headers.get("Date"), middle))


def _is_refusal(body: bytes) -> bool:
    try:
        msgspec.json.decode(body, type=ErrorReply)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _offset_s(date: str | None, now: float) -> float | None:
    """The header has whole seconds, so half a second is added to what it cuts off."""
    if date is None:
        return None
    try:
        return parsedate_to_datetime(date).timestamp() + 0.5 - now
    except ValueError:
        return None
