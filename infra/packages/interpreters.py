"""Finds a Python of a wanted version on this machine: on PATH, in pyenv, or the one that runs this."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that starts."""

    path: Path
    version: str
    """For example `3.13`."""


class NoInterpreter(Exception):
    """No Python of the wanted versions; the message says how to get one."""


def find_python(versions: Sequence[str], purpose: str) -> Interpreter:
    """The first of `versions` that is here; `purpose` ends the sentence of NoInterpreter."""
    for version in versions:
        for path in _candidates(version):
            if _version_of(path) == version:
                return Interpreter(path, version)
    raise NoInterpreter(
        f"Python {' or '.join(versions)} is needed {purpose}, and none was found on PATH or in pyenv. "
        f"Install one, for example with `pyenv install {versions[0]}` or `uv python install {versions[0]}`."
    )


def _candidates(version: str) -> Iterator[Path]:
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        yield Path(sys.executable)
    # A pyenv shim on PATH may name a version that is not switched on, so its own folder comes first.
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local/share/uv/python"))
    yield from sorted(uv.glob(f"cpython-{version}.*/bin/python{version}"), reverse=True)
    if found := shutil.which(f"python{version}"):
        yield Path(found)


def _version_of(path: Path) -> str | None:
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(  # noqa: S603 - a Python that was just found
            [path, "-I", "-c", ask], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None
