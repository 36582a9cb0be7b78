"""Documents and archives over real HTTP: what comes, what is refused, and that no address is told."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_sentry.playbooks.belief import MOST_BYTES
from edge_sentry.playbooks.web import DOWNLOAD_WITHIN_S, FetchError, Web, download, web_pool
from wire.assignments import Archive

BODY, SECRET = b"what was asked for" * 1000, "signature=s3cret"
DIGEST = hashlib.sha256(BODY).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/file" and self.headers["If-None-Match"] == '"mark"':
            self._send(304, b"")
        elif path == "/file":
            self._send(200, BODY, ETag='"mark"')
        elif path == "/long":
            self._send(200, bytes(MOST_BYTES + 1))
        elif path == "/moved":
            self._send(302, b"", Location="/file")
        elif path == "/circle":
            self._send(302, b"", Location="/circle")
        elif path == "/cut":
            self._send(200, BODY[:100], length=len(BODY))
        elif path == "/gzip":
            self._send(200, BODY, Encoding="gzip")
        else:
            self._send(int(path[1:]), b"<Error>")

    def _send(self, status: int, body: bytes, *, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header("Content-Encoding" if name == "Encoding" else name, text)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Silence."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def refused(site: str, path: str, etag: str = "") -> FetchError:
    with pytest.raises(FetchError) as raised:
        Web().document(f"{site}{path}?{SECRET}", etag)
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None
    return raised.value


class TestADocument:
    def test_it_comes_with_its_mark_and_once(self, site: str) -> None:
        found = Web().document(f"{site}/file?{SECRET}", "")
        assert found == (BODY, '"mark"')
        assert Web().document(f"{site}/file?{SECRET}", '"mark"') is None

    @pytest.mark.parametrize(
        ("path", "gone"), [("/403", True), ("/404", True), ("/500", False), ("/moved", False)]
    )
    def test_whatever_else_is_answered(self, site: str, path: str, gone: bool) -> None:
        assert refused(site, path).gone is gone

    def test_one_that_is_too_long(self, site: str) -> None:
        assert "has more than" in str(refused(site, "/long"))

    def test_one_that_ends_too_early(self, site: str) -> None:
        refused(site, "/cut")

    def test_nobody_there(self) -> None:
        told = str(refused("http://127.0.0.1:1", "/file"))
        assert told.startswith("Cannot reach the document's store: ")
        assert "refused" in told


class TestAnArchive:
    def _of(self, site: str, path: str, digest: str = DIGEST) -> Archive:
        return Archive(f"{site}{path}", digest, "file", "miner")

    @pytest.mark.parametrize("path", ["/file", "/moved", "/gzip"])
    def test_exactly_the_bytes_with_its_digest(self, site: str, tmp_path: Path, path: str) -> None:
        progress: list[tuple[int, int | None]] = []
        Web().archive(self._of(site, path), tmp_path / "it", lambda *each: progress.append(each))
        assert (tmp_path / "it").read_bytes() == BODY
        assert progress[-1] == (len(BODY), len(BODY))

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            ("/404", "status 404"),
            ("/circle", "127.0.0.1"),
            ("/cut", "127.0.0.1"),
            ("/file?other", "is not the archive that was signed"),
        ],
    )
    def test_anything_else_leaves_nothing(self, site: str, tmp_path: Path, path: str, words: str) -> None:
        digest = DIGEST if path != "/file?other" else "0" * 64
        with pytest.raises(FetchError, match=words):
            Web().archive(self._of(site, path, digest), tmp_path / "it", lambda *_: None)
        assert list(tmp_path.iterdir()) == []

    def test_one_that_takes_an_hour_is_given_up(self, site: str, tmp_path: Path) -> None:
        times = iter([0.0, DOWNLOAD_WITHIN_S + 1])
        with pytest.raises(FetchError, match="too slow"):
            download(web_pool(), self._of(site, "/file"), tmp_path / "it", steady=lambda: next(times))
        assert list(tmp_path.iterdir()) == []

    def test_an_earlier_one_stays_when_another_fails(self, site: str, tmp_path: Path) -> None:
        archive = self._of(site, "/file")
        Web().archive(archive, tmp_path / "it", lambda *_: None)
        with pytest.raises(FetchError):
            Web().archive(replace(archive, sha256="0" * 64), tmp_path / "it", lambda *_: None)
        assert (tmp_path / "it").read_bytes() == BODY
