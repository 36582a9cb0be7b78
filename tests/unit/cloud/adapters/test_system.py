"""The system's randomness has the shape that the port promises."""

from __future__ import annotations

import re

from cloud.adapters.system import SystemRandomness


def test_ids_are_a_prefix_and_eighty_bits() -> None:
    made = {SystemRandomness().new_id("machine") for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"machine_[a-z2-7]{16}", identifier) for identifier in made)


def test_secrets_are_256_bits() -> None:
    made = {SystemRandomness().new_secret() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", secret) for secret in made)
