"""Leaving for the provider: what goes along, what is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.domain import keys
from cloud.domain.tokens import sha256
from cloud.ports import Ports
from cloud.usecases.start_provider_sign_in import start_provider_sign_in
from tests.fakes.ports import PUBLIC_URL
from tests.fakes.provider import FakeProvider, query_of
from tests.fakes.world import World
from wire.faults import Fault


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ports(world: World, provider: FakeProvider) -> Ports:
    return replace(world.ports, provider=provider)


def test_each_trip_has_secrets_of_its_own_and_comes_back_here(ports: Ports, provider: FakeProvider) -> None:
    left = [start_provider_sign_in(ports) for _ in range(2)]
    secrets = [
        secret
        for trip, departure in zip(provider.trips, left, strict=True)
        for secret in (trip.state, trip.nonce, trip.verifier, departure.browser)
    ]
    assert len(set(secrets)) == 8
    assert all(len(secret) >= 43 for secret in secrets)
    assert {trip.return_url for trip in provider.trips} == {f"{PUBLIC_URL}/v1/oidc/callback"}
    assert [query_of(departure.address)["state"] for departure in left] == [
        trip.state for trip in provider.trips
    ]


def test_the_store_keeps_no_secret_and_that_for_ten_minutes(
    world: World, ports: Ports, provider: FakeProvider
) -> None:
    departure = start_provider_sign_in(ports)
    (trip,) = provider.trips
    (item,) = world.store.items.values()
    assert item.key == keys.trip(sha256(trip.state))
    assert item.expires_at == world.clock() + 600
    kept = str(item.key) + item.body.decode()
    secrets = (trip.state, trip.nonce, trip.verifier, departure.browser)
    assert not [secret for secret in secrets if secret in kept]


def test_without_a_provider_nobody_leaves(world: World) -> None:
    with pytest.raises(Fault) as refused:
        start_provider_sign_in(world.ports)
    assert (refused.value.code, refused.value.status) == ("no_provider", 404)


def test_a_provider_that_is_away_leaves_nothing_behind(
    world: World, ports: Ports, provider: FakeProvider
) -> None:
    provider.away = True
    with pytest.raises(Fault) as refused:
        start_provider_sign_in(ports)
    assert refused.value.code == "provider_unavailable"
    assert world.store.items == {}
