"""Every signer keeps the same promises: a key file, and KMS as a stand-in that signs with real keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloud.adapters.aws.kms_signer import KmsSigner
from cloud.adapters.local.key_file import KeyFile
from cloud.domain.signing import Handovers, Rig, sealed
from cloud.ports import Signer, StoreUnavailable
from edge_sentry.playbooks.belief import Accepted, believed
from edge_sentry.playbooks.belief import Rig as BelievingRig
from tests.fakes.signed import FARM, MACHINE, NOW
from wire.assignments import Document

ALIAS = "alias/rigs"


class FakeKms:
    """The two calls of KMS that are made, with its limits. moto neither makes nor uses Ed25519 keys."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {"arn:1": Ed25519PrivateKey.generate()}
        self.present = "arn:1"
        self.calls: list[str] = []
        self.fails: Exception | None = None

    def sign(self, **asked: Any) -> dict[str, Any]:
        self._called("sign")
        assert (asked["MessageType"], asked["SigningAlgorithm"]) == ("RAW", "ED25519_SHA_512")
        assert 1 <= len(asked["Message"]) <= 4096
        arn = self._arn(asked["KeyId"])
        return {"KeyId": arn, "Signature": self.keys[arn].sign(asked["Message"])}

    def get_public_key(self, **asked: Any) -> dict[str, Any]:
        self._called("get_public_key")
        arn = self._arn(asked["KeyId"])
        public = self.keys[arn].public_key()
        return {
            "KeyId": arn,
            "PublicKey": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        }

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.fails:
            raise self.fails

    def _arn(self, key: str) -> str:
        return self.present if key == ALIAS else key


@pytest.fixture
def kms() -> FakeKms:
    return FakeKms()


def of_kms(kms: FakeKms, key: str = ALIAS) -> KmsSigner:
    return KmsSigner(cast("Any", kms), key)


@pytest.fixture(params=["file", "kms"])
def signer(request: pytest.FixtureRequest, tmp_path: Path, kms: FakeKms) -> Signer:
    return KeyFile(tmp_path / "signing.key") if request.param == "file" else of_kms(kms)


@pytest.mark.parametrize("size", [1, 2100, 4096])
def test_what_is_signed_can_be_verified(signer: Signer, size: int) -> None:
    content = b"x" * size
    signed = signer.sign(content)
    assert signed.key == signer.public_key()
    Ed25519PublicKey.from_public_bytes(signed.key).verify(signed.signature, content)


def test_a_rig_believes_it(signer: Signer) -> None:
    body = sealed(Rig(FARM, MACHINE, 1, 1), Document(), NOW, Handovers(), signer.sign)
    rig = BelievingRig(FARM, MACHINE, signer.public_key())
    assert believed(body, rig, Accepted(), NOW).document == Document()


def test_the_public_key_is_asked_for_once(kms: FakeKms) -> None:
    signer = of_kms(kms)
    for _ in range(5):
        signer.sign(b"x")
    assert kms.calls.count("get_public_key") == 1


def test_an_alias_that_is_moved_tells_the_key_that_signed(kms: FakeKms) -> None:
    signer = of_kms(kms)
    before = signer.sign(b"x")
    kms.keys["arn:2"], kms.present = Ed25519PrivateKey.generate(), "arn:2"
    after = signer.sign(b"x")
    assert after.key == signer.public_key() != before.key
    Ed25519PublicKey.from_public_bytes(after.key).verify(after.signature, b"x")


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "secret-arn"}}, "Sign"),
        EndpointConnectionError(endpoint_url="https://kms.test/secret-arn"),
    ],
)
def test_an_outage_is_told_without_naming_the_key(kms: FakeKms, error: Exception) -> None:
    kms.fails = error
    with pytest.raises(StoreUnavailable) as told:
        of_kms(kms).sign(b"x")
    assert "secret-arn" not in str(told.value)


def test_a_key_of_another_kind_is_refused(kms: FakeKms) -> None:
    kms.keys["arn:1"] = generate_private_key(SECP256R1())
    with pytest.raises(StoreUnavailable, match="ECC_NIST_EDWARDS25519"):
        of_kms(kms).public_key()
