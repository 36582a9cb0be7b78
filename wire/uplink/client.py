"""Speaks to one commander over HTTPS: enrols, reports, and says plainly what went wrong."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec
import urllib3
from urllib3.exceptions import HTTPError, ProtocolError

from wire.codec import MAX_SENT_BYTES, decode, encode, encode_report
from wire.edge import ROSTER_PATH, RosterReply, RosterTelling
from wire.faults import Fault
from wire.messages import (
    ENROLMENT_PATH,
    REPORT_CONTENT_TYPE,
    REPORT_PATH,
    Enrolment,
    EnrolmentReply,
    Report,
    ReportReply,
)
from wire.uplink.address import commander_url
from wire.uplink.answers import failure_of_answer, failure_of_error, not_a_commander
from wire.uplink.failure import FailureKind, UplinkFailure

LONGEST_CONNECT_S = 5.0
_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")

Reply = TypeVar("Reply", bound=msgspec.Struct)


def connection_pool(connections: int = 1) -> urllib3.PoolManager:
    """Kept-alive connections that verify certificates; share one among many clients."""
    return urllib3.PoolManager(num_pools=4, maxsize=connections, block=False, cert_reqs="CERT_REQUIRED")


class CommanderClient:
    """One agent's way to its commander. Times out after `timeout_s` seconds without a byte.

    Every method raises UplinkFailure. No message, repr or log of it holds the token.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout_s: float = 15.0,
        allow_http: bool = False,
        pool: urllib3.PoolManager | None = None,
    ) -> None:
        self.url = commander_url(url, allow_http=allow_http)
        self._where = self.url.partition("://")[2]
        self._token = checked_token(token)
        self._timeout_s = timeout_s
        self._pool = connection_pool() if pool is None else pool

    def __repr__(self) -> str:
        return f"CommanderClient({self.url!r})"

    def enrol(self, enrolment: Enrolment) -> EnrolmentReply:
        """First contact: shows who we are, learns our name, machine, epoch and cadence."""
        return self._post(
            ENROLMENT_PATH, encode(enrolment), "application/json", EnrolmentReply, self._timeout_s
        )

    def report(self, report: Report, *, timeout_s: float | None = None) -> ReportReply:
        """Sends one report; the commander has stored it when this returns."""
        body = encode_report(report)
        limit_s = self._timeout_s if timeout_s is None else timeout_s
        return self._post(REPORT_PATH, body, REPORT_CONTENT_TYPE, ReportReply, limit_s)

    def tell_roster(self, telling: RosterTelling) -> RosterReply:
        """Tells whole batches of an edge's roster; the seats of their devices come back."""
        return self._post(ROSTER_PATH, encode(telling), "application/json", RosterReply, self._timeout_s)

    def _post(self, path: str, body: bytes, content_type: str, kind: type[Reply], timeout_s: float) -> Reply:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": content_type}
        status, answer, retry_after = self._exchange(path, body, headers, timeout_s)
        if status != 200:
            raise self._without_token(failure_of_answer(self._where, status, answer, retry_after))
        try:
            return decode(answer, kind)
        except Fault:
            raise not_a_commander(self._where, status) from None

    def _exchange(
        self, path: str, body: bytes, headers: dict[str, str], timeout_s: float
    ) -> tuple[int, bytes, str | None]:
        broken = False
        while True:
            try:
                return self._request(path, body, headers, timeout_s)
            except HTTPError as error:
                if isinstance(error, ProtocolError) and not broken:
                    # A kept-alive connection that the other end closes just now; a replay changes nothing.
                    broken = True
                    continue
                failure = failure_of_error(self._where, error)
                failure.never_arrived = failure.never_arrived and not broken
                raise failure from None

    def _request(
        self, path: str, body: bytes, headers: dict[str, str], timeout_s: float
    ) -> tuple[int, bytes, str | None]:
        response = self._pool.request(
            "POST",
            self.url + path,
            body=body,
            headers=headers,
            timeout=urllib3.Timeout(connect=min(LONGEST_CONNECT_S, timeout_s), read=timeout_s),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        answer = response.read(MAX_SENT_BYTES + 1, decode_content=False)
        if len(answer) > MAX_SENT_BYTES:
            response.close()
        response.release_conn()
        return response.status, answer, response.headers.get("Retry-After")

    def _without_token(self, failure: UplinkFailure) -> UplinkFailure:
        """Should a commander ever quote it back."""
        failure.sentence = failure.sentence.replace(self._token, "(the token)")
        failure.args = (failure.sentence,)
        return failure


def checked_token(text: str) -> str:
    """The token without surrounding blanks; raises UplinkFailure TOKEN_WRONG for no possible one."""
    token = text.strip()
    if not _TOKEN.fullmatch(token):
        raise UplinkFailure(
            FailureKind.TOKEN_WRONG,
            "The token is empty, too long or has a character that no token has. "
            "Copy it again from the dashboard.",
        )
    return token
