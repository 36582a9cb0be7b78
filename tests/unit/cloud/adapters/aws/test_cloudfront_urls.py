"""Addresses as CloudFront verifies them."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cloud.adapters.aws.cloudfront_urls import VALID_FOR_S, CloudFrontUrls
from cloud.ports import StoreUnavailable
from tests.fakes.time_and_chance import FakeClock

SITE, PATH = "https://d1.cloudfront.test", "/documents/farm_1/machine_1"
KEY = generate_private_key(65537, 2048)


def pem(key: object = KEY) -> str:
    assert hasattr(key, "private_bytes")
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), "ascii")


def test_an_address_is_signed_for_its_path_and_time_alone() -> None:
    clock = FakeClock()
    url, until = CloudFrontUrls(SITE, "K1", pem, clock).address(PATH)
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (parts.path, query["Key-Pair-Id"], query["Expires"]) == (PATH, "K1", str(int(until)))
    assert clock() + VALID_FOR_S <= until <= clock() + VALID_FOR_S + 86_400
    condition = {"DateLessThan": {"AWS:EpochTime": int(until)}}
    policy = {"Statement": [{"Resource": SITE + PATH, "Condition": condition}]}
    told = query["Signature"].replace("-", "+").replace("_", "=").replace("~", "/")
    signed = json.dumps(policy, separators=(",", ":")).encode()
    KEY.public_key().verify(base64.b64decode(told), signed, PKCS1v15(), SHA1())  # noqa: S303


def test_the_key_is_read_once_and_only_when_it_is_needed() -> None:
    read: list[int] = []

    def told() -> str:
        read.append(1)
        return pem()

    urls = CloudFrontUrls(SITE, "K1", told, FakeClock())
    assert read == []
    assert urls.address(PATH) == urls.address(PATH) != urls.address(PATH + "x")
    assert read == [1]


@pytest.mark.parametrize("text", ["", "no key", pem(Ed25519PrivateKey.generate())])
def test_a_key_that_cannot_be_used_is_not_repeated(text: str) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        CloudFrontUrls(SITE, "K1", lambda: text, FakeClock()).address(PATH)
    assert "BEGIN" not in str(refused.value)
