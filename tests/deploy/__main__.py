"""`python -m tests.deploy`: deploys each edition to an emulator of AWS and uses it, within eight minutes."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError, ClientError
from websockets.exceptions import WebSocketException

from infra.deploy.choices import EDITIONS, DeployError
from infra.packages.interpreters import NoInterpreter
from tests.deploy.deployment import Deployment, StepFailure
from tests.deploy.emulator import ROOT, Emulator, EmulatorError, install_emulator
from tests.deploy.journey import Journey, Step

LIMIT_S = 480
_CONTRACT = (
    "-p",
    "no:cacheprovider",
    "--hypothesis-profile=ci",
    "-k",
    "emulator",
    "tests/contract/test_store.py",
)
_CONTRACT_S = 120
_BUILD = ROOT / "build" / "deploy-test"
_EXAMPLES = """examples:
  python -m tests.deploy                          both editions, and the store's contract
  python -m tests.deploy --edition enterprise     one of them
  python -m tests.deploy --edition selfhost --keep    leave it running until Enter is pressed

Nothing leaves this machine: the emulator (ministack) listens on loopback and takes the place of AWS.
"""
_FAILURES = (
    StepFailure,
    DeployError,
    EmulatorError,
    NoInterpreter,
    BotoCoreError,
    ClientError,
    httpx.HTTPError,
    WebSocketException,
)


class OutOfTime(Exception):
    """The whole took longer than it may."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 everything was shown, 1 something failed, 2 wrong usage."""
    given = _parser().parse_args(arguments)
    begun = time.monotonic()
    if not given.keep:
        signal.signal(signal.SIGALRM, _out_of_time)
        signal.alarm(LIMIT_S)
    try:
        python = install_emulator(_BUILD)
        editions = [given.edition] if given.edition else list(EDITIONS)
        good = all(_edition(edition, python, keep=given.keep) for edition in editions)
        if given.edition is None and good:
            good = _contract(python)
    except _FAILURES as failure:
        _say(f"FAILED  {failure}")
        good = False
    except OutOfTime:
        _say(f"FAILED  It is not done within {LIMIT_S} s.")
        good = False
    verdict = "Everything was shown" if good else "Not everything was shown"
    _say(f"{verdict} in {time.monotonic() - begun:.0f} s.")
    return 0 if good else 1


def _edition(edition: str, python: Path, *, keep: bool) -> bool:
    _say(f"\n{edition}")
    with _emulator(python) as emulator:
        deployment = Deployment(edition, emulator, emulator.folder)
        journey = Journey(deployment)
        try:
            good = _walk(journey.steps()[: -1 if keep else None], deployment)
            if keep and good:
                _wait_for_enter(journey)
        finally:
            journey.end()
    return good


def _walk(steps: Sequence[Step], deployment: Deployment) -> bool:
    for step in steps:
        begun = time.monotonic()
        try:
            detail = step.show()
        except _FAILURES as failure:
            _say(f"FAILED  {step.name}: {failure}\n\nWhat functions and rig wrote:\n{deployment.trouble()}")
            return False
        _say(f"ok  {time.monotonic() - begun:5.1f} s  {step.name}{': ' if detail else ''}{detail}")
    return True


def _contract(python: Path) -> bool:
    """The store's contract, on the emulator's DynamoDB."""
    begun = time.monotonic()
    with _emulator(python) as emulator:
        environment = {**os.environ, **emulator.environment, "RIG_EMULATOR_URL": emulator.url}
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *_CONTRACT],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_CONTRACT_S,
            check=False,
        )
    if ended.returncode:
        _say(f"FAILED  the store's contract on the emulator's DynamoDB:\n{ended.stdout[-4000:]}")
        return False
    outcome = ended.stdout.strip().splitlines()[-1]
    _say(
        f"\nok  {time.monotonic() - begun:5.1f} s  the store's contract on the emulator's DynamoDB: {outcome}"
    )
    return True


@contextmanager
def _emulator(python: Path) -> Iterator[Emulator]:
    folder = Path(tempfile.mkdtemp(prefix="rig-emulator-"))
    try:
        emulator = Emulator(python, folder)
        try:
            yield emulator
        finally:
            emulator.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_enter(journey: Journey) -> None:
    deployment = journey.deployment
    _say("\nIt runs. In another shell:")
    for name, value in deployment.environment.items():
        _say(f"  export {name}={value}")
    if journey.door:
        _say(f"Its address: {journey.door.url} (public address {deployment.found().address})")
    _say("Press Enter to end it.")
    sys.stdin.readline()


def _out_of_time(*_: object) -> None:
    raise OutOfTime


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.deploy",
        description="Deploy the commander to an emulator of AWS and use it there.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--edition", choices=EDITIONS, help="only this one")
    parser.add_argument("--keep", action="store_true", help="leave it running until Enter is pressed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
