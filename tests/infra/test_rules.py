"""The templates stand the rules of cdk-nag and cfn-lint, and what is accepted is listed here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aws_cdk import Stack
from aws_cdk import aws_s3 as s3
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from infra.cdk.app import build, new_app
from infra.cdk.parameters import Edition, Parameters
from tests.infra.synthesis import Deployment

ACCEPTED = {
    "Data": {"AwsSolutions-S1"},
    "App": {
        "AwsSolutions-APIG1",
        "AwsSolutions-APIG4",
        "AwsSolutions-IAM5",
        "AwsSolutions-L1",
        "AwsSolutions-SMG4",
    },
    "Site": {"AwsSolutions-CFR1", "AwsSolutions-CFR2", "AwsSolutions-CFR3", "AwsSolutions-S1"},
}
WITHOUT_DOMAIN = {"AwsSolutions-CFR4"}
# CDK writes down that a function waits for its role, although the reference says it already.
WORDY = "W3005"


def _accepted(deployment: Deployment, stack: str) -> dict[str, str]:
    """Reasons by rule."""
    return {
        rule.removeprefix("Annotation::"): reason
        for notes in deployment.metadata(stack).values()
        for note in notes
        if note["type"] == "aws:cdk:acknowledged-rules"
        for rule, reason in note["data"].items()
    }


def test_only_these_findings_are_accepted(deployment: Deployment, own_domain: Deployment) -> None:
    """That there are no others is shown by the synthesis itself, which ends at the first."""
    for stack, rules in ACCEPTED.items():
        found = {rule.partition("[")[0] for rule in _accepted(deployment, stack)}
        more = WITHOUT_DOMAIN if stack == "Site" and deployment is not own_domain else set()
        assert found == rules | more


def test_every_accepted_finding_has_its_reason(deployment: Deployment) -> None:
    for stack in ACCEPTED:
        for reason in _accepted(deployment, stack).values():
            assert re.fullmatch(r"[A-Z].{25,}\.", reason)


def test_a_finding_ends_the_synthesis(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    app = new_app(str(tmp_path / "templates"))
    build(app, Parameters(package=package, edition=Edition.SELFHOST))
    s3.Bucket(Stack(app, "Careless"), "Open")
    with pytest.raises(RuntimeError, match=r"AwsSolutions-S10\b"):
        app.synth()


def test_cdk_warns_of_nothing(deployment: Deployment) -> None:
    warned = [
        note
        for stack in ACCEPTED
        for notes in deployment.metadata(stack).values()
        for note in notes
        if note["type"] in ("aws:cdk:warning", "aws:cdk:error")
    ]
    assert warned == []


def test_cfn_lint_finds_nothing(deployment: Deployment) -> None:
    for template in sorted(deployment.folder.glob("*.template.json")):
        config = ManualArgs(ignore_checks=[WORDY], regions=["eu-central-1"])
        assert lint(template.read_text(), config=config) == []


def test_cfn_lint_looks(tmp_path: Path) -> None:
    found = lint('{"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Nam": 1}}}}')
    assert [match.rule.id for match in found] == ["E3002"]
