"""What cannot be deployed is refused in a sentence, before anything is."""

from __future__ import annotations

from pathlib import Path

import pytest

from cloud.settings import SETTINGS
from infra.cdk.parameters import Edition, Parameters, ParametersError, read_parameters
from tests.infra.synthesis import CERTIFICATE, DOMAIN, MAIL, PROVIDER


def test_defaults_are_what_the_operator_need_not_say(tmp_path: Path) -> None:
    found = read_parameters({"package": str(tmp_path)}.get)
    assert found == Parameters(
        package=tmp_path.resolve(),
        edition=Edition.SELFHOST,
        name="RigCommander",
        architecture="arm64",
        runtime="python3.13",
    )


def test_everything_can_be_chosen(tmp_path: Path) -> None:
    context = {
        "package": str(tmp_path),
        "edition": "enterprise",
        "name": "Staging-2",
        "architecture": "x86_64",
        "runtime": "python3.12",
        "domain": DOMAIN,
        "certificate": CERTIFICATE,
        "RIG_SAMPLES_KEPT_DAYS": "30",
        "RIG_HOURS_KEPT_DAYS": 200,
        **PROVIDER,
        **MAIL,
    }
    assert read_parameters(context.get) == Parameters(
        package=tmp_path.resolve(),
        edition=Edition.ENTERPRISE,
        name="Staging-2",
        architecture="x86_64",
        runtime="python3.12",
        domain=DOMAIN,
        certificate_arn=CERTIFICATE,
        settings={"RIG_SAMPLES_KEPT_DAYS": "30", "RIG_HOURS_KEPT_DAYS": "200"},
        provider=PROVIDER,
        mail=MAIL,
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("edition", "pro"),
        ("architecture", "riscv"),
        ("runtime", "nodejs20.x"),
        ("name", "under_score"),
        ("name", "x" * 33),
        ("package", "there-is-no-such-folder"),
        ("RIG_SAMPLES_KEPT_DAYS", "0"),
        ("RIG_REPORT_INTERVAL_S", "often"),
        ("RIG_PUBLIC_URL", "http://rigs.example.org"),
        ("RIG_PUBLIC_URL", "https://rigs.example.org/"),
        ("RIG_OIDC_ISSUER", "http://login.example.org"),
        ("RIG_SMTP_URL", "ssm:/rigs/smtp-url"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, key: str, value: str) -> None:
    context = {"package": str(tmp_path), key: value}
    with pytest.raises(ParametersError, match=key):
        read_parameters(context.get)


@pytest.mark.parametrize(
    "pair",
    [
        {"domain": DOMAIN},
        {"certificate": CERTIFICATE},
        {"domain": "https://rigs.example.org", "certificate": CERTIFICATE},
        {"domain": DOMAIN, "certificate": CERTIFICATE.replace("us-east-1", "eu-central-1")},
    ],
)
def test_domain_and_certificate_must_fit(tmp_path: Path, pair: dict[str, str]) -> None:
    with pytest.raises(ParametersError, match=r"domain|certificate"):
        read_parameters({"package": str(tmp_path), **pair}.get)


def test_a_package_must_be_named() -> None:
    with pytest.raises(ParametersError, match="package"):
        read_parameters(lambda _: None)


@pytest.mark.parametrize("text", ["the-word", "ssm:", "ssm:rigs", "ssm:/rigs/", "ssm:/a b", "SSM:/rigs/x"])
@pytest.mark.parametrize("variable", ["RIG_OIDC_CLIENT_SECRET", "RIG_SMTP_URL"])
def test_a_secret_must_be_named_and_is_not_repeated(tmp_path: Path, variable: str, text: str) -> None:
    context = {"package": str(tmp_path), "domain": DOMAIN, "certificate": CERTIFICATE, **PROVIDER, **MAIL}
    with pytest.raises(ParametersError, match=f"{variable} must be the name of a SecureString") as refused:
        read_parameters({**context, variable: text}.get)
    assert text not in str(refused.value).replace("ssm:/name", "")


def test_letters_need_to_know_the_address_of_the_page(tmp_path: Path) -> None:
    context = {"package": str(tmp_path), **MAIL}
    with pytest.raises(ParametersError, match="mail needs a domain, or RIG_PUBLIC_URL"):
        read_parameters(context.get)
    found = read_parameters({**context, "RIG_PUBLIC_URL": "https://d1.cloudfront.net"}.get)
    assert found.address == "https://d1.cloudfront.net"


def test_there_is_one_address(tmp_path: Path) -> None:
    context = {"package": str(tmp_path), "domain": DOMAIN, "certificate": CERTIFICATE}
    assert read_parameters(context.get).address == f"https://{DOMAIN}"
    with pytest.raises(ParametersError, match="where no domain is chosen"):
        read_parameters({**context, "RIG_PUBLIC_URL": "https://d1.cloudfront.net"}.get)


def test_every_setting_may_be_chosen(tmp_path: Path) -> None:
    """Each at its least, so that none can be forgotten here."""
    least: dict[str, str] = {setting.variable: f"{setting.least:g}" for setting in SETTINGS}
    context: dict[str, object] = {"package": str(tmp_path), **least}
    assert read_parameters(context.get).settings == least
