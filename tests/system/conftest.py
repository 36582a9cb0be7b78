"""Fixtures of the system tests: real processes on free ports, ended with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system.processes import Commander, Program


@pytest.fixture
def commander(tmp_path: Path) -> Iterator[Commander]:
    """A commander without a sentry of its own, at a cadence of 2 s."""
    started = Commander(tmp_path / "commander", "--no-sentry")
    yield started
    started.program.end()


@pytest.fixture
def sentry(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts `edge-sentry` with arguments, in a data folder of the test's."""
    started: list[Program] = []

    def start(*arguments: str) -> Program:
        log = tmp_path / f"sentry-{len(started)}.log"
        data = ["--data", str(tmp_path / "sentry")]
        program = Program("edge_sentry", [*arguments, *data], log)
        started.append(program)
        return program

    yield start
    for program in started:
        if program.process.poll() is None:
            program.kill()
