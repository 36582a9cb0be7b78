"""Runs the CDK command line that npm installed, with our app."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.deploy.account import Account
from infra.deploy.choices import DeployError

ROOT = Path(__file__).resolve().parents[2]
_COMMAND = ROOT / "node_modules" / ".bin" / "cdk"
_LIMIT_S = 3600
"""A first distribution takes CloudFront up to 20 minutes."""

# Nothing is told to anybody but AWS, and no complaint about Node's age goes between the lines that matter.
_QUIET = {
    "CDK_DISABLE_CLI_TELEMETRY": "true",
    "CDK_DISABLE_VERSION_CHECK": "true",
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    "NODE_NO_WARNINGS": "1",
}


def check_tools() -> None:
    """Raises DeployError where Node or the CDK command line lacks."""
    if shutil.which("node") is None:
        raise DeployError("Node 20 or newer is needed: the CDK command line runs on it.")
    if not _COMMAND.exists():
        raise DeployError("The CDK command line is not installed here. Run `make deploy`, or `npm ci` first.")


def bootstrap(account: Account) -> None:
    """Once per account and region: the bucket and the roles that CDK deploys with."""
    # Outside the repository's root, where the command would build our app for nothing.
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    _run(["bootstrap", f"aws://{account.number}/{account.region}"], account, folder)


def deploy(account: Account, context: Mapping[str, str], output: Path, *, ask: bool) -> None:
    """All stacks; `ask` lets CDK ask before rights grow wider. Templates go to `output`."""
    app = f"{shlex.quote(sys.executable)} -m infra.cdk"
    pairs = [part for key, value in context.items() for part in ("--context", f"{key}={value}")]
    approval = "broadening" if ask else "never"
    arguments = ["deploy", "--all", "--require-approval", approval, "--progress", "events"]
    _run([*arguments, "--app", app, "--output", str(output), *pairs], account, ROOT)


def _run(arguments: Sequence[str], account: Account, folder: Path) -> None:
    region = {"AWS_REGION": account.region, "AWS_DEFAULT_REGION": account.region}
    try:
        ended = subprocess.run(  # noqa: S603 - our own npm package
            [str(_COMMAND), *arguments, "--no-notices", "--no-version-reporting"],
            cwd=folder,
            env={**os.environ, **_QUIET, **region},
            timeout=_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DeployError(f"`cdk {arguments[0]}` did not end within {_LIMIT_S // 60} minutes.") from error
    if ended.returncode:
        raise DeployError(f"`cdk {arguments[0]}` failed; what it said stands above.")
