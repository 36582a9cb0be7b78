"""The little shell program that stands between the agent and a mining program on POSIX systems.

It ends only after the program and writes the exit status, which an agent that came later cannot
wait for. A shell and not Python: it stays as long as the program, at a hundredth of the memory.
It is given as text, since a shell reads a file bit by bit and an update would change it meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from edge_sentry.miners.table import MINERS
from edge_sentry.supervisor.places import LAUNCHER, MAIN, STATUS
from edge_sentry.supervisor.playbook import Playbook

NAME = "edge-sentry-launch"
MARK = "EDGE_SENTRY_RUN"
API_ARGUMENTS = "RIG_API_ARGUMENTS"
NO_FOLDER = 125

# $1 the run's folder, $2 the script's folder, $3 the script, $4 the shell.
# Who they are is written by the processes themselves, before anything else can happen to them.
# `trap :` and not `trap ''`: what is ignored would be ignored by the program too.
TEXT = f"""trap : HUP INT QUIT TERM
read -r boot </proc/sys/kernel/random/boot_id
read -r stat </proc/$$/stat
echo "$boot $stat" >"$1/{LAUNCHER}"
cd "$2" || {{ echo {NO_FOLDER} >"$1/{STATUS}"; exit {NO_FOLDER}; }}
"$4" -c 'read -r stat </proc/$$/stat; echo "$1 $stat" >"$0/{MAIN}"; exec "$2"' "$1" "$boot" "$3"
status=$?
echo "$status" >"$1/{STATUS}"
exit "$status"
"""

# What systemd tells a service about itself, and our own settings, are no program's concern.
_OURS = ("EDGE_SENTRY_", "RIG_", "LISTEN_", "WATCHDOG_", "MEMORY_PRESSURE_")
_SYSTEMD = {"NOTIFY_SOCKET", "INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID", "CREDENTIALS_DIRECTORY"}


def environment(own: Mapping[str, str], playbook: Playbook, folder: Path) -> dict[str, str]:
    """What a program gets: the agent's without what is the agent's alone, the flags of its API, the
    playbook's own, the mark."""
    kept = {name: text for name, text in own.items() if not name.startswith(_OURS) and name not in _SYSTEMD}
    flags = {API_ARGUMENTS: api_arguments(playbook)}
    return {**kept, **flags, **playbook.environment, MARK: str(folder)}


def api_arguments(playbook: Playbook) -> str:
    """The flags that open the program's API to this rig alone, where it has any, for its script to use.

    Always given, be it empty: a script may be one that ends at a variable that is not set.
    """
    miner = MINERS.get(playbook.program)
    if miner is None or playbook.api_port is None:
        return ""
    return " ".join(miner.arguments(playbook.api_port, playbook.api_token))


def mark_of(folder: Path) -> bytes:
    """By which a process of the run is known as long as its environment is its first one."""
    return os.fsencode(f"{MARK}={folder}")
