"""Findings of cdk-nag that we accept, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule, or one finding of it (`AwsSolutions-IAM5[Resource::…]`), and why it stands."""

    rule: str
    reason: str


def accept(construct: IConstruct, *findings: Finding) -> None:
    """The findings are accepted for `construct` and what is within it, nowhere else."""
    Validations.of(construct).acknowledge(
        *(Acknowledgment(id=finding.rule, reason=finding.reason) for finding in findings)
    )
