"""Start scripts on the disk: what a real sh makes of accepted values, and what cmd will be given."""

from __future__ import annotations

import string
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_sentry.playbooks.scripts import (
    keep_only,
    script_of,
    script_texts,
    to_run,
    variant_of,
    write_scripts,
)
from tests.unit.edge_sentry.playbooks.fakes import assigned
from wire.assignments import System
from wire.placeholders import PoolValues, Values, fill

LETTERS = string.ascii_letters + string.digits
TEMPLATE = (
    "./show -o {{pool_address}} -u {{mining_address}}.{{worker}} -p {{pool_password}} "
    "--rig {{rig_name}} --api {{api_port}} --tls={{pool_tls|on|off}}\n"
)


def text_of(rest: str, most: int) -> st.SearchStrategy[str]:
    first = st.sampled_from(LETTERS)
    return st.builds(str.__add__, first, st.text(LETTERS + rest, max_size=most - 1))


POOLS = st.builds(
    PoolValues,
    address=st.builds("{}:{}".format, text_of(".-", 60), st.integers(1, 65535)),
    tls=st.booleans(),
    mining_address=text_of("._:+/@-", 200),
    password=text_of("._:+/@=,-", 200),
)
RIGS = st.builds(Values, text_of("_-", 40), text_of("._-", 80), st.integers(1, 65535).map(str))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sh")
@settings(max_examples=40, deadline=None)
@given(rig=RIGS, pools=st.lists(POOLS, min_size=1, max_size=2))
def test_accepted_values_reach_a_program_verbatim_through_sh(
    tmp_path_factory: pytest.TempPathFactory, rig: Values, pools: list[PoolValues]
) -> None:
    folder = tmp_path_factory.mktemp("sh")
    show = folder / "show"
    show.write_text("#!/bin/sh\nfor word do printf '%s\\n' \"$word\"; done\n")
    show.chmod(0o700)
    playbook = assigned(pools=len(pools), scripts=fill(TEMPLATE, rig, pools))
    write_scripts(folder, playbook)
    for number, pool in enumerate(pools):
        script = script_of(folder, playbook, number)
        said = subprocess.run([script], cwd=folder, capture_output=True, check=True, text=True)
        login = f"{pool.mining_address}.{rig.worker}"
        expected = ["-o", pool.address, "-u", login, "-p", pool.password, "--rig", rig.rig_name]
        expected += ["--api", rig.api_port, f"--tls={'on' if pool.tls else 'off'}"]
        assert said.stdout.split("\n")[:-1] == expected
        assert said.stderr == ""


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("@echo off\nminer.exe -u {{worker}}\n", "@echo off\r\nminer.exe -u rig_1-a\r\n"),
        (
            "miner.exe -o {{pool_address}} ^\n  -p {{pool_password}}",
            "miner.exe -o p.example:1 ^\r\n  -p x=y,z",
        ),
        ("set NAME={{rig_name}}\n", "set NAME=rig.1\r\n"),
        ("miner.exe %RIG_API_ARGUMENTS%\n", "miner.exe %RIG_API_ARGUMENTS%\r\n"),
    ],
)
def test_what_cmd_is_given(template: str, expected: str) -> None:
    """Not run: there is no Windows here."""
    values = Values("rig_1-a", "rig.1", "4000")
    scripts = fill(template, values, [PoolValues("p.example:1", False, "addr", "x=y,z")])
    playbook = assigned(scripts=scripts, system=System.WINDOWS)
    assert script_texts(playbook) == (expected,)
    assert script_of(Path("data"), playbook, 0).name == "start-1.bat"


def test_sh_gets_a_first_line_unless_the_owner_wrote_one() -> None:
    assert script_texts(assigned(scripts=("exec ./miner",))) == ("#!/bin/sh\nexec ./miner",)
    assert script_texts(assigned(scripts=("#!/bin/bash\nx",))) == ("#!/bin/bash\nx",)


def test_each_pool_is_another_version_for_the_supervisor(tmp_path: Path) -> None:
    playbook = assigned(version=3, pools=2)
    first, second = (to_run(tmp_path, tmp_path / "program", playbook, pool) for pool in range(2))
    assert [each.words(each.version) for each in (first, second)] == ["version 3", "version 3, pool 2"]
    assert [Path(each.script).name for each in (first, second)] == ["start-1.sh", "start-2.sh"]
    alone = assigned(version=3)
    assert to_run(tmp_path, tmp_path, alone, 1) == to_run(tmp_path, tmp_path, alone, 0)


def test_another_script_or_port_of_the_same_version_starts_anew(tmp_path: Path) -> None:
    variants = (assigned(), assigned(scripts=("exec ./other",)), assigned(api_port=4000))
    assert len({to_run(tmp_path, tmp_path, each, 0).version for each in variants}) == 3
    assert len({script_of(tmp_path, each, 0) for each in variants}) == 3
    assert variant_of(assigned(name="Renamed")) == variant_of(assigned())


def test_the_program_runs_in_the_folder_of_its_executable(tmp_path: Path) -> None:
    playbook = assigned()
    nested = type(playbook.archive)(
        playbook.archive.url, playbook.archive.sha256, "tar.gz", "xmrig-6.22/xmrig"
    )
    runs = to_run(tmp_path, tmp_path / "program", assigned(archive=nested), 0)
    assert (runs.folder, runs.executable) == (str(tmp_path / "program" / "xmrig-6.22"), "xmrig")


def test_only_folders_of_versions_are_removed(tmp_path: Path) -> None:
    for version in (1, 2):
        write_scripts(tmp_path, assigned(version=version))
    own = tmp_path / "playbooks" / "gpu" / "my-notes"
    own.mkdir()
    keep_only(tmp_path, (assigned(version=2),))
    assert sorted(path.name for path in own.parent.iterdir()) == [
        script_of(tmp_path, assigned(version=2), 0).parent.name,
        "my-notes",
    ]
