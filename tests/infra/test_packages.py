"""The package that functions run from: complete, small, for the right machine, the same each time."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.packages import __main__ as command
from infra.packages.archive import files_of, normalise, write_archive
from infra.packages.build import MAX_ZIP_BYTES, BuildError, Package, build
from infra.packages.contents import AWS_SERVICES, LEFT_OUT
from infra.packages.interpreters import NoInterpreter, find_python
from infra.packages.probe import HANDLERS, start
from infra.packages.target import ELF_MACHINES, Target, host_target, lambda_target


def _target(kind: str) -> Target:
    """Byte code needs its own version of Python. Without one the test is skipped, in CI it fails."""
    try:
        return lambda_target() if kind == "lambda" else host_target()
    except NoInterpreter as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def for_lambda(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return build(_target("lambda"), tmp_path_factory.mktemp("packages") / "lambda")


@pytest.fixture(scope="module")
def for_host(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return build(_target("host"), tmp_path_factory.mktemp("packages") / "host")


def _elf_machines(folder: Path) -> Iterator[tuple[str, int]]:
    for name in files_of(folder):
        with (folder / name).open("rb") as file:
            head = file.read(20)
        if head.startswith(b"\x7fELF"):
            yield name, struct.unpack_from("<H", head, 18)[0]


def test_every_binary_is_for_the_machine_of_its_target(for_lambda: Package, for_host: Package) -> None:
    for package in (for_lambda, for_host):
        machines = dict(_elf_machines(package.folder))
        assert len(machines) >= 3
        assert set(machines.values()) == {ELF_MACHINES[package.target.architecture]}
    assert for_lambda.target.architecture == "arm64"
    assert for_lambda.target.runtime == "python3.13"


def test_it_is_small(for_lambda: Package) -> None:
    assert for_lambda.archive.size_bytes <= MAX_ZIP_BYTES
    assert for_lambda.archive.path.stat().st_size == for_lambda.archive.size_bytes


def test_it_holds_what_runs_and_nothing_else(for_lambda: Package) -> None:
    names = files_of(for_lambda.folder)
    assert {"cloud/app.py", "wire/messages.py", "chalice/app.py", "botocore/cacert.pem"} <= set(names)
    parts = {part for name in names for part in name.split("/")}
    assert parts.isdisjoint({"tests", "test", "pip", "setuptools", "edge_sentry", "infra", "gateway", "cli"})
    assert [name for name in names if ".dist-info/" in name] == []
    services = {
        name.split("/")[2] for name in names if name.startswith("botocore/data/") and name.count("/") > 2
    }
    assert services == set(AWS_SERVICES)


@pytest.mark.parametrize("pattern", LEFT_OUT)
def test_what_is_left_out_is_not_there(for_lambda: Package, pattern: str) -> None:
    assert list(for_lambda.folder.glob(pattern)) == []


def test_every_module_is_compiled_and_never_checked_against_its_source(for_lambda: Package) -> None:
    sources = [name for name in files_of(for_lambda.folder) if name.endswith(".py")]
    assert len(sources) > 100
    for name in sources:
        source = for_lambda.folder / name
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        flags = struct.unpack_from("<I", compiled.read_bytes(), 4)[0]
        assert flags == 0b01, f"{name}: hash-based, not checked"


def test_the_same_input_gives_the_same_bytes(for_lambda: Package, tmp_path: Path) -> None:
    again = build(for_lambda.target, tmp_path / "elsewhere" / "package")
    assert again.archive.sha256 == for_lambda.archive.sha256
    assert str(tmp_path).encode() not in again.archive.path.read_bytes()


def test_no_file_tells_where_it_was_built(for_lambda: Package) -> None:
    here = str(for_lambda.folder.parent).encode()
    assert [
        name for name in files_of(for_lambda.folder) if here in (for_lambda.folder / name).read_bytes()
    ] == []


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_fresh_process_starts_each_function_from_the_package_alone(for_host: Package, handler: str) -> None:
    begun = start(for_host.target, for_host.folder, handler)
    assert begun.callable
    assert not any("site-packages" in path for path in begun.path)
    ours = [file for file in begun.files if file.startswith(str(for_host.folder))]
    assert any(file.endswith(f"cloud/functions/{handler}.py") for file in ours)


def test_an_archive_depends_on_content_alone(tmp_path: Path) -> None:
    archives = []
    for number, name in enumerate(("first", "second")):
        folder = tmp_path / name
        (folder / "sub").mkdir(parents=True)
        for file in (("b.py", "sub/a.py"), ("sub/a.py", "b.py"))[number]:
            (folder / file).write_text("x = 1\n")
        (folder / "b.py").chmod((0o600, 0o755)[number])
        normalise(folder)
        archives.append(write_archive(folder, tmp_path / f"{name}.zip"))
    assert archives[0].sha256 == archives[1].sha256
    (tmp_path / "second" / "b.py").write_text("x = 2\n")
    assert write_archive(tmp_path / "second", tmp_path / "third.zip").sha256 != archives[0].sha256


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(BuildError, match="holds something else"):
        build(_target("host"), tmp_path)
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_an_absent_python_is_told_in_words() -> None:
    with pytest.raises(NoInterpreter, match=r"Python 3\.99 is needed to fly"):
        find_python(("3.99",), "to fly")


def test_command_says_what_it_built(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = _target("host")
    assert command.main(["--target", "host", "--out", str(tmp_path / "package")]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{target.architecture} {target.runtime}: ")
    assert "bytes zipped, SHA-256" in said


def test_command_refuses_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _target("host")
    (tmp_path / "letters.txt").write_text("mine")
    assert command.main(["--target", "host", "--out", str(tmp_path)]) == 1
    assert "holds something else" in capsys.readouterr().err
