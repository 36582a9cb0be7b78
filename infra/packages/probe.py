"""Starts a built package in a fresh process, as Lambda does: nothing but the package and Python itself."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from infra.packages.target import Target

HANDLERS = ("api", "socket", "consumer", "stream", "schedule")
"""Modules of `cloud.functions`, one for each way in."""

ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "RIG_TABLE": "table",
    "RIG_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/queue",
    "RIG_SOCKET_ENDPOINT": "https://api.execute-api.us-east-1.amazonaws.com/socket",
}
"""What the stacks tell a function; no address in it is called by an import."""

_LIMIT_S = 60
_PROBE = """
import json, sys, time
folder, module = sys.argv[1:]
sys.path[:] = [folder] + [path for path in sys.path if "site-packages" not in path]
begun = time.perf_counter()
found = __import__(module, fromlist=["handler"])
spent_s = time.perf_counter() - begun
modules = [m for m in list(sys.modules.values()) if getattr(m, "__file__", None)]
print(json.dumps({"spent_s": spent_s, "callable": callable(found.handler),
                  "files": [m.__file__ for m in modules], "path": sys.path}))
"""


@dataclass(frozen=True, slots=True)
class Start:
    """How the import of one handler went."""

    spent_s: float
    callable: bool
    files: list[str]
    """Where every imported module lies."""
    path: list[str]


def start(target: Target, folder: Path, handler: str) -> Start:
    """Imports `cloud.functions.<handler>` from `folder`; raises RuntimeError with what Python said."""
    ended = subprocess.run(  # noqa: S603 - the target's Python
        [target.python.path, "-I", "-S", "-B", "-c", _PROBE, folder, f"cloud.functions.{handler}"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=_LIMIT_S,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"{handler} cannot be imported from the package:\n{ended.stderr}")
    return Start(**json.loads(ended.stdout))
