"""Builds a package: installs by lock file, adds our code, leaves out, compiles, makes it reproducible."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

from infra.packages.archive import Archive, files_of, normalise, write_archive
from infra.packages.contents import copy_own, leave_out
from infra.packages.target import Target

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements-lambda.lock"
MAX_ZIP_BYTES = 10_000_000
"""What we allow ourselves; a larger package starts more slowly. Lambda takes 50 MB."""
_TASK_ROOT = "/var/task"
"""Where Lambda unpacks; tracebacks of the compiled files name it."""
_LIMIT_S = 300


class BuildError(Exception):
    """Why there is no package, in words for the person who asked for it."""


@dataclass(frozen=True, slots=True)
class Package:
    """A built package: the folder that CDK takes, and the same as a zip file beside it."""

    folder: Path
    target: Target
    archive: Archive


def build(target: Target, folder: Path) -> Package:
    """Builds into `folder`, replacing an older package there; raises BuildError."""
    _check_replaceable(folder)
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _install(target, fresh)
    copy_own(ROOT, fresh)
    if unmatched := leave_out(fresh):
        raise BuildError(
            f"Nothing to leave out matches {', '.join(unmatched)}: see infra/packages/contents.py."
        )
    _compile(target, fresh)
    normalise(fresh)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    archive = write_archive(folder, folder.with_name(folder.name + ".zip"))
    if archive.size_bytes > MAX_ZIP_BYTES:
        raise BuildError(
            f"The package has {archive.size_bytes:,} bytes zipped; {MAX_ZIP_BYTES:,} are allowed."
        )
    return Package(folder, target, archive)


def _check_replaceable(folder: Path) -> None:
    """An older package may go; a folder with anything else in it is somebody's."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "cloud" / "app.py").exists():
        raise BuildError(
            f"{folder} holds something else. Name an empty folder, or one that is not there yet."
        )


def _install(target: Target, folder: Path) -> None:
    platform = ["--python-platform", target.platform] if target.platform else []
    _run(
        [
            *(find_uv_bin(), "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"),
            # Hard links would let what follows change uv's cache.
            *("--link-mode", "copy", "--python", str(target.python.path), *platform),
            *("--python-version", target.python.version, "--require-hashes"),
            *("-r", str(LOCK), "--target", str(folder)),
        ],
        "The libraries could not be installed",
        os.environ,
    )


def _compile(target: Target, folder: Path) -> None:
    """Byte code that is never checked against its source: a zip's times would make it look stale."""
    _run(
        [
            *(str(target.python.path), "-m", "compileall", "-q", "-j", "1"),
            *("--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", _TASK_ROOT, str(folder)),
        ],
        "The package could not be compiled",
        {"PYTHONHASHSEED": "0"},
    )


def _run(command: Sequence[str], complaint: str, environment: Mapping[str, str]) -> None:
    try:
        ended = subprocess.run(  # noqa: S603 - uv and a Python, found above
            command, capture_output=True, text=True, timeout=_LIMIT_S, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise BuildError(f"{complaint} within {_LIMIT_S} s.") from error
    if ended.returncode:
        raise BuildError(f"{complaint}:\n{(ended.stderr or ended.stdout).strip()}")


def describe(package: Package) -> str:
    """One line about a package."""
    target, archive = package.target, package.archive
    return (
        f"{target.architecture} {target.runtime}: {len(files_of(package.folder)):,} files, "
        f"{archive.size_bytes:,} bytes zipped, SHA-256 {archive.sha256}"
    )
