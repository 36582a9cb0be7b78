"""A small commander for tests: speaks docs/wire.md on 127.0.0.1 and does what a test tells it to."""

from __future__ import annotations

import hashlib
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from wire.assignments import DocumentPlace
from wire.codec import decode, decode_report, encode
from wire.edge import ROSTER_PATH, RosterReply, RosterTelling, Seat
from wire.faults import Fault
from wire.messages import (
    ENROLMENT_PATH,
    REPORT_CONTENT_TYPE,
    REPORT_PATH,
    Block,
    Enrolment,
    EnrolmentReply,
    ErrorBody,
    ErrorReply,
    Report,
    ReportReply,
)

TOKEN = "farm1.agent1.0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class Answer:
    """What to answer instead of the truth."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def refusal(status: int, code: str, message: str = "No.", **rest: object) -> Answer:
    """An answer in the protocol's own shape."""
    error = ErrorBody(code, message, str(rest.get("field", "")))
    server_at = rest.get("server_at")
    if isinstance(server_at, float):
        error = ErrorBody(code, message, error.field, server_at)
    return Answer(status, encode(ErrorReply(error)))


@dataclass
class Held:
    """What a commander keeps, by decision 0008: the newest open block and the fullest closed ones."""

    latest: dict[str, tuple[tuple[int, int], Block]] = field(default_factory=dict)
    blocks: dict[tuple[str, float], Block] = field(default_factory=dict)

    def take(self, report: Report) -> None:
        """Stores an accepted report."""
        number = (report.epoch, report.sequence)
        for part in report.machines:
            for block in part.blocks:
                self._close(part.machine, block)
            kept, _ = self.latest.get(part.machine, ((0, 0), None))
            if part.open is not None and number >= kept:
                self.latest[part.machine] = (number, part.open)
            elif part.open is not None and kept[0] > report.epoch:
                self._close(part.machine, part.open)

    def begin_epoch(self, machine: str) -> None:
        """The agent enrolled anew and may know its open block no more."""
        if machine in self.latest:
            self._close(machine, self.latest[machine][1])

    def samples(self, machine: str) -> dict[float, dict[str, float]]:
        """Every sample that is kept, in the order of time."""
        kept = [block for (owner, _), block in self.blocks.items() if owner == machine]
        if machine in self.latest:
            kept.append(self.latest[machine][1])
        found = {at: _values_at(block, index) for block in kept for index, at in enumerate(block.at)}
        return dict(sorted(found.items()))

    def _close(self, machine: str, block: Block) -> None:
        before = self.blocks.get((machine, block.at[0]))
        if before is None or len(block.at) > len(before.at):
            self.blocks[machine, block.at[0]] = block


def _values_at(block: Block, index: int) -> dict[str, float]:
    return {series.name: value for series in block.series if (value := series.values[index]) is not None}


@dataclass
class FakeCommander:
    """Set the fields before or between requests. `scripted` answers go first, once each."""

    token: str = TOKEN
    machine: str | None = "machine1"
    agent: str = "agent1"
    sample_interval_s: float = 10.0
    report_interval_s: float = 60.0
    clock: Callable[[], float] = time.time
    scripted: deque[Answer] = field(default_factory=deque)
    reports: list[Report] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    held: Held = field(default_factory=Held)
    requests: int = 0
    epoch: int = 0
    url: str = ""
    key: bytes | None = None
    document: DocumentPlace | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, met: Callable[[], bool], limit_s: float = 30.0) -> bool:
        """Waits until something arrived that makes `met` true."""
        with self.arrived:
            return self.arrived.wait_for(met, limit_s)

    def answer(self, path: str, authorization: str, content_type: str, body: bytes) -> Answer:
        """The answer to one POST; records what was accepted."""
        with self.arrived:
            self.requests += 1
            try:
                return self._answer(path, authorization, content_type, body)
            except Fault as fault:
                return refusal(fault.status, fault.code, fault.message, field=fault.field)
            finally:
                self.arrived.notify_all()

    def _answer(self, path: str, authorization: str, content_type: str, body: bytes) -> Answer:
        if self.scripted:
            return self.scripted.popleft()
        if authorization != f"Bearer {self.token}":
            return refusal(401, "token_wrong")
        if path == ENROLMENT_PATH:
            return self._enrol(decode(body, Enrolment))
        if path == REPORT_PATH:
            return self._accept(decode_report(body, gzipped=content_type == REPORT_CONTENT_TYPE))
        if path == ROSTER_PATH:
            return self._seat(decode(body, RosterTelling))
        return refusal(404, "not_found")

    def _seat(self, telling: RosterTelling) -> Answer:
        """Each device of an ASIC edge has the machine "m" and its number, and is read by it."""
        numbers = [entry.number for batch in telling.batches for entry in batch.entries]
        seats = tuple(Seat(each, f"m{each}", reads=True) for each in numbers)
        return Answer(200, encode(RosterReply(self.clock(), seats)))

    def _enrol(self, enrolment: Enrolment) -> Answer:
        self.enrolments.append(enrolment)
        self.epoch += 1
        self.held.begin_epoch(self.machine or self.agent)
        reply = EnrolmentReply(
            farm="farm1",
            farm_name="Home",
            agent=self.agent,
            name="rig-01",
            machine=self.machine,
            epoch=self.epoch,
            server_at=self.clock(),
            sample_interval_s=self.sample_interval_s,
            report_interval_s=self.report_interval_s,
            key=self.key,
            document=self.document,
        )
        return Answer(200, encode(reply))

    def file(self, path: str, mark: str) -> Answer:
        """What lies in the store, by its path; 304 where the caller has it."""
        body = self.files.get(path.partition("?")[0])
        if body is None:
            return Answer(404, b"")
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        return Answer(304, b"") if mark == etag else Answer(200, body, {"ETag": etag})

    def _accept(self, report: Report) -> Answer:
        self.reports.append(report)
        self.held.take(report)
        reply = ReportReply(
            epoch=report.epoch,
            sequence=report.sequence,
            server_at=self.clock(),
            sample_interval_s=self.sample_interval_s,
            report_interval_s=self.report_interval_s,
            document=self.document,
        )
        return Answer(200, encode(reply))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    commander: ClassVar[FakeCommander]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = self.headers
        answer = self.commander.answer(
            self.path, headers["Authorization"] or "", headers["Content-Type"] or "", body
        )
        self._send(answer)

    def do_GET(self) -> None:
        self._send(self.commander.file(self.path, self.headers["If-None-Match"] or ""))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Silence."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses our certificate is what some tests want."""


@contextmanager
def serving(commander: FakeCommander, tls: ssl.SSLContext | None = None) -> Iterator[FakeCommander]:
    """Serves on a free port of 127.0.0.1 until the block ends; `url` says where."""
    handler = type("Handler", (_Handler,), {"commander": commander})
    with _Server(("127.0.0.1", 0), handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        commander.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield commander
        finally:
            server.shutdown()
            thread.join()
