"""The lines of docs/api.md work as they stand, by curl against a running gateway."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cloud.usecases import list_audit, list_events, list_machines
from tests.architecture.sources import ROOT
from tests.system.api_explorer import Site, running

PAGE = (ROOT / "docs" / "api.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def _curl_is_here() -> bool:
    if shutil.which("curl"):
        return True
    if os.environ.get("CI"):
        raise RuntimeError("curl is not installed; these tests are not skipped in CI")
    return False


def _run(site: Site, folder: Path, lines: str) -> list[str]:
    """What the blocks write, each for itself; all of them in one shell, which ends at the first failure."""
    token = site.headers["API token"]["Authorization"].removeprefix("Bearer ")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", lines],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "RIG": site.url, "TOKEN": token, "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.split("\f")


@pytest.mark.skipif(not _curl_is_here(), reason="needs curl")
def test_every_line_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    folder.mkdir()
    with running(tmp_path) as site:
        parts = _run(site, folder, "printf '\\f'\n".join(BLOCKS))
    looked, one, totals, farm, changed, errand, impact, saved = parts
    assert site.ids["machine"] in looked
    assert '"metrics":' in looked
    assert '"name":"rig"' in one
    assert '"resolution_s":600' in one
    assert one.count('"events":') == 2
    assert totals.splitlines() == ["rx/0: 1000 H/s of 1 machines", "1 machines"]
    assert '"pace":' in farm
    assert json.loads(changed)["labels"] == {"place": "row 3", "tags": ["new fans"]}
    assert '"number":1,"kind":"search"' in errand
    assert '"agent":"agent_' in errand
    assert json.loads(impact)["after"].startswith("bc1p")
    assert saved == ""
    (page,) = (folder / "audit.jsonl").read_text().splitlines()
    actions = [line["action"] for line in json.loads(page)["lines"][:6]]
    assert actions == [
        "delete_wallet",
        "add_wallet",
        "give_errand",
        "take_back_order",
        "give_order",
        "change_machine",
    ]


def test_no_line_is_left_out() -> None:
    """Whatever looks like a call is in a block that is run."""
    assert PAGE.count("curl -sS") == "".join(BLOCKS).count("curl -sS") > 10


def test_the_bounds_of_pages_are_those_of_the_lists() -> None:
    rows = dict(re.findall(r"^\| (`GET .*`) \| (\d+, \d+) \|$", PAGE, re.MULTILINE))
    assert rows == {
        "`GET /v1/machines`": f"{list_machines.PAGE_MAX}, {list_machines.PAGE_MAX}",
        "`GET /v1/events`, `GET /v1/machines/{machine}/events`": f"50, {list_events.PAGE_MAX}",
        "`GET /v1/audit`": f"50, {list_audit.PAGE_MAX}",
    }
