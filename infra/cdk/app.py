"""The three stacks of one deployment, in the order in which they need each other."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from infra.cdk.application import ApplicationStack
from infra.cdk.parameters import Parameters
from infra.cdk.storage import StorageStack
from infra.cdk.website import WebsiteStack


@dataclass(frozen=True, slots=True)
class Stacks:
    """A deployment; only `storage` keeps what must survive."""

    storage: StorageStack
    application: ApplicationStack
    website: WebsiteStack


def new_app(outdir: str | None = None) -> App:
    """An app with the choices that CDK asks for; `outdir` is where templates go, a temporary folder else."""
    # Strong: nobody can delete what another stack still uses.
    return App(outdir=outdir, context={"@aws-cdk/core:defaultCrossStackReferences": "strong"})


def build(app: App, parameters: Parameters) -> Stacks:
    """Adds the stacks to `app`, and the rules that they are held against when they are synthesised."""
    storage = StorageStack(app, f"{parameters.name}-Data")
    application = ApplicationStack(app, f"{parameters.name}-App", parameters, storage)
    website = WebsiteStack(app, f"{parameters.name}-Site", parameters, application)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return Stacks(storage, application, website)
