"""Which farm an account belongs to."""

from __future__ import annotations

from cloud.usecases.create_owner import create_owner
from cloud.usecases.find_farm import find_farm
from tests.fakes.ports import fake_ports


def test_the_farm_of_an_account() -> None:
    ports = fake_ports()
    farm = create_owner(ports, "one@example.org", "a good password", "One")
    create_owner(ports, "two@example.org", "a good password", "Two")
    assert find_farm(ports, "one@example.org") == farm
    assert find_farm(ports, "nobody@example.org") is None
