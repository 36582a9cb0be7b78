"""The program that the CDK command line runs. That it writes templates is shown by each deployment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _run(folder: Path, context: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """As the command line does: context and the folder for the templates stand in the environment."""
    told = {"CDK_CONTEXT_JSON": json.dumps(context), "CDK_OUTDIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "infra.cdk"],
        cwd=ROOT,
        env={**os.environ, **told},
        capture_output=True,
        check=False,
        text=True,
        timeout=90,
    )


def test_says_what_is_wrong_and_writes_nothing(tmp_path: Path) -> None:
    ended = _run(tmp_path, {"package": str(tmp_path), "edition": "pro"})
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "edition='pro' must be one of: selfhost, enterprise."
    assert list(tmp_path.iterdir()) == []
