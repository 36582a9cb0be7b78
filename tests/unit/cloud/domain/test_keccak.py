"""Keccak-256 against published digests, and its permutation against hashlib's."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.domain.keccak import keccak_256


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ],
)
def test_digests_are_those_that_were_published(message: bytes, digest: str) -> None:
    assert keccak_256(message).hex() == digest


@settings(max_examples=30)
@given(st.binary(max_size=300))
def test_with_the_other_padding_it_is_sha3(message: bytes) -> None:
    assert keccak_256(message, 0x06) == hashlib.sha3_256(message).digest()
