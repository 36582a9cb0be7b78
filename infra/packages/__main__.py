"""`python -m infra.packages`: builds the folder that functions run from."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.packages.build import BuildError, build, describe
from infra.packages.interpreters import NoInterpreter
from infra.packages.target import host_target, lambda_target

_EXAMPLES = """examples:
  python -m infra.packages --target lambda --out build/package    for AWS: Python 3.13 on arm64
  python -m infra.packages --target host --out build/host         for the emulator on this machine

The folder holds the package as CDK takes it; FOLDER.zip beside it holds the same.
"""
_TARGETS = {"lambda": lambda_target, "host": host_target}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 built, 1 could not be built, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        package = build(_TARGETS[options.target](), options.out.resolve())
    except (BuildError, NoInterpreter) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(describe(package) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.packages",
        description="Build the package that every function of the commander runs from, without Docker.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--target", choices=sorted(_TARGETS), required=True, help="where it will run")
    parser.add_argument("--out", type=Path, required=True, help="folder of the package")
    return parser


if __name__ == "__main__":
    sys.exit(main())
