"""One edition in one emulator: our own programs run against it, and what AWS would know of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import boto3

from infra.deploy.choices import Choices
from infra.deploy.stacks import Deployed, read_deployed
from tests.deploy.emulator import REGION, Emulator
from tests.system.processes import wait_for

T = TypeVar("T")
_OUTPUT_LINES = 40
_LOG_LINES = 15
_PLATFORM_LINES = ("START ", "END ", "REPORT ")


class StepFailure(Exception):
    """Something that a deployment must do, and did not; the message is a sentence."""


class Deployment:
    """What was deployed with `python -m infra.deploy`."""

    def __init__(self, edition: str, emulator: Emulator, folder: Path) -> None:
        self.choices, self.emulator, self.folder = Choices(edition), emulator, folder
        self.environment = emulator.environment
        self._session = boto3.Session("test", "test", region_name=REGION)

    @property
    def is_queued(self) -> bool:
        return self.choices.edition == "enterprise"

    def deploy(self, *more: str) -> str:
        """The real command, with the package for this machine; what it said."""
        given = ["--edition", self.choices.edition, "--yes", "--build", str(self.folder / "build")]
        return self.run("infra.deploy", *given, "--target", "host", *more, limit_s=240)

    def run(
        self, module: str, *arguments: str, env: Mapping[str, str] | None = None, limit_s: float = 60
    ) -> str:
        """Runs one of our programs against the emulator; gives its output, raises StepFailure with it."""
        name = " ".join((module, *arguments[:2]))
        try:
            ended = subprocess.run(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=limit_s,
                check=False,
                env={**os.environ, **self.environment, **(env or {})},
            )
        except subprocess.TimeoutExpired as error:
            raise StepFailure(f"`{name}` did not end within {limit_s:g} s.") from error
        if ended.returncode:
            tail = "\n".join(ended.stdout.splitlines()[-_OUTPUT_LINES:])
            raise StepFailure(f"`{name}` ended with status {ended.returncode}:\n{tail}")
        return ended.stdout

    def client(self, service: str) -> Any:
        """A client with all rights."""
        made = cast("Any", self._session).client
        bundle = str(self.emulator.certificate)
        return made(service, endpoint_url=self.emulator.url, verify=bundle)

    def found(self) -> Deployed:
        """The stacks' outputs; raises StepFailure where there are none."""
        deployed = read_deployed(self.client("cloudformation"), self.choices)
        if deployed is None:
            raise StepFailure("CloudFormation knows of no stack.")
        return deployed

    def items(self, table: str) -> Iterator[dict[str, Any]]:
        """Every item of the table, keys and attributes as boto3's resource reads them."""
        made = cast("Any", self._session).resource
        resource = made(
            "dynamodb", endpoint_url=self.emulator.url, verify=str(self.emulator.certificate)
        ).Table(table)
        given: dict[str, Any] = {}
        while True:
            page = resource.scan(ConsistentRead=True, **given)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            given = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def log_lines(self) -> dict[str, list[str]]:
        """By function, what it wrote to CloudWatch Logs."""
        logs = self.client("logs")
        found: dict[str, list[str]] = {}
        for group in logs.describe_log_groups()["logGroups"]:
            name = group["logGroupName"]
            streams = logs.describe_log_streams(logGroupName=name)["logStreams"]
            found[name] = [
                line
                for stream in streams
                for event in logs.get_log_events(
                    logGroupName=name, logStreamName=stream["logStreamName"], startFromHead=True
                )["events"]
                for line in event["message"].splitlines()
            ]
        return found

    def trouble(self) -> str:
        """The ends of the functions' logs and of the rig's, for whoever looks for the reason of a failure."""
        told = {
            name: [line for line in lines if not line.startswith(_PLATFORM_LINES)]
            for name, lines in self.log_lines().items()
        }
        if (rig := self.folder / "sentry.log").exists():
            told["the rig"] = rig.read_text(errors="replace").splitlines()
        parts = [f"--- {name}\n" + "\n".join(lines[-_LOG_LINES:]) for name, lines in told.items() if lines]
        return "\n".join(parts) or "(nothing was written)"


def expect(met: object, otherwise: str) -> None:
    """Raises StepFailure where something does not hold."""
    if not met:
        raise StepFailure(otherwise)


def until(what: str, look: Callable[[], T | None], timeout_s: float = 30) -> T:
    """Looks until something is there; raises StepFailure in words."""
    try:
        return wait_for(what, look, timeout_s)
    except AssertionError as error:
        raise StepFailure(str(error)) from error
