"""What CloudFormation knows of a deployment: its outputs, what stays after it, and its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, WaiterError

from infra.deploy.choices import Choices, DeployError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_LOOK_S, _LOOKS = 5, 360
"""CloudFront takes some minutes to let go of a distribution; half an hour is too long."""
_STAYING = ("TableName", "PlaybooksBucket", "SigningKeyArn", "QueueUrl", "DeadLetterUrl")


@dataclass(frozen=True, slots=True)
class Deployed:
    """Outputs of all stacks of a deployment, by name."""

    outputs: dict[str, str]

    @property
    def address(self) -> str:
        """Where the page is."""
        return self._output("SiteUrl")

    @property
    def table(self) -> str:
        return self._output("TableName")

    @property
    def page_bucket(self) -> str:
        return self._output("SiteBucket")

    @property
    def staying(self) -> dict[str, str]:
        """What outlives the stacks."""
        return {name: self.outputs[name] for name in _STAYING if name in self.outputs}

    def _output(self, name: str) -> str:
        if name not in self.outputs:
            raise DeployError(f"The deployment has no output {name}: it is not complete. Deploy it again.")
        return self.outputs[name]


def read_deployed(client: CloudFormationClient, choices: Choices) -> Deployed | None:
    """None where there is not a single stack."""
    found = [pairs for name in choices.stacks if (pairs := _outputs(client, name)) is not None]
    return Deployed({key: value for pairs in found for key, value in pairs.items()}) if found else None


def is_there(client: CloudFormationClient, name: str) -> bool:
    """Whether a stack of this name was completed or is being worked on."""
    return _outputs(client, name) is not None


def delete_stacks(client: CloudFormationClient, choices: Choices) -> Iterator[str]:
    """Deletes what needs others first, and yields the name of each stack that is gone."""
    for name in reversed(choices.stacks):
        if not is_there(client, name):
            continue
        client.delete_stack(StackName=name)
        try:
            waiter = client.get_waiter("stack_delete_complete")
            waiter.wait(StackName=name, WaiterConfig={"Delay": _LOOK_S, "MaxAttempts": _LOOKS})
        except WaiterError as error:
            raise DeployError(
                f"The stack {name} could not be deleted; CloudFormation's console shows why. ({error})"
            ) from error
        yield name


def _outputs(client: CloudFormationClient, name: str) -> dict[str, str] | None:
    try:
        stack = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise DeployError(f"CloudFormation does not tell about {name}: {error}") from error
    if stack["StackStatus"] == "DELETE_COMPLETE":
        return None
    return {pair["OutputKey"]: pair["OutputValue"] for pair in stack.get("Outputs", [])}
