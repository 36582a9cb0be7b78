"""The templates of a deployment, made in this process from a package that holds next to nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.cdk.app import build, new_app
from infra.cdk.parameters import Edition, Parameters

Properties = dict[str, Any]
DOMAIN = "rigs.example.org"
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"
PROVIDER = {
    "RIG_OIDC_ISSUER": "https://login.example.org",
    "RIG_OIDC_CLIENT_ID": "rigs",
    "RIG_OIDC_CLIENT_SECRET": "ssm:/rigs/oidc-secret",
}
MAIL = {"RIG_SMTP_URL": "ssm:/rigs/smtp-url", "RIG_MAIL_FROM": "rigs@example.org"}


@dataclass(frozen=True)
class Resource:
    """One resource of a template."""

    stack: str
    name: str
    kind: str
    properties: Properties
    whole: Properties

    @property
    def removal(self) -> tuple[str | None, str | None]:
        """What happens to it when it leaves its stack, and when it must be replaced."""
        return self.whole.get("DeletionPolicy"), self.whole.get("UpdateReplacePolicy")


@dataclass(frozen=True)
class Deployment:
    """Templates by the last part of the stack's name, and the folder in which they lie."""

    templates: Mapping[str, Properties]
    folder: Path

    def resources(self, kind: str = "", stack: str = "") -> list[Resource]:
        """All of a kind, in all stacks or one."""
        return [
            resource
            for resource in self._all()
            if kind in ("", resource.kind) and stack in ("", resource.stack)
        ]

    def the(self, kind: str, stack: str = "") -> Resource:
        """The only one of its kind."""
        (resource,) = self.resources(kind, stack)
        return resource

    def function(self, name: str) -> Resource:
        """The one whose handler is in `cloud.functions.<name>`."""
        handler = f"cloud.functions.{name}.handler"
        (found,) = (
            function
            for function in self.resources("AWS::Lambda::Function")
            if function.properties["Handler"] == handler
        )
        return found

    def role_of(self, name: str) -> Resource:
        """The role of that function."""
        role = self.function(name).properties["Role"]["Fn::GetAtt"][0]
        (found,) = (found for found in self.resources("AWS::IAM::Role") if found.name == role)
        return found

    def metadata(self, stack: str) -> dict[str, list[Properties]]:
        """What CDK noted about each construct of a stack, by its path."""
        (file,) = self.folder.glob(f"*-{stack}.metadata.json")
        noted: dict[str, list[Properties]] = json.loads(file.read_text())
        return noted

    def _all(self) -> Iterator[Resource]:
        for stack, template in self.templates.items():
            for name, whole in template["Resources"].items():
                yield Resource(stack, name, whole["Type"], whole.get("Properties", {}), whole)


def synthesise(folder: Path, edition: Edition = Edition.SELFHOST, **chosen: Any) -> Deployment:
    """Builds and checks the stacks; raises RuntimeError with cdk-nag's findings where it has any."""
    package = folder / "package"
    package.mkdir()
    (package / "module.py").write_text(f"# {sorted(chosen.items())}\n")
    out = folder / "templates"
    app = new_app(str(out))
    build(app, Parameters(package=package, edition=edition, **chosen))
    templates = {stack.stack_name.rpartition("-")[2]: stack.template for stack in app.synth().stacks}
    return Deployment(templates, out)
