"""The port `Signer` with an Ed25519 key in KMS, which never shows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from cloud.domain.signing import Signed
from cloud.ports import StoreUnavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_NO_NEXT = "keys in KMS are not rotated by this program yet"


class KmsSigner:
    """`key`: ARN, id or alias. Should an alias be moved, the key that is told stays the one that signed."""

    def __init__(self, client: KMSClient, key: str) -> None:
        self._client, self._key = client, key
        self._known: dict[str, bytes] = {}

    def public_key(self) -> bytes:
        return self._public(self._key)

    def sign(self, content: bytes) -> Signed:
        with _unavailable():
            answer = self._client.sign(
                KeyId=self._key, Message=content, MessageType="RAW", SigningAlgorithm="ED25519_SHA_512"
            )
        return Signed(self._public(answer["KeyId"]), answer["Signature"])

    def next_key(self) -> bytes:
        raise StoreUnavailable(_NO_NEXT)

    def switch(self) -> None:
        raise StoreUnavailable(_NO_NEXT)

    def _public(self, key: str) -> bytes:
        """Kept by ARN alone: an alias may be moved. The rate of GetPublicKey is smaller than that of Sign."""
        if key in self._known:
            return self._known[key]
        with _unavailable():
            answer = self._client.get_public_key(KeyId=key)
        public = load_der_public_key(answer["PublicKey"])
        if not isinstance(public, Ed25519PublicKey):
            raise StoreUnavailable("the key in KMS is of another kind: it must be ECC_NIST_EDWARDS25519")
        self._known[answer["KeyId"]] = public.public_bytes_raw()
        return self._known[answer["KeyId"]]


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StoreUnavailable(f"KMS does not sign: {_code(error)}") from error


def _code(error: BotoCoreError | ClientError) -> str:
    """Without the message, which names the key and whoever asked."""
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
