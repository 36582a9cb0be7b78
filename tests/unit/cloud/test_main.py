"""The program's own checks, before anything is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloud.__main__ import main


def test_new_password_makes_no_folder_where_there_is_no_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "typo" / "x"
    assert main(["new-password", "--data", str(place)]) == 1
    assert capsys.readouterr().err == f"commander: There is no store in {place}.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--asics", "2001"], "'2001' is not a whole number from 0 to 2000"),
        (["--asics", "some"], "'some' is not a whole number from 0 to 2000"),
        (["--asics-from", "192.168.1.1"], "192.168.1.1 is not within 127.0.0.0/8"),
        (["--asics-from", "home"], "'home' is no IPv4 address"),
    ],
)
def test_simulated_asics_are_limited_and_stay_on_this_computer(
    asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["up", *asked])
    assert said in capsys.readouterr().err
