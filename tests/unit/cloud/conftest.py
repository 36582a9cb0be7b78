"""What the commander's unit tests begin with."""

from __future__ import annotations

import pytest

from tests.fakes.world import Farm, Sentry, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def farm(world: World) -> Farm:
    return world.farm()


@pytest.fixture
def sentry(world: World, farm: Farm) -> Sentry:
    return world.sentry(farm)
