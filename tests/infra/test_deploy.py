"""What `make deploy` does around the CDK command line; `make deploy-test` shows the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError, WaiterError

from infra.deploy import __main__ as command
from infra.deploy.account import Account, find_account
from infra.deploy.choices import Choices, DeployError
from infra.deploy.page import CACHE_CONTROL, empty_page, page_files, send_page
from infra.deploy.stacks import delete_stacks, read_deployed
from infra.deploy.work import PAGE, Work, destroy

CHOICES = Choices("selfhost")
OUTPUTS = {
    "RigCommander-Data": {"TableName": "table", "PlaybooksBucket": "playbooks", "SigningKeyArn": "arn:key"},
    "RigCommander-App": {"HttpApiUrl": "https://api", "QueueUrl": "https://queue"},
    "RigCommander-Site": {"SiteBucket": "page", "SiteUrl": "https://rigs.example.org"},
}


class FakeS3:
    """Buckets as lists of what was put, in order."""

    def __init__(self) -> None:
        self.put: dict[str, dict[str, Any]] = {}
        self.names: set[str] = set()

    def put_object(self, **given: Any) -> None:
        self.put[given["Key"]] = given
        self.names.add(given["Key"])

    def get_paginator(self, _name: str) -> FakeS3:
        return self

    def paginate(self, **_given: Any) -> Iterator[dict[str, Any]]:
        yield {"Contents": [{"Key": name} for name in sorted(self.names)]}
        yield {}

    def delete_objects(self, **given: Any) -> None:
        self.names -= {found["Key"] for found in given["Delete"]["Objects"]}


class FakeCloudFormation:
    """Stacks by name with their outputs; deleting one takes no time."""

    def __init__(self, stacks: dict[str, dict[str, str]], stuck: str = "") -> None:
        self.stacks, self.stuck = dict(stacks), stuck
        self.deleted: list[str] = []

    def describe_stacks(self, **given: str) -> dict[str, Any]:
        if given["StackName"] not in self.stacks:
            message = f"Stack with id {given['StackName']} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        pairs = self.stacks[given["StackName"]].items()
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in pairs]
        return {"Stacks": [{"StackStatus": "CREATE_COMPLETE", "Outputs": outputs}]}

    def delete_stack(self, **given: str) -> None:
        self.deleted.append(given["StackName"])

    def get_waiter(self, _name: str) -> FakeCloudFormation:
        return self

    def wait(self, **given: Any) -> None:
        if given["StackName"] == self.stuck:
            raise WaiterError("StackDeleteComplete", "it is DELETE_FAILED", {})
        del self.stacks[given["StackName"]]


@dataclass
class FakeSession:
    """Gives the two fakes by the name of the service."""

    s3: FakeS3 = field(default_factory=FakeS3)
    cloudformation: FakeCloudFormation = field(default_factory=lambda: FakeCloudFormation(OUTPUTS))

    def client(self, name: str) -> Any:
        return getattr(self, name)


def _page(folder: Path) -> Path:
    for name in ("index.html", "app.js", "wire.d.ts", "vendor/lib.js", "vendor/LICENSE", "style.css"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(name)
    return folder


def test_every_file_of_the_page_has_a_type() -> None:
    assert {"index.html", "app.js", "style.css"} <= set(page_files(PAGE))
    assert not any(name.endswith(".d.ts") for name in page_files(PAGE))


def test_the_page_is_sent_last_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    s3 = FakeS3()
    s3.names = {"old.js"}
    assert send_page(cast("Any", s3), "page", _page(tmp_path)) == 5
    assert list(s3.put)[-1] == "index.html"
    assert s3.names == {"index.html", "app.js", "vendor/lib.js", "vendor/LICENSE", "style.css"}
    assert s3.put["app.js"]["ContentType"] == "text/javascript; charset=utf-8"
    assert {given["CacheControl"] for given in s3.put.values()} == {CACHE_CONTROL}
    assert s3.put["app.js"]["Body"] == b"app.js"


def test_a_page_without_its_libraries_or_with_an_unknown_kind_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("page")
    with pytest.raises(DeployError, match="lacks the page or its libraries"):
        page_files(tmp_path)
    _page(tmp_path)
    (tmp_path / "film.mp4").write_text("")
    with pytest.raises(DeployError, match=r"unknown kind: \.mp4"):
        page_files(tmp_path)


def test_an_emptied_bucket_is_empty() -> None:
    s3 = FakeS3()
    s3.names = {f"{number}.js" for number in range(2_500)}
    empty_page(cast("Any", s3), "page")
    assert s3.names == set()


def test_outputs_of_all_stacks_are_one() -> None:
    deployed = read_deployed(cast("Any", FakeCloudFormation(OUTPUTS)), CHOICES)
    assert deployed is not None
    assert (deployed.address, deployed.table, deployed.page_bucket) == (
        "https://rigs.example.org",
        "table",
        "page",
    )
    assert set(deployed.staying) == {"TableName", "PlaybooksBucket", "SigningKeyArn", "QueueUrl"}


def test_no_stack_is_no_deployment_and_half_of_one_is_told() -> None:
    assert read_deployed(cast("Any", FakeCloudFormation({})), CHOICES) is None
    half = read_deployed(cast("Any", FakeCloudFormation({"RigCommander-App": {}})), CHOICES)
    assert half is not None
    with pytest.raises(DeployError, match="no output SiteUrl"):
        _ = half.address


def test_stacks_are_deleted_users_first() -> None:
    cloudformation = FakeCloudFormation(OUTPUTS)
    gone = list(delete_stacks(cast("Any", cloudformation), CHOICES))
    assert gone == ["RigCommander-Site", "RigCommander-App", "RigCommander-Data"]
    assert cloudformation.stacks == {}


def test_a_stack_that_stays_is_told() -> None:
    cloudformation = FakeCloudFormation(OUTPUTS, stuck="RigCommander-App")
    with pytest.raises(DeployError, match="RigCommander-App could not be deleted"):
        list(delete_stacks(cast("Any", cloudformation), CHOICES))
    assert cloudformation.deleted == ["RigCommander-Site", "RigCommander-App"]


def _work(session: FakeSession, tmp_path: Path, said: list[str], answer: str | None) -> Work:
    account = Account("123456789012", "eu-central-1", cast("boto3.Session", session))
    return Work(account, CHOICES, tmp_path, said.append, None if answer is None else lambda _: answer)


def test_destroying_tells_what_stays_and_asks_by_name(tmp_path: Path) -> None:
    session, said = FakeSession(), list[str]()
    session.s3.names = {"index.html"}
    with pytest.raises(DeployError, match="Nothing was changed"):
        destroy(_work(session, tmp_path, said, "yes"))
    assert session.cloudformation.deleted == []
    assert session.s3.names == {"index.html"}
    assert "  stays: TableName table" in said
    destroy(_work(session, tmp_path, said, "RigCommander"))
    assert session.cloudformation.stacks == {}
    assert session.s3.names == set()


def test_destroying_without_a_terminal_changes_nothing_and_says_so(tmp_path: Path) -> None:
    def no_terminal(_prompt: str) -> str:
        raise EOFError

    session = FakeSession()
    work = replace(_work(session, tmp_path, [], ""), ask=no_terminal)
    with pytest.raises(DeployError, match="There is no terminal to ask at, so nothing was changed"):
        destroy(work)
    assert session.cloudformation.deleted == []


def test_destroying_what_is_not_there_is_told(tmp_path: Path) -> None:
    session = FakeSession(cloudformation=FakeCloudFormation({}))
    with pytest.raises(
        DeployError, match="There is no RigCommander in account 123456789012, region eu-central-1"
    ):
        destroy(_work(session, tmp_path, [], None))


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment without any trace of AWS."""
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_PROFILE",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("nobody")
def test_no_region_and_no_credentials_are_told_in_words() -> None:
    with pytest.raises(DeployError, match="No region is chosen"):
        find_account(None, {})
    with pytest.raises(DeployError, match="No AWS credentials were found"):
        find_account(None, {"AWS_REGION": "eu-central-1"})


@pytest.mark.usefixtures("nobody")
def test_command_ends_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--edition", "selfhost", "--region", "eu-central-1"]) == 1
    assert capsys.readouterr().err.startswith("No AWS credentials were found.")


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["--edition", "pro"],
        ["--edition", "selfhost", "--domain", "rigs.example.org"],
        ["--edition", "selfhost", "--set", "RIG_UNKNOWN=1"],
        ["--edition", "selfhost", "--set", "RIG_SAMPLES_KEPT_DAYS"],
    ],
)
def test_wrong_usage_is_refused_before_anything_is_asked(given: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(given)
    assert ended.value.code == 2


@pytest.mark.parametrize("given", ["RIG_SMTP_URL=smtps://me:word@mail.example", "RIG_SMTP_URI=word", "word"])
def test_a_secret_that_is_given_itself_is_refused_and_not_repeated(
    given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main(["--edition", "selfhost", "--set", given])
    assert "word" not in capsys.readouterr().err


def test_a_secret_is_given_by_its_name() -> None:
    given = command._parser().parse_args(["--edition", "selfhost", "--set", "RIG_SMTP_URL=ssm:/rigs/smtp"])
    assert given.set == [("RIG_SMTP_URL", "ssm:/rigs/smtp")]


def test_choices_become_the_context_of_the_app() -> None:
    chosen = Choices("enterprise", "Farm", "rigs.example.org", "arn", {"RIG_SAMPLES_KEPT_DAYS": "30"})
    assert chosen.context() == {
        "edition": "enterprise",
        "name": "Farm",
        "domain": "rigs.example.org",
        "certificate": "arn",
        "RIG_SAMPLES_KEPT_DAYS": "30",
    }
    assert chosen.stacks == ("Farm-Data", "Farm-App", "Farm-Site")
    assert CHOICES.context() == {"edition": "selfhost", "name": "RigCommander"}
