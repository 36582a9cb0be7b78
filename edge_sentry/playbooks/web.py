"""Gets what is far away: a rig's document, when it changed, and archives, whose digest is known before."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError

from edge_sentry.playbooks.belief import MOST_BYTES
from wire.assignments import Archive
from wire.uplink.answers import failure_of_error

ARCHIVE_MAX_BYTES: Final = 1024**3
DOWNLOAD_WITHIN_S: Final = 3600.0
_TIMEOUT: Final = urllib3.Timeout(connect=5, read=30)
_REDIRECTS: Final = 5
_CHUNK_BYTES: Final = 256 * 1024
_FOUND, _UNCHANGED, _GONE = 200, 304, (401, 403, 404, 410)

Progress = Callable[[int, int | None], None]
"""Told of the bytes that are there, and of all, None where that is not said."""


class FetchError(Exception):
    """Why something did not come, in a sentence. `gone`: the address is of no use any more.

    Never with a signed address in it, which opens what it names.
    """

    def __init__(self, sentence: str, *, gone: bool = False) -> None:
        super().__init__(sentence)
        self.gone = gone


class Fetched(NamedTuple):
    """What lies at an address, and its mark for the next time."""

    body: bytes
    etag: str


def web_pool() -> urllib3.PoolManager:
    """Verifies certificates; keeps no connection longer than it is needed."""
    return urllib3.PoolManager(num_pools=2, maxsize=1, cert_reqs="CERT_REQUIRED", timeout=_TIMEOUT)


def fetch_document(pool: urllib3.PoolManager, url: str, etag: str) -> Fetched | None:
    """The document at a signed address; None when it is the one with this `etag`. Raises FetchError."""
    headers = {"If-None-Match": etag} if etag else {}
    with _opened(pool, url, headers, "the document's store", redirects=0) as response:
        if response.status == _UNCHANGED:
            return None
        if response.status != _FOUND:
            told = f"The document's store answers with status {response.status}."
            raise FetchError(told, gone=response.status in _GONE)
        body = b"".join(_pieces(response, MOST_BYTES, "The document"))
        return Fetched(body, response.headers.get("ETag", ""))


def download(
    pool: urllib3.PoolManager,
    archive: Archive,
    path: Path,
    progress: Progress = lambda _done, _total: None,
    steady: Callable[[], float] = time.monotonic,
) -> None:
    """Puts the archive at `path`: only ever the bytes with its digest. Raises FetchError and OSError."""
    host = urllib3.util.parse_url(archive.url).host or "its address"
    until = steady() + DOWNLOAD_WITHIN_S
    unfinished, digest = path.with_name(f".{path.name}.unfinished"), hashlib.sha256()
    try:
        with (
            _opened(pool, archive.url, {}, host, redirects=_REDIRECTS) as response,
            unfinished.open("wb") as file,
        ):
            if response.status != _FOUND:
                raise FetchError(f"{host} answers the download with status {response.status}.")
            total, done = _length(response), 0
            for piece in _pieces(response, ARCHIVE_MAX_BYTES, "The archive"):
                digest.update(piece)
                file.write(piece)
                done += len(piece)
                progress(done, total)
                if steady() > until:
                    raise FetchError(f"{host} is too slow: the download took an hour.")
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != archive.sha256:
            raise FetchError(
                f"What {host} offers is not the archive that was signed: its SHA-256 begins with "
                f"{digest.hexdigest()[:12]} in place of {archive.sha256[:12]}."
            )
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _opened(
    pool: urllib3.PoolManager, url: str, headers: dict[str, str], whose: str, *, redirects: int
) -> Iterator[urllib3.BaseHTTPResponse]:
    # Once more where a connection that was kept for a redirect is closed by the other end just then.
    retries = urllib3.Retry(total=redirects + 1, connect=0, read=1, redirect=redirects, status=0, other=0)
    try:
        response = pool.request("GET", url, headers=headers, retries=retries, preload_content=False)
        try:
            yield response
        finally:
            response.close()
    except HTTPError as error:
        cause = error.reason if isinstance(error, MaxRetryError) else None
        shown = cause if isinstance(cause, HTTPError) else error
        raise FetchError(failure_of_error(whose, shown).sentence) from None


def _pieces(response: urllib3.BaseHTTPResponse, most: int, what: str) -> Iterator[bytes]:
    """As sent; inflated by nobody, so that what is counted is what is kept."""
    left = most
    while piece := response.read(_CHUNK_BYTES, decode_content=False):
        left -= len(piece)
        if left < 0:
            raise FetchError(f"{what} has more than {most:,} bytes.")
        yield piece


def _length(response: urllib3.BaseHTTPResponse) -> int | None:
    told = response.headers.get("Content-Length", "")
    return int(told) if told.isdecimal() else None


class Web:
    """The port `Far` over HTTP."""

    def __init__(self) -> None:
        self._pool = web_pool()

    def document(self, url: str, etag: str) -> Fetched | None:
        """See `fetch_document`."""
        return fetch_document(self._pool, url, etag)

    def archive(self, archive: Archive, path: Path, progress: Progress) -> None:
        """See `download`."""
        download(self._pool, archive, path, progress)
