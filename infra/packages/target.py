"""Where a package will run: Lambda, or this machine for the emulator."""

from __future__ import annotations

import platform
from dataclasses import dataclass

from infra.packages.interpreters import Interpreter, find_python

LAMBDA_PYTHON = "3.13"
# Lambda's Python 3.13 runs on Amazon Linux 2023, whose glibc is 2.34.
LAMBDA_PLATFORM = "aarch64-manylinux_2_28"
EMULATOR_PYTHONS = ("3.13", "3.14", "3.12")
"""Versions that ministack runs on, the one of Lambda first."""

_ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
ELF_MACHINES = {"x86_64": 62, "arm64": 183}
"""`e_machine` in the header of an ELF file, by Lambda's name of the architecture."""


@dataclass(frozen=True, slots=True)
class Target:
    """One place to run; `python` compiles, for byte code belongs to one version."""

    python: Interpreter
    architecture: str
    """As Lambda says it: `arm64` or `x86_64`."""
    platform: str | None
    """uv's name of the platform; None takes wheels for this machine."""

    @property
    def runtime(self) -> str:
        """As Lambda says it: `python3.13`."""
        return f"python{self.python.version}"


def lambda_target() -> Target:
    """AWS Lambda; raises NoInterpreter."""
    python = find_python((LAMBDA_PYTHON,), "to compile for AWS Lambda")
    return Target(python, "arm64", LAMBDA_PLATFORM)


def host_target() -> Target:
    """This machine, with a Python that the emulator runs on; raises NoInterpreter."""
    python = find_python(EMULATOR_PYTHONS, "for the emulator of AWS")
    return Target(python, _ARCHITECTURES[platform.machine().lower()], None)
