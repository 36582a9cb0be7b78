"""The folders are those of the design, and each program keeps to its own."""

from __future__ import annotations

import pytest

from tests.architecture.sources import PACKAGES, ROOT, files

FOLDERS = (
    *PACKAGES,
    "wire/uplink",
    "cloud/domain",
    "cloud/usecases",
    "cloud/entrypoints/http",
    "cloud/adapters/aws",
    "cloud/adapters/local",
    "cloud/gateway",
    "infra/cdk",
    "web_static",
    "docs",
    "tests/unit",
    "tests/contract",
    "tests/infra",
    "tests/system",
    "tests/architecture",
    "tests/fakes",
    "tests/benchmarks",
    "tests/recordings",
    "docs/decisions",
)
SINGLE_FILES = (
    "cloud/app.py",
    "cloud/bootstrap.py",
    "cloud/settings.py",
    "cloud/ports.py",
    "wire/metrics.py",
)


@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_of_the_design_exists_and_is_kept_by_git(folder: str) -> None:
    """An empty folder is not: on a clean checkout it would be missing."""
    assert any(path.is_file() for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts)


@pytest.mark.parametrize("file", SINGLE_FILES)
def test_file_that_the_design_names_exists(file: str) -> None:
    assert (ROOT / file).is_file()


def test_a_use_case_is_a_verb_with_an_object() -> None:
    stems = [path.stem for path in files(".py", within=("cloud/usecases",)) if path.stem != "__init__"]
    assert stems != []
    assert [stem for stem in stems if "_" not in stem] == []


def test_every_module_of_the_commander_core_has_its_tests() -> None:
    """Unit tests mirror the source."""
    missing = []
    for path in files(".py", within=("cloud/domain", "cloud/usecases", "cloud/entrypoints", "cloud/gateway")):
        mirror = ROOT / "tests" / "unit" / path.parent / f"test_{path.name}"
        if path.stem != "__init__" and path.name not in _TESTED_AS_PROGRAMS and not mirror.is_file():
            missing.append(str(path))
    assert missing == []


_TESTED_AS_PROGRAMS = {"up.py", "children.py", "socket.py"}
"""They start processes or carry bytes: `tests/system` and the server's tests drive them."""
