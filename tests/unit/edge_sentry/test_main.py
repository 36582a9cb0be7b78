"""The command line as a whole."""

from __future__ import annotations

import pytest

from edge_sentry.__main__ import main


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    assert "edge-sentry enrol --url https://" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("edge-sentry ")


@pytest.mark.parametrize(
    "arguments",
    [[], ["fly"], ["run", "--fast"], ["simulate"], ["doctor", "x"], ["uninstall-service", "--data", "x"]],
)
def test_wrong_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: edge-sentry" in capsys.readouterr().err
