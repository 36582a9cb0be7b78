"""`commander up`: the commander on one machine, from the first line printed to the last process ended."""

from __future__ import annotations

import os
import platform
import queue
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from cloud.bootstrap import LocalCommander, StoreFileError, on_one_machine
from cloud.gateway import children, first_steps, simulated_asics
from cloud.gateway.folder import Folder, FolderError
from cloud.gateway.server import create_server
from cloud.ports import Ports, StoreUnavailable
from cloud.settings import Settings

HOST = "127.0.0.1"
WEB = Path(__file__).parents[2] / "web_static"
_SHUTDOWN_S = 3

Say = Callable[[str], None]
Ended = queue.SimpleQueue[None]


class CannotStart(Exception):
    """Why the commander cannot start, in one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `commander up` was asked for."""

    data: Path
    port: int
    rigs: int
    asics: int
    asics_from: str
    own_sentry: bool


def up(options: Options, settings: Settings, say: Say) -> None:
    """Runs until Ctrl-C or SIGTERM; raises CannotStart."""
    os.umask(0o077)  # the store and the log are the user's own
    ended = _signals()
    listener = _listen(options.port)
    try:
        with open_folder(options.data) as folder, _commander(folder, settings) as commander:
            _serve(options, commander, folder, listener, say, ended)
    finally:
        listener.close()


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """The folder, held; raises CannotStart."""
    try:
        folder = Folder(path)
    except FolderError as error:
        raise CannotStart(str(error)) from error
    try:
        yield folder
    finally:
        folder.release()


@contextmanager
def _commander(folder: Folder, settings: Settings) -> Iterator[LocalCommander]:
    try:
        commander = on_one_machine(settings, folder.store_file)
    except StoreFileError as error:
        raise CannotStart(str(error)) from error
    try:
        yield commander
    except (StoreUnavailable, FolderError) as error:
        raise CannotStart(f"The store cannot be used: {error}") from error
    finally:
        commander.close()


def _serve(
    options: Options,
    commander: LocalCommander,
    folder: Folder,
    listener: socket.socket,
    say: Say,
    ended: Ended,
) -> None:
    say(f"Rig Commander keeps its store in {folder.path}")
    farm, password = first_steps.first_account(commander.ports, folder)
    if password is not None:
        say(f"Account {first_steps.OWNER}, password {password}   (shown this once; keep it)")
    with _server(commander, listener), _agents(options, commander, folder, farm, say):
        say(f"Open {commander.ports.public_url}   (Ctrl-C ends everything)")
        ended.get()
        say("Ending …")


@contextmanager
def _server(commander: LocalCommander, listener: socket.socket) -> Iterator[None]:
    """uvicorn in a thread, so that the signals stay ours: agents say goodbye before it goes."""
    config = uvicorn.Config(
        create_server(commander, WEB, [HOST, "localhost"]),
        log_level="warning",
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        server_header=False,
        proxy_headers=False,  # else any caller chooses the address that is limited and written down
        timeout_graceful_shutdown=_SHUTDOWN_S,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="gateway")
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise CannotStart("The gateway did not start; the lines above say why.")
            time.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def _agents(
    options: Options, commander: LocalCommander, folder: Folder, farm: str | None, say: Say
) -> Iterator[None]:
    if farm is None:
        say(f"Account {first_steps.OWNER} owns no farm, so nothing on this computer reports:")
        say("sign in, make a farm, and start again")
        yield
        return
    running = children.Children(folder.path / "agents.log")
    try:
        if options.own_sentry:
            _start_own_sentry(running, commander, folder, farm, say)
        simulated = first_steps.simulated_rigs(commander.ports, folder, farm, options.rigs)
        if simulated is not None:
            running.start("edge_sentry", ["simulate", "--file", str(simulated)])
            say(f"{options.rigs} simulated rigs report, marked as simulated")
        _start_asics(running, options, commander.ports, folder, farm, say)
        yield
    finally:
        running.stop()


def _start_own_sentry(
    running: children.Children, commander: LocalCommander, folder: Folder, farm: str, say: Say
) -> None:
    name = platform.node() or "this computer"
    sentry = first_steps.own_sentry(commander.ports, folder, farm, name)
    if sentry is None:
        say("This computer's sentry was deleted in the dashboard and is not started")
        return
    url, place = commander.ports.public_url, ["--data", str(folder.sentry)]
    try:
        children.run_once("edge_sentry", ["enrol", "--url", url, "--token", sentry.token, "--force", *place])
    except children.ChildError as error:
        say(f"This computer's own sentry could not be enrolled: {error}")
        return
    running.start("edge_sentry", ["run", *place])
    say(f"This computer reports as {name}; its agent writes to {folder.path / 'agents.log'}")


def _start_asics(
    running: children.Children, options: Options, ports: Ports, folder: Folder, farm: str, say: Say
) -> None:
    if not options.asics:
        simulated_asics.forget(ports, folder, farm)
        return
    say(f"Looking for {options.asics} simulated ASICs …")
    try:
        log = folder.path / "simulator.log"
        hall, words = simulated_asics.run_hall(running, log, options.asics, options.asics_from)
        if words:
            say(words)
        simulated_asics.run_edge(running, ports, folder, farm, hall)
    except children.ChildError as error:
        say(f"There are no simulated ASICs: {error} (--asics-from 127.21.0.1 takes other addresses)")
        return
    first, last = hall.addresses[0], hall.addresses[-1]
    say(f"{len(hall.addresses)} simulated ASICs at {first} to {last} are read by {simulated_asics.NAME}")


def _listen(port: int) -> socket.socket:
    # With its protocol named, or asyncio leaves Nagle's delay on: 40 ms a request.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if hasattr(socket, "SO_REUSEADDR"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        message = f"Port {port} cannot be used: {error.strerror}. Choose another with PORT=…"
        raise CannotStart(message) from error
    return listener


def _signals() -> Ended:
    """A queue, for its `put` may interrupt its own `get`; setting an Event may deadlock there."""
    ended: Ended = queue.SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.put(None))
    return ended
