"""Where the supervisor keeps what: names of folders and files below the data folder."""

from __future__ import annotations

from pathlib import Path

MINING = "mining"
RUNS = "runs"
# In the folder of a run.
LOCK = "lock"
RECORD = "record.json"
LAUNCHER = "launcher"
MAIN = "main"
STATUS = "status"
OUTPUT = "output"
LOG = "log"
LOG_BEFORE = "log.1"
LOG_AT = "log.at"
TALLY = "tally.json"
BATCH = "launch.bat"
# By which a folder is known as one of ours.
PROOF = (LOCK, RECORD)
# All that may ever be deleted there; the proof last, so that what was begun is finished.
LEFT_BY_RUNS = (LAUNCHER, MAIN, STATUS, OUTPUT, LOG, LOG_BEFORE, LOG_AT, TALLY, BATCH, *PROOF)
# What is written beside its place first.
REPLACED = (LAUNCHER, TALLY, BATCH, RECORD)


def mining_folder(data_folder: Path) -> Path:
    """Makes and gives the folder of everything about mining, for its owner alone."""
    folder = data_folder / MINING
    (folder / RUNS).mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def run_folder(mining: Path, playbook: str) -> Path:
    """Where the files of a playbook's runs lie."""
    return mining / RUNS / playbook
