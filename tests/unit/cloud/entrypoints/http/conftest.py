"""Callers of the whole app: nobody, the owner's browser, an agent."""

from __future__ import annotations

import pytest

from cloud.app import create_app
from tests.fakes.caller import COOKIE, Caller
from tests.fakes.world import Farm, Sentry, World


@pytest.fixture
def nobody(world: World) -> Caller:
    return Caller(create_app(world.ports))


@pytest.fixture
def owner(nobody: Caller, farm: Farm) -> Caller:
    return Caller(nobody.app, cookie=f"{COOKIE}={farm.cookie}")


@pytest.fixture
def agent(nobody: Caller, sentry: Sentry) -> Caller:
    return Caller(nobody.app, authorization=sentry.bearer)
