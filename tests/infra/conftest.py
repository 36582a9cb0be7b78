"""Each edition is synthesised once: it takes seconds."""

from __future__ import annotations

import pytest

from infra.cdk.parameters import Edition
from tests.infra.synthesis import CERTIFICATE, DOMAIN, MAIL, PROVIDER, Deployment, synthesise


@pytest.fixture(scope="session")
def selfhost(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return synthesise(tmp_path_factory.mktemp("selfhost"))


@pytest.fixture(scope="session")
def enterprise(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return synthesise(tmp_path_factory.mktemp("enterprise"), Edition.ENTERPRISE)


@pytest.fixture(scope="session")
def own_domain(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The enterprise edition at a domain, with a setting, a provider and mail."""
    return synthesise(
        tmp_path_factory.mktemp("domain"),
        Edition.ENTERPRISE,
        name="Staging",
        domain=DOMAIN,
        certificate_arn=CERTIFICATE,
        settings={"RIG_SAMPLES_KEPT_DAYS": "30"},
        provider=PROVIDER,
        mail=MAIL,
    )


@pytest.fixture(scope="session")
def on_host(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The enterprise edition as the emulator gets it."""
    return synthesise(
        tmp_path_factory.mktemp("host"), Edition.ENTERPRISE, architecture="x86_64", runtime="python3.12"
    )


@pytest.fixture(params=["selfhost", "enterprise", "own_domain"])
def deployment(request: pytest.FixtureRequest) -> Deployment:
    """Every kind of deployment."""
    found: Deployment = request.getfixturevalue(request.param)
    return found
