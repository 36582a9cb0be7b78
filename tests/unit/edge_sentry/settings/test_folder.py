"""Where a sentry keeps its files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edge_sentry.settings.folder import ENVIRONMENT_NAME, SettingsError, data_folder

NO_NAME = 54321


def test_it_is_spelled_out() -> None:
    assert data_folder("a/../b", {}) == Path.cwd() / "b"
    assert data_folder(None, {ENVIRONMENT_NAME: "/srv//x/."}) == Path("/srv/x")
    assert data_folder("~/x", {}) == Path.home() / "x"


def test_a_home_that_nobody_has() -> None:
    with pytest.raises(SettingsError, match="'~nobody-has-this/x'"):
        data_folder("~nobody-has-this/x", {})


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="only root can be somebody else")
@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("data_folder(None, {{}})", "This user has no home folder. Name a data folder with --data."),
        ("data_folder('~/x', {{}})", "Nobody knows the home folder in '~/x'."),
        ("Sequence(Path('{folder}'))", "or as root."),
    ],
)
def test_what_a_user_without_name_and_rights_is_told(tmp_path: Path, step: str, sentence: str) -> None:
    """As a container's user that has a number and nothing else."""
    tmp_path.chmod(0o700)
    program = f"""
import os, platformdirs, sys
from pathlib import Path
from edge_sentry.settings.folder import SettingsError, data_folder
from edge_sentry.settings.sequence import Sequence
os.setgroups([])
os.setgid({NO_NAME})
os.setuid({NO_NAME})
try:
    {step.format(folder=tmp_path)}
except SettingsError as error:
    sys.stdout.write(str(error))
"""
    done = subprocess.run([sys.executable, "-c", program], env={}, capture_output=True, text=True, check=True)
    assert sentence in done.stdout
    assert "Enrol" not in done.stdout
