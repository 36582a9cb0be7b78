"""What a package holds of us and of others, and what is left out."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

OWN = ("wire", "cloud")
"""Our packages that functions import."""

AWS_SERVICES = ("apigatewaymanagementapi", "dynamodb", "kms", "s3", "sqs", "ssm", "sts")
"""Services that a function may call; botocore knows hundreds, 28 MB of descriptions."""

LEFT_OUT = (
    # Ours: what serves one machine over HTTP, the operator's command line, the agents' end of the wire.
    "cloud/__main__.py",
    "cloud/admin",
    "cloud/gateway",
    "wire/uplink",
    # Needed to build bindings, not to use them: argon2 loads `_cffi_backend` alone.
    "cffi",
    "pycparser",
    # Chalice as a command that deploys; we use its router.
    "chalice/analyzer.py",
    "chalice/awsclient.py",
    "chalice/cdk",
    "chalice/cli",
    "chalice/config.py",
    "chalice/constants.py",
    "chalice/deploy",
    "chalice/invoke.py",
    "chalice/local.py",
    "chalice/logs.py",
    "chalice/package.py",
    "chalice/pipeline.py",
    "chalice/policies*.json",
    "chalice/policy.py",
    "chalice/templates",
    "chalice/test.py",
    "chalice/utils.py",
    "chalice/vendored",
    # Nobody's run time.
    "*.dist-info",
    "bin",
    "botocore/data/*/*/examples-1.json",
    "**/*.pyi",
    "**/py.typed",
)
"""Patterns below the package's folder."""


def copy_own(source: Path, folder: Path) -> None:
    """Copies our packages from the checkout at `source`, without anybody's byte code."""
    for name in OWN:
        shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))


def leave_out(folder: Path) -> list[str]:
    """Removes what no function needs; gives the patterns that nothing matched, each a mistake by now."""
    unmatched = []
    for pattern in LEFT_OUT:
        found = list(folder.glob(pattern))
        _remove(found)
        if not found:
            unmatched.append(pattern)
    _remove(_unused_services(folder))
    return unmatched


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _unused_services(folder: Path) -> Iterator[Path]:
    for path in sorted((folder / "botocore" / "data").iterdir()):
        if path.is_dir() and path.name not in AWS_SERVICES:
            yield path
