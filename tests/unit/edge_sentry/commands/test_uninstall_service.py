"""`edge-sentry uninstall-service` as it is called; what it does is tested with the service."""

from __future__ import annotations

import pytest

from edge_sentry.__main__ import main


def test_help_says_that_mining_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["uninstall-service", "--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert "Mining programs go on" in printed
    assert "--purge" in printed
