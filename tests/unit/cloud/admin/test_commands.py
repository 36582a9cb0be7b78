"""An operator's commands, as they are typed."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from cloud.__main__ import main
from cloud.admin.commands import add_commands
from cloud.admin.means import AdminError, Means
from cloud.bootstrap import in_aws
from cloud.domain.people import Connection
from cloud.gateway.first_steps import new_password
from cloud.ports import Ports
from cloud.settings import SettingsError
from cloud.usecases.close_socket import find_connections
from cloud.usecases.offer_second_factor import offer_second_factor
from cloud.usecases.prove_second_factor import prove_second_factor
from cloud.usecases.renew_socket import keep_connection
from cloud.usecases.sign_in import sign_in
from tests.fakes.functions import REGION, TABLE, VARIABLES, table
from tests.fakes.second_factor import Telephone
from wire.faults import Fault

OWNER = ["create-owner", "--email", "you@example.org", "--farm", "My farm"]
SMOKE = ["--url", "http://127.0.0.1:9", "--email", "you@example.org"]
PLACE = ["--table", TABLE, "--region", REGION]


def _nowhere(data: Path | None) -> NoReturn:
    raise AssertionError(data)


class Operator:
    """Types commands and keeps what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._parser = argparse.ArgumentParser()
        add_commands(self._parser, Means(self.said.append, new_password, {}, _nowhere, _nowhere))

    def types(self, *arguments: str) -> int:
        options = self._parser.parse_args(arguments)
        return int(options.command(options))


@pytest.fixture
def operator() -> Operator:
    return Operator()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The operator has credentials, and no variables of a function."""
    for name in ("RIG_TABLE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ACCOUNT_ID_ENDPOINT_MODE"):
        monkeypatch.setenv(name, VARIABLES[name])
    with table():
        yield


def test_the_owner_signs_in_with_what_was_printed(aws: None, operator: Operator) -> None:
    assert operator.types(*OWNER, *PLACE) == 0
    found = re.search(r"Account you@example.org, password (\S+) ", "\n".join(operator.said))
    assert found is not None
    ports = in_aws({**os.environ, **VARIABLES})
    assert sign_in(ports, "you@example.org", found[1])
    with pytest.raises(Fault):
        sign_in(ports, "you@example.org", "another password")


def test_a_new_password_ends_the_old_one_and_a_second_factor(aws: None, operator: Operator) -> None:
    operator.types(*OWNER, *PLACE)
    ports = in_aws({**os.environ, **VARIABLES})
    email = "you@example.org"
    first = re.search(r"password (\S+) ", operator.said[-1])
    assert first is not None
    secret = offer_second_factor(ports, email, first[1]).secret
    prove_second_factor(ports, email, Telephone(secret, []).code(ports.clock()))
    farm = operator.said[0].split()[1]
    keep_connection(ports, Connection(farm, "c1", email, "session"))
    for more, refusal in ([], "code_wanted"), (["--end-second-factor"], ""):
        operator.types("new-password", "--email", email, *PLACE, *more)
        found = re.search(r"password (\S+) ", operator.said[-1])
        assert found is not None
        assert _refusal(ports, email, found[1]) == refusal
    assert find_connections(ports, farm) == []
    with pytest.raises(Fault, match="no account"):
        operator.types("new-password", "--email", "nobody@example.org", *PLACE)


def _refusal(ports: Ports, email: str, password: str) -> str:
    try:
        sign_in(ports, email, password)
    except Fault as refused:
        return refused.code
    return ""


def test_the_place_may_come_from_the_environment(
    aws: None, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIG_TABLE", TABLE)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    assert operator.types(*OWNER) == 0


def test_an_account_is_made_once(aws: None, operator: Operator) -> None:
    operator.types(*OWNER, *PLACE)
    said = len(operator.said)
    with pytest.raises(Fault, match="account"):
        operator.types(*OWNER, *PLACE)
    assert len(operator.said) == said


def test_a_table_that_cannot_be_used_is_named_with_the_reason(aws: None, operator: Operator) -> None:
    with pytest.raises(AdminError, match=r"The table nowhere in .*ResourceNotFoundException"):
        operator.types(*OWNER, "--table", "nowhere", "--region", REGION)
    assert operator.said == []


@pytest.mark.parametrize(("place", "missing"), [(PLACE[:2], "AWS_REGION"), (PLACE[2:], "RIG_TABLE")])
def test_a_missing_place_is_asked_for(aws: None, operator: Operator, place: list[str], missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        operator.types(*OWNER, *place)


@pytest.mark.parametrize(
    "arguments",
    [
        ["create-owner", "--email", "nobody", "--farm", "F"],
        ["create-owner", "--email", "a b@example.org", "--farm", "F"],
        ["create-owner", "--email", "you@example.org"],
        ["smoke", "--url", "rigs.example.org", "--email", "you@example.org"],
        ["smoke", "--url", "https://rigs.example.org/v1", "--email", "you@example.org"],
        ["smoke", "--url", "https://you@rigs.example.org", "--email", "you@example.org"],
        ["smoke", "--url", "https://rigs.example.org", "--email", "you@example.org", "--timeout", "0"],
        ["smoke", "--url", "https://rigs.example.org", "--email", "you@example.org", "--timeout", "x"],
        [],
    ],
)
def test_wrong_usage_is_refused(
    operator: Operator, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        operator.types(*arguments)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_trial_of_nothing_fails_in_a_sentence(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIG_PASSWORD", "a secret password")
    arguments = ["smoke", "--url", "http://127.0.0.1:9/", "--email", "you@example.org"]
    assert operator.types(*arguments) == 1
    (line,) = operator.said
    assert line.startswith("FAILED  the page answers")
    assert "http://127.0.0.1:9 does not answer" in line
    assert "secret" not in line


def test_without_a_terminal_the_password_is_not_read_from_elsewhere() -> None:
    """A process of its own in a session of its own: so there is no terminal, wherever the tests run."""
    environment = {name: value for name, value in os.environ.items() if name != "RIG_PASSWORD"}
    ended = subprocess.run(
        [sys.executable, "-m", "cloud", "admin", "smoke", *SMOKE],
        input="typed blindly\n",
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
        start_new_session=True,
    )
    assert ended.returncode == 1
    expected = "commander: There is no terminal to ask for the password: set RIG_PASSWORD.\n"
    assert (ended.stdout, ended.stderr) == ("", expected)


def test_a_farm_needs_a_name_that_can_be_seen(aws: None, operator: Operator) -> None:
    with pytest.raises(Fault, match="name"):
        operator.types("create-owner", "--email", "you@example.org", "--farm", " \u200b", *PLACE)
    assert operator.said == []


def test_the_program_knows_these_commands(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["admin", "--help"], ["admin", "smoke", "--help"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert "commander admin create-owner --email" in printed
    assert "--timeout" in printed


def test_the_program_ends_with_a_sentence(aws: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", *OWNER, "--table", "nowhere", "--region", REGION]) == 1
    assert capsys.readouterr().err.startswith("commander: The table nowhere in ")
