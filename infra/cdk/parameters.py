"""What an operator chooses about a deployment, read from the CDK context."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cloud.domain.addresses import is_safe
from cloud.domain.policy import Policy
from cloud.settings import (
    MAIL_SETTINGS,
    OIDC_SETTINGS,
    PARAMETER_PREFIX,
    PUBLIC_URL,
    SETTINGS,
    SettingsError,
    TextSetting,
    read_settings,
)

Context = Callable[[str], object]
"""Gives the value of a context key, None where there is none."""

_DOMAIN = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\Z")
_CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[0-9a-f-]+\Z")
_RUNTIME = re.compile(r"python3\.\d{2}\Z")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,31}\Z")
_SECRET_NAME = re.compile(re.escape(PARAMETER_PREFIX) + r"(/[A-Za-z0-9_.-]+){1,15}\Z")
_ARCHITECTURES = ("arm64", "x86_64")


class ParametersError(Exception):
    """A parameter cannot be used; the message names it and says what it must be."""


class Edition(StrEnum):
    """Whether reports go straight into the table, or through a queue."""

    SELFHOST = "selfhost"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Parameters:
    """A deployment. `settings` are rows of `cloud.settings.SETTINGS` by their variable.

    `provider` and `mail` are rows of text; secrets among them stand there by their name alone.
    """

    package: Path
    edition: Edition = Edition.SELFHOST
    name: str = "RigCommander"
    architecture: str = "arm64"
    runtime: str = "python3.13"
    domain: str | None = None
    certificate_arn: str | None = None
    public_url: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    provider: Mapping[str, str] = field(default_factory=dict)
    mail: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """What links in letters begin with; "" where only each request tells."""
        return self.public_url or (f"https://{self.domain}" if self.domain else "")


def read_parameters(context: Context) -> Parameters:
    """The keys are the fields' names (`certificate` for the ARN) and the settings' variables.

    Raises ParametersError.
    """
    domain = _chosen(context, "domain", "", _DOMAIN, "a host's name in small letters")
    certificate = _chosen(context, "certificate", "", _CERTIFICATE, "a certificate's ARN, in us-east-1")
    if bool(domain) != bool(certificate):
        raise ParametersError("domain and certificate belong together: CloudFront needs both or none.")
    settings, provider, mail = (
        _numbers(context),
        _texts(context, OIDC_SETTINGS),
        _texts(context, MAIL_SETTINGS),
    )
    _check({**settings, **provider, **mail})
    return Parameters(
        package=_package(context),
        edition=_edition(context),
        name=_chosen(context, "name", "RigCommander", _NAME, "up to 32 letters, digits and hyphens"),
        architecture=_architecture(context),
        runtime=_chosen(context, "runtime", "python3.13", _RUNTIME, "a runtime such as python3.13"),
        domain=domain or None,
        certificate_arn=certificate or None,
        public_url=_public_url(context, domain, mail),
        settings=settings,
        provider=provider,
        mail=mail,
    )


def _text(context: Context, key: str, default: str) -> str:
    value = context(key)
    return default if value is None else str(value)


def _chosen(context: Context, key: str, default: str, pattern: re.Pattern[str], what: str) -> str:
    text = _text(context, key, default)
    if text != default and pattern.match(text) is None:
        raise ParametersError(f"{key}={text!r} must be {what}.")
    return text


def _edition(context: Context) -> Edition:
    text = _text(context, "edition", Edition.SELFHOST)
    try:
        return Edition(text)
    except ValueError:
        raise ParametersError(f"edition={text!r} must be one of: {', '.join(Edition)}.") from None


def _architecture(context: Context) -> str:
    text = _text(context, "architecture", _ARCHITECTURES[0])
    if text not in _ARCHITECTURES:
        raise ParametersError(f"architecture={text!r} must be one of: {', '.join(_ARCHITECTURES)}.")
    return text


def _package(context: Context) -> Path:
    folder = Path(_text(context, "package", ""))
    if context("package") is None or not folder.is_dir():
        raise ParametersError("package must be the folder that `python -m infra.packages` has filled.")
    return folder.resolve()


def _numbers(context: Context) -> dict[str, str]:
    return {
        row.variable: str(value) for row in SETTINGS if (value := context(row.variable)) not in (None, "")
    }


def _texts(context: Context, rows: Sequence[TextSetting]) -> dict[str, str]:
    """A secret itself would stand in the template; it is not repeated, for it may be one."""
    chosen = {row: text for row in rows if (text := _text(context, row.variable, ""))}
    for row, text in chosen.items():
        if row.secret and _SECRET_NAME.match(text) is None:
            message = "must be the name of a SecureString in the parameter store, ssm:/name."
            raise ParametersError(f"{row.variable} {message}")
    return {row.variable: text for row, text in chosen.items()}


def _check(chosen: Mapping[str, str]) -> None:
    """Out of bounds here is out of bounds in the functions: it should end the deployment, not them."""
    try:
        read_settings(chosen, public_url="", defaults=Policy())
    except SettingsError as error:
        raise ParametersError(str(error)) from error


def _public_url(context: Context, domain: str, mail: Mapping[str, str]) -> str:
    text = _text(context, PUBLIC_URL.variable, "")
    if text and (domain or not is_safe(text) or text.count("/") != 2):
        raise ParametersError(
            f"{PUBLIC_URL.variable}={text!r} must be https:// and a host's name, where no domain is chosen."
        )
    if mail and not text and not domain:
        raise ParametersError(f"Letters hold links: mail needs a domain, or {PUBLIC_URL.variable}.")
    return text
