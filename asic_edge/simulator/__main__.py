"""`python -m asic_edge.simulator`: pretended ASICs until stopped."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path

from asic_edge.descriptors import DescriptorLimit, raise_descriptor_limit
from asic_edge.simulator.captures import RECORDINGS, SimulatorError
from asic_edge.simulator.device import Device, Fault
from asic_edge.simulator.hall import Hall, addresses_from, make_devices, may_use_web_port
from asic_edge.simulator.lively import live, set_ailments
from asic_edge.simulator.models import MODELS, WEB_PORT

_EXAMPLES = """examples:
  python -m asic_edge.simulator --count 200
  python -m asic_edge.simulator --count 10 --models whatsminer
  python -m asic_edge.simulator --count 200 --lively
  python -m asic_edge.simulator --count 1000 --models antminer,whatsminer,bitaxe --faults hung=50,gone=2

Models take turns in the order given. When all listen, a line of JSON tells their addresses. Without the
right to listen on port 80 only models that need port 4028 alone are pretended, and a line says so.
"""
FOR_ALL = "For all models: sudo sysctl net.ipv4.ip_unprivileged_port_start=80 on Linux, or start it as root."
_DESCRIPTORS_EACH = 12


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code: 0 after a stop that was asked for, 1 when it cannot be done, 2 for wrong usage."""
    given = _parser().parse_args(arguments)
    try:
        raise_descriptor_limit(given.count * _DESCRIPTORS_EACH + 100)
        devices = _devices(given)
        asyncio.run(_run(devices, given))
    except (SimulatorError, DescriptorLimit) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _devices(given: argparse.Namespace) -> list[Device]:
    names = _allowed(given.models.split(","))
    addresses = addresses_from(given.first, given.count)
    devices = make_devices(
        list(islice(cycle(names), given.count)),
        addresses,
        vary=not given.as_captured,
        recordings=given.recordings,
    )
    if given.lively:
        set_ailments(devices)
    faulty = iter(devices[:: max(1, len(devices) // max(1, sum(given.faults.values())))])
    for fault, count in given.faults.items():
        for device in islice(faulty, count):
            device.fault = fault
    return devices


def _allowed(names: list[str]) -> list[str]:
    if may_use_web_port():
        return names
    left = [name for name in names if name in MODELS and WEB_PORT not in MODELS[name].ports]
    if not left:
        raise SimulatorError("This user may not listen on port 80, which each of these models needs.")
    sys.stderr.write(
        f"This user may not listen on port 80, so only these are pretended: {', '.join(left)}. {FOR_ALL}\n"
    )
    return left


async def _run(devices: Sequence[Device], given: argparse.Namespace) -> None:
    async with Hall(devices) as hall:
        models = list(dict.fromkeys(device.name for device in devices))
        ready = {"ready": len(devices), "models": models, "addresses": list(hall.devices)}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        living = asyncio.create_task(live(hall)) if given.lively else None
        await _stop_asked(until_stdin_closes=given.until_stdin_closes)
        if living is not None:
            living.cancel()
        if given.journal is not None:
            requests = [[*key, count] for key, count in sorted(hall.journal.requests.items())]
            given.journal.write_text(json.dumps(requests))


async def _stop_asked(*, until_stdin_closes: bool) -> None:
    """Waits for SIGINT or SIGTERM, or for the end of standard input."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl-C ends it there
            loop.add_signal_handler(number, asked.set)
    if until_stdin_closes:
        threading.Thread(target=_watch_stdin, args=(loop, asked), daemon=True).start()
    await asked.wait()


def _watch_stdin(loop: asyncio.AbstractEventLoop, asked: asyncio.Event) -> None:
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    with suppress(RuntimeError):  # the loop is closed already
        loop.call_soon_threadsafe(asked.set)


def _faults(text: str) -> dict[Fault, int]:
    pairs = [part.partition("=") for part in text.split(",") if part]
    try:
        return {Fault(name): int(count) for name, _, count in pairs}
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not of the form hung=5,gone=2: {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m asic_edge.simulator",
        description="Pretends ASICs on addresses of this computer.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=20, help="how many (default 20)")
    parser.add_argument("--first", default="127.20.0.1", help="first address (default 127.20.0.1)")
    parser.add_argument("--models", default=",".join(MODELS), help="names, separated by commas")
    parser.add_argument("--faults", type=_faults, default={}, help="how many have which, as hung=5,gone=2")
    parser.add_argument(
        "--lively", action="store_true", help="some ail; after 90 s some fall silent, and some come and go"
    )
    parser.add_argument("--as-captured", action="store_true", help="all of a model answer the very same")
    parser.add_argument("--recordings", type=Path, default=RECORDINGS, help="folder of recorded answers")
    parser.add_argument("--journal", type=Path, help="file for what was asked, written at the end")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end when standard input ends: for a parent program"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
