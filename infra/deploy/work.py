"""Deploying and destroying, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.deploy import cdk
from infra.deploy.account import Account
from infra.deploy.choices import Choices, DeployError
from infra.deploy.page import empty_page, page_files, send_page
from infra.deploy.stacks import Deployed, delete_stacks, is_there, read_deployed
from infra.packages.build import Package, build, describe
from infra.packages.target import Target

PAGE = cdk.ROOT / "web_static"
_TOOLKIT = "CDKToolkit"


@dataclass(frozen=True, slots=True)
class Work:
    """Where to deploy, what, and how to talk with the operator about it."""

    account: Account
    choices: Choices
    folder: Path
    """For the package and the templates."""
    say: Callable[[str], None]
    ask: Callable[[str], str] | None
    """None answers yes to everything."""


def deploy(work: Work, target: Target) -> Deployed:
    """Brings the account to what is in this checkout; raises DeployError or BuildError."""
    cdk.check_tools()
    page_files(PAGE)
    package = build(target, work.folder / "package")
    work.say(f"Package: {describe(package)}")
    if not is_there(work.account.session.client("cloudformation"), _TOOLKIT):
        work.say(f"First deployment by CDK in {_place(work)}: making its bucket and roles …")
        cdk.bootstrap(work.account)
    work.say(f"Deploying {work.choices.name}, {work.choices.edition} edition, to {_place(work)} …")
    context = {**work.choices.context(), **_package_context(package)}
    cdk.deploy(work.account, context, work.folder / "templates", ask=work.ask is not None)
    deployed = _deployed(work)
    count = send_page(work.account.session.client("s3"), deployed.page_bucket, PAGE)
    work.say(f"Page: {count} files sent.")
    return deployed


def destroy(work: Work) -> Deployed:
    """Ends the commander and leaves what it knew; raises DeployError."""
    deployed = _deployed(work)
    work.say(f"This ends {work.choices.name} in {_place(work)}: its address, functions, APIs, page and logs.")
    for name, value in deployed.staying.items():
        work.say(f"  stays: {name} {value}")
    work.say(
        "A later deployment begins with a new, empty table. docs/deploy.md says how to keep the old one."
    )
    if work.ask and _asked(work.ask, f"Type {work.choices.name} to go on: ") != work.choices.name:
        raise DeployError("Nothing was changed.")
    if bucket := deployed.outputs.get("SiteBucket"):
        empty_page(work.account.session.client("s3"), bucket)
    for name in delete_stacks(work.account.session.client("cloudformation"), work.choices):
        work.say(f"{name} is gone.")
    return deployed


def _asked(ask: Callable[[str], str], prompt: str) -> str:
    try:
        return ask(prompt).strip()
    except EOFError as error:
        raise DeployError(
            "There is no terminal to ask at, so nothing was changed; --yes asks nothing."
        ) from error


def _deployed(work: Work) -> Deployed:
    found = read_deployed(work.account.session.client("cloudformation"), work.choices)
    if found is None:
        raise DeployError(f"There is no {work.choices.name} in {_place(work)}.")
    return found


def _place(work: Work) -> str:
    return f"account {work.account.number}, region {work.account.region}"


def _package_context(package: Package) -> dict[str, str]:
    return {
        "package": str(package.folder),
        "architecture": package.target.architecture,
        "runtime": package.target.runtime,
    }
