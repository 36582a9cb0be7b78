"""Settings, read once from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from cloud.domain.addresses import LOOPBACK, is_safe
from cloud.domain.policy import DAY_S, Policy


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what it must be."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """An OpenID Connect provider. Without a `client_secret` the commander is a public client there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str


class MailSecurity(StrEnum):
    """How the way to a mail server is guarded; without TLS only on this computer."""

    TLS = "smtps"
    STARTTLS = "smtp+starttls"
    NONE = "smtp"


@dataclass(frozen=True, slots=True)
class MailServer:
    """What takes our letters. `user` is "" where it asks for none."""

    security: MailSecurity
    host: str
    port: int
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where letters are handed over (see `read_mail_server`), and from which address they come."""

    url: str = field(repr=False)
    sender: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the commander is reached, and the numbers that its operator chose."""

    public_url: str
    policy: Policy
    provider: ProviderSettings | None = None
    mail: MailSettings | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: the variable, the policy's field, the unit it is given in, and its bounds."""

    variable: str
    field: str
    unit: str
    least: float
    most: float
    factor: float = 1
    whole: bool = False


SETTINGS = (
    Setting("RIG_SAMPLE_INTERVAL_S", "sample_interval_s", "seconds", 1, 3600),
    Setting("RIG_REPORT_INTERVAL_S", "report_interval_s", "seconds", 1, 3600),
    Setting("RIG_SAMPLES_KEPT_DAYS", "blocks_kept_s", "days", 1, 3650, DAY_S, whole=True),
    Setting("RIG_HOURS_KEPT_DAYS", "hours_kept_s", "days", 8, 3650, DAY_S, whole=True),
    Setting("RIG_DAYS_KEPT_DAYS", "days_kept_s", "days", 31, 36500, DAY_S, whole=True),
    Setting("RIG_REPORTS_PER_S", "reports_per_s", "reports a second", 0.1, 1000),
    Setting("RIG_REPORTS_BURST", "reports_burst", "reports", 1, 100_000, whole=True),
    Setting("RIG_MACHINES_PER_FARM", "machines_per_farm_max", "machines", 1, 1_000_000, whole=True),
)


@dataclass(frozen=True, slots=True)
class TextSetting:
    """One row of text. A secret is in AWS given by its name in the parameter store, `ssm:/name`."""

    variable: str
    secret: bool = False


OIDC_SETTINGS = (
    TextSetting("RIG_OIDC_ISSUER"),
    TextSetting("RIG_OIDC_CLIENT_ID"),
    TextSetting("RIG_OIDC_CLIENT_SECRET", secret=True),
    TextSetting("RIG_OIDC_NAME"),
)
MAIL_SETTINGS = (TextSetting("RIG_SMTP_URL", secret=True), TextSetting("RIG_MAIL_FROM"))
MAIL_ADDRESS = r"[^@\s<>(),;:\"\\\[\]]{1,64}@[^@\s<>(),;:\"\\\[\]]{1,255}"
_MAIL_PORTS = {MailSecurity.TLS: 465, MailSecurity.STARTTLS: 587, MailSecurity.NONE: 25}
PUBLIC_URL = TextSetting("RIG_PUBLIC_URL")
"""Of a commander in AWS without a domain of its own; on one machine it is known."""
PROVIDER_NAME_MAX = 40
PARAMETER_PREFIX = "ssm:"


def read_settings(environment: Mapping[str, str], public_url: str, defaults: Policy) -> Settings:
    """The rows of SETTINGS that are set override `defaults`; raises SettingsError."""
    chosen: dict[str, Any] = {
        setting.field: _number(setting, text)
        for setting in SETTINGS
        if (text := environment.get(setting.variable))
    }
    policy = replace(defaults, **chosen)
    if "sample_interval_s" not in chosen:
        policy = replace(policy, sample_interval_s=min(policy.sample_interval_s, policy.report_interval_s))
    if policy.sample_interval_s > policy.report_interval_s:
        raise SettingsError("RIG_SAMPLE_INTERVAL_S must not be longer than RIG_REPORT_INTERVAL_S.")
    return Settings(public_url, policy, _provider(environment), _mail(environment))


def _provider(environment: Mapping[str, str]) -> ProviderSettings | None:
    """None where nothing of it is set."""
    issuer, client_id, secret, name = given = [environment.get(row.variable, "") for row in OIDC_SETTINGS]
    if not any(given):
        return None
    if not is_safe(issuer) or "?" in issuer or "#" in issuer:
        message = "must be an https:// address without ? and # (http:// only on this computer)."
        raise SettingsError(f"RIG_OIDC_ISSUER={issuer!r} {message}")
    if not client_id:
        raise SettingsError("RIG_OIDC_CLIENT_ID is not set: as what the provider knows the commander.")
    if len(name) > PROVIDER_NAME_MAX or not name.isprintable():
        raise SettingsError(
            f"RIG_OIDC_NAME={name!r} must be at most {PROVIDER_NAME_MAX} letters, on one line."
        )
    return ProviderSettings(issuer, client_id, secret, name or str(urlsplit(issuer).hostname))


def _mail(environment: Mapping[str, str]) -> MailSettings | None:
    """None where nothing of it is set."""
    url, sender = (environment.get(row.variable, "") for row in MAIL_SETTINGS)
    if not url and not sender:
        return None
    if not url or not sender:
        raise SettingsError("RIG_SMTP_URL and RIG_MAIL_FROM belong together: mail needs both.")
    if not re.fullmatch(MAIL_ADDRESS, sender):
        raise SettingsError(f"RIG_MAIL_FROM={sender!r} must be an e-mail address alone.")
    if not url.startswith(PARAMETER_PREFIX):
        read_mail_server(url)
    return MailSettings(url, sender)


def read_mail_server(url: str) -> MailServer:
    """What RIG_SMTP_URL says; raises SettingsError, which does not repeat it: it holds a password."""
    try:
        return _mail_server(url)
    except ValueError:
        message = (
            "RIG_SMTP_URL must be smtps://user:password@host:465 or smtp+starttls://user:password@host:587, "
            "with signs like @ and / in the password as %40 and %2F (smtp://127.0.0.1:25 only on this one)."
        )
        raise SettingsError(message) from None


def _mail_server(url: str) -> MailServer:
    """Raises ValueError."""
    parts = urlsplit(url)
    security, host = MailSecurity(parts.scheme), parts.hostname
    if not host or not (url.isascii() and url.isprintable()) or parts.path.strip("/") or parts.query:
        raise ValueError
    if security is MailSecurity.NONE and host not in LOOPBACK:
        raise ValueError
    port = parts.port if parts.port is not None else _MAIL_PORTS[security]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password) or port == 0 or parts.fragment:
        raise ValueError
    return MailServer(security, host, port, user, password)


def _number(setting: Setting, text: str) -> float | int:
    try:
        value = int(text) if setting.whole else float(text)
    except ValueError:
        value = -1
    if not setting.least <= value <= setting.most:
        kind = "a whole number" if setting.whole else "a number"
        bounds = f"{setting.least:,g} to {setting.most:,g}"
        raise SettingsError(f"{setting.variable}={text!r} must be {kind} of {setting.unit}, {bounds}.")
    return value * setting.factor if not setting.whole else int(value * setting.factor)
