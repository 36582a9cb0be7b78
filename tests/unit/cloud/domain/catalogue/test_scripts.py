"""Script templates are templates, can be filled for each program, and name its executable."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cloud.domain.catalogue.archives import catalogue
from cloud.domain.catalogue.scripts import script_templates
from edge_sentry.miners.table import MINERS
from wire.assignments import System
from wire.placeholders import PoolValues, Values, fails_over_itself, fill, template_problems

_POOLS = (
    PoolValues("one.example:3333", True, "first-wallet", "first-password"),
    PoolValues("two.example:4444", False, "second-wallet"),
)
_RIG = Values("worker-1", "rig-1", "4068")
_EACH = [(program, system) for program, scripts in script_templates().items() for system in scripts]


def test_programs_are_those_that_the_sentry_reads() -> None:
    assert set(script_templates()) <= set(MINERS)
    assert len(script_templates()) >= 16


@pytest.mark.parametrize(("program", "system"), _EACH)
def test_a_template_is_filled_with_pools_wallets_and_worker(program: str, system: System) -> None:
    template = script_templates()[program][system]
    assert template_problems(template) == []
    scripts = fill(template, _RIG, _POOLS)
    assert len(scripts) == (1 if fails_over_itself(template) else 2)
    text = "".join(scripts)
    for pool, host in zip(_POOLS, ("one.example", "two.example"), strict=True):
        assert pool.mining_address in text
        assert host in text
    assert "worker-1" in text
    assert "RIG_API_ARGUMENTS" in text
    assert "{{" not in text


@pytest.mark.parametrize(("program", "version"), catalogue())
def test_the_executable_is_that_of_the_archive(program: str, version: str) -> None:
    scripts = script_templates().get(program, {})
    for each in catalogue()[program, version]:
        if each.archive is not None and scripts:
            name = each.archive.executable.rpartition("/")[2]
            start = f".\\{name} " if each.system is System.WINDOWS else f"exec ./{name} "
            assert start in scripts[each.system]


def test_what_a_program_gets_from_sh(tmp_path: Path) -> None:
    """A stand-in in the program's place writes down its arguments."""
    stand_in = tmp_path / "xmrig"
    stand_in.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    stand_in.chmod(0o700)
    (script,) = fill(script_templates()["xmrig"][System.LINUX], _RIG, _POOLS)
    done = subprocess.run(
        [shutil.which("sh") or "sh", "-c", script],
        cwd=tmp_path,
        env={"RIG_API_ARGUMENTS": "--http-enabled --http-port=4068"},
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    first = "-o one.example:3333 --tls -u first-wallet -p first-password --rig-id=worker-1 -k"
    second = "-o two.example:4444 -u second-wallet -p x --rig-id=worker-1 -k"
    api = "--http-enabled --http-port=4068"
    wanted = f"-a rx/0 --no-color --donate-level=1 {first} {second} {api}"
    assert done.stdout.splitlines() == wanted.split()


def test_a_batch_file_is_as_it_should_be() -> None:
    """It is not run here: there is no cmd."""
    script, _ = fill(script_templates()["t-rex"][System.WINDOWS], _RIG, _POOLS)
    lines = script.splitlines()
    assert lines[0] == "@echo off"
    assert lines[2] == (
        ".\\t-rex.exe -a kawpow --no-watchdog --no-color "
        "-o stratum+ssl://one.example:3333 -u first-wallet -p first-password -w worker-1 %RIG_API_ARGUMENTS%"
    )
    assert lines[3] == "exit /b %ERRORLEVEL%"
