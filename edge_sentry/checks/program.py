"""Checks of the program, its data folder and its enrolment."""

from __future__ import annotations

import os
import shutil
import stat

from edge_sentry.checks.finding import Finding, bad, ok, skipped, warning
from edge_sentry.checks.sight import Sight
from edge_sentry.settings.folder import SettingsError
from edge_sentry.settings.identity import load_identity
from edge_sentry.settings.lock import running_pid
from edge_sentry.settings.status import load_status

_OLDEST_PYTHON = (3, 11, 0)
# The spool holds at most 64 MB; logs of mining programs and their files come on top.
_LITTLE_BYTES = 200_000_000
_TOO_LITTLE_BYTES = 20_000_000
_NO_FOLDER = "there is no data folder"


def python(sight: Sight) -> Finding:
    """Old Pythons cannot even start us; the check is for the version to be seen."""
    text = f"Python {'.'.join(map(str, sight.python))}, edge-sentry {sight.version}"
    if sight.python < _OLDEST_PYTHON:
        return bad(text, "Install Python 3.11 or newer.")
    return ok(text)


def data_folder(sight: Sight) -> Finding:
    """There, the right one's, nobody else's to read."""
    folder = sight.folder
    try:
        found = folder.stat()
    except FileNotFoundError:
        return bad(f"{folder} is not there", "Begin with: edge-sentry enrol")
    except OSError as error:
        return bad(f"{folder}: {error.strerror}", _as_owner(sight))
    if not stat.S_ISDIR(found.st_mode):
        return bad(f"{folder} is not a folder", "Name the data folder with --data.")
    if sight.platform == "win32":
        return ok(str(folder))
    return _private(sight, found)


def _private(sight: Sight, found: os.stat_result) -> Finding:
    folder = sight.folder
    account = sight.eyes.account(sight.service.user) if sight.service else None
    uid = account.uid if account else sight.uid
    if found.st_uid != uid:
        return bad(f"{folder} belongs to user {found.st_uid}, not to {sight.agent_user}", _hand_over(sight))
    if found.st_mode & 0o077:
        return bad(f"{folder} can be read by others: it holds the token", f"Run: chmod 700 {folder}")
    return _within(sight, uid)


def _within(sight: Sight, uid: int) -> Finding:
    """A file that root wrote here is one that the sentry cannot read."""
    if not os.access(sight.folder, os.R_OK | os.X_OK):
        return bad(f"{sight.folder} cannot be read by you", _as_owner(sight))
    foreign = [each.name for each in sight.folder.iterdir() if each.lstat().st_uid != uid]
    if foreign:
        text = f"{', '.join(sorted(foreign)[:3])} in {sight.folder} do not belong to {sight.agent_user}"
        return bad(text, _hand_over(sight))
    return ok(f"{sight.folder}, for {sight.agent_user} alone")


def free_space(sight: Sight) -> Finding:
    """Unsent samples and logs need some."""
    if not sight.folder.exists():
        return skipped(_NO_FOLDER)
    free = shutil.disk_usage(sight.folder).free
    text = f"{free / 1e9:,.1f} GB free for {sight.folder}"
    if free < _TOO_LITTLE_BYTES:
        return bad(text, "Make room: samples can no longer be kept while the commander is away.")
    if free < _LITTLE_BYTES:
        return warning(text, "Make room: 200 MB are needed for unsent samples and logs.")
    return ok(text)


def enrolled(sight: Sight) -> Finding:
    """Who this rig is."""
    if _is_a_file(sight):
        return skipped(_NO_FOLDER)
    try:
        identity = load_identity(sight.folder)
    except SettingsError as error:
        return bad(str(error), _as_owner(sight))
    if identity is None:
        return bad("this rig is not enrolled", "Choose 'Add sentry' in the dashboard and run its command.")
    return ok(f"as {identity.name} at farm {identity.farm_name}, {identity.url}")


def running(sight: Sight) -> Finding:
    """One sentry for each folder; the lock tells."""
    if _is_a_file(sight):
        return skipped(_NO_FOLDER)
    try:
        pid = running_pid(sight.folder)
    except SettingsError as error:
        return skipped(str(error), _as_owner(sight))
    if pid is None:
        start = "sudo systemctl start edge-sentry" if sight.service else "edge-sentry run"
        return bad("no sentry runs on this data folder", f"Start it: {start}")
    return ok(f"pid {pid}")


def alone(sight: Sight) -> Finding:
    """A second sentry on another folder would report the same rig twice."""
    mine = running_pid(sight.folder) if sight.folder.is_dir() else None
    others = [each for each in sight.eyes.processes() if _is_sentry(each.command) and each.pid != mine]
    if others:
        pids = ", ".join(f"pid {each.pid} of {each.user or 'somebody'}" for each in others)
        return warning(f"another sentry runs on this rig ({pids})", "Stop it: a rig needs one only.")
    return ok("no other sentry runs here")


def spool(sight: Sight) -> Finding:
    """What could not be sent yet, and whether it is safe on disk."""
    status = load_status(sight.folder)
    if status is None:
        return skipped("no sentry has run on this folder yet")
    if status.spool_trouble is not None:
        return bad(f"unsent samples are not on disk: {status.spool_trouble}", "Repair the disk or make room.")
    if status.dropped:
        return warning(f"{status.dropped:,} samples were dropped, {status.unsent:,} wait to be sent")
    return ok(f"{status.unsent:,} samples wait to be sent, none was dropped")


def _is_a_file(sight: Sight) -> bool:
    return sight.folder.exists() and not sight.folder.is_dir()


def _is_sentry(command: str) -> bool:
    """By its command line, however it was started."""
    words = [word.rpartition("/")[2] for word in command.split()[:6]]
    begun = bool(words) and words[0].startswith(("python", "edge-sentry"))
    return begun and "run" in words and not {"edge-sentry", "edge_sentry"}.isdisjoint(words)


def _as_owner(sight: Sight) -> str:
    return f"Run this as root: sudo edge-sentry doctor --data {sight.folder}"


def _hand_over(sight: Sight) -> str:
    if sight.service:
        return "Run: sudo edge-sentry install-service (it hands the folder over)"
    return f"Run: sudo chown -R {sight.user} {sight.folder}"
