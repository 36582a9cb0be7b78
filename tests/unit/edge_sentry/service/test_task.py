"""The scheduled task of Windows, as XML."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath
from xml.etree import ElementTree

from edge_sentry.service.task import LOCAL_SERVICE, text

_SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def value(root: ElementTree.Element, path: str) -> str | None:
    found = root.find("/".join(f"{_SPACE}{part}" for part in path.split("/")))
    assert found is not None, path
    return found.text


def task() -> ElementTree.Element:
    python = Path(str(PureWindowsPath("C:/Program Files/Rig & Co/python.exe")))
    written = text(python, Path("C:/ProgramData/edge-sentry")).encode("utf-16")
    return ElementTree.fromstring(written)  # noqa: S314 - our own


def test_it_runs_at_boot_for_ever_with_the_least_rights() -> None:
    root = task()
    assert value(root, "Triggers/BootTrigger/Enabled") == "true"
    assert value(root, "Principals/Principal/UserId") == LOCAL_SERVICE
    assert value(root, "Principals/Principal/RunLevel") == "LeastPrivilege"
    assert value(root, "Settings/ExecutionTimeLimit") == "PT0S"
    assert value(root, "Settings/MultipleInstancesPolicy") == "IgnoreNew"


def test_mining_programs_inherit_an_ordinary_priority() -> None:
    """The default, 7, is below it."""
    assert value(task(), "Settings/Priority") == "5"


def test_count_of_restarts_is_what_the_schema_allows() -> None:
    count = value(task(), "Settings/RestartOnFailure/Count")
    assert count is not None
    assert 1 <= int(count) <= 255


def test_paths_with_blanks_and_signs() -> None:
    root = task()
    assert value(root, "Actions/Exec/Command") == "C:\\Program Files\\Rig & Co\\python.exe"
    assert (
        value(root, "Actions/Exec/Arguments") == '-I -m edge_sentry run --data "C:/ProgramData/edge-sentry"'
    )
