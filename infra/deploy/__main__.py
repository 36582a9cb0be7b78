"""`python -m infra.deploy`: what `make deploy` and `make destroy` run."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from cloud.settings import MAIL_SETTINGS, OIDC_SETTINGS, PARAMETER_PREFIX, PUBLIC_URL, SETTINGS
from infra.deploy.account import Account, find_account
from infra.deploy.cdk import ROOT
from infra.deploy.choices import EDITIONS, Choices, DeployError
from infra.deploy.stacks import Deployed
from infra.deploy.work import Work, deploy, destroy
from infra.packages.build import BuildError
from infra.packages.interpreters import NoInterpreter
from infra.packages.target import host_target, lambda_target

_EXAMPLES = """examples:
  python -m infra.deploy --edition selfhost
  python -m infra.deploy --edition enterprise --region eu-central-1 --set RIG_SAMPLES_KEPT_DAYS=30
  python -m infra.deploy --edition selfhost --domain rigs.example.org --certificate-arn ARN
  python -m infra.deploy --edition selfhost --set RIG_OIDC_CLIENT_SECRET=ssm:/rigs/oidc …
  python -m infra.deploy --edition selfhost --destroy

The same command again brings a deployment up to date. docs/deploy.md says more.
"""
_TARGETS = {"lambda": lambda_target, "host": host_target}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 not done, 2 wrong usage."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if bool(given.domain) != bool(given.certificate_arn):
        parser.error("--domain and --certificate-arn belong together")
    try:
        account = find_account(given.region, os.environ)
        return _go(given, account)
    except (DeployError, BuildError, NoInterpreter) as error:
        sys.stderr.write(f"{error}\n")
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"AWS refused: {error}\n")
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted. The same command goes on from here.\n")
    return 1


def _go(given: argparse.Namespace, account: Account) -> int:
    choices = Choices(given.edition, given.name, given.domain, given.certificate_arn, dict(given.set))
    work = Work(account, choices, given.build.resolve(), _say, None if given.yes else input)
    if given.destroy:
        destroy(work)
    else:
        _tell(deploy(work, _TARGETS[given.target]()), account)
    return 0


def _tell(deployed: Deployed, account: Account) -> None:
    _say(f"\nThe commander is at {deployed.address}")
    if not deployed.address.endswith(deployed.outputs["DistributionDomain"]):
        _say(f"Let your DNS name point to {deployed.outputs['DistributionDomain']} (CNAME or alias).")
    _say("If this was the first time, make the owner's account, and the farm:")
    _say(
        "  .venv/bin/commander admin create-owner --email you@example.org --farm 'My farm' "
        f"--table {deployed.table} --region {account.region}"
    )
    _say("Then try everything out:")
    _say(f"  .venv/bin/commander admin smoke --url {deployed.address} --email you@example.org")
    if dead_letters := deployed.outputs.get("DeadLetterUrl"):
        _say("Reports that could not be stored:")
        _say(f"  .venv/bin/commander dead-letters show --dead-letter-url {dead_letters}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.deploy",
        description="Deploy the commander to the AWS account of your credentials.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--edition", choices=EDITIONS, required=True, help="selfhost: one owner; enterprise: queue"
    )
    parser.add_argument("--region", help="AWS region (AWS_REGION, or that of your profile)")
    parser.add_argument("--name", default="RigCommander", help="name of this deployment (%(default)s)")
    parser.add_argument("--domain", help="the page's own host name; points to CloudFront by your DNS")
    parser.add_argument("--certificate-arn", help="certificate of the domain, in us-east-1")
    parser.add_argument("--set", type=_setting, action="append", default=[], metavar="VARIABLE=VALUE")
    parser.add_argument("--destroy", action="store_true", help="end it; the table and its like stay")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    parser.add_argument(
        "--target", choices=sorted(_TARGETS), default="lambda", help="host is for an emulator"
    )
    parser.add_argument(
        "--build", type=Path, default=ROOT / "build" / "deploy", help="folder for what is built"
    )
    return parser


def _setting(text: str) -> tuple[str, str]:
    """What was given is not repeated: it may be a secret."""
    variable, equals, value = text.partition("=")
    known = [row.variable for row in (*SETTINGS, PUBLIC_URL, *OIDC_SETTINGS, *MAIL_SETTINGS)]
    secret = [row.variable for row in (*OIDC_SETTINGS, *MAIL_SETTINGS) if row.secret]
    if not equals or not value or variable not in known:
        raise argparse.ArgumentTypeError(f"give VARIABLE=VALUE with one of {', '.join(known)}")
    if variable in secret and not value.startswith(PARAMETER_PREFIX):
        message = f"{variable} is a secret: put it into the parameter store, and give its name, ssm:/name"
        raise argparse.ArgumentTypeError(message)
    return variable, value


if __name__ == "__main__":
    sys.exit(main())
