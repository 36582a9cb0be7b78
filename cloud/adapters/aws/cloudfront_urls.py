"""Signs addresses that CloudFront opens until a time, whatever becomes of our own credentials meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Final

from botocore.signers import CloudFrontSigner
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cloud.domain.signing import SignedAddress
from cloud.ports import Clock, StoreUnavailable

VALID_FOR_S: Final = 14 * 86_400
_DAY_S: Final = 86_400


class CloudFrontUrls:
    """`pem`: reads the private key, at the first use and then never again; `key_id`: of the public one."""

    def __init__(self, site: str, key_id: str, pem: Callable[[], str], clock: Clock) -> None:
        """`site`: as in "https://d1234.cloudfront.net"."""
        self._site, self._key_id, self._pem, self._clock = site, key_id, pem, clock
        # A thousand rigs of one process at a millisecond each; the answer is the same all day.
        self._signed = lru_cache(maxsize=20_000)(self._sign)

    def address(self, path: str) -> SignedAddress:
        """The same all day for one path; raises StoreUnavailable."""
        until = (int(self._clock()) // _DAY_S + 1) * _DAY_S + VALID_FOR_S
        return SignedAddress(self._signed(path, until), until)

    def _sign(self, path: str, until: int) -> str:
        at = datetime.fromtimestamp(until, UTC)
        return self._signer.generate_presigned_url(f"{self._site}{path}", date_less_than=at)

    @cached_property
    def _signer(self) -> CloudFrontSigner:
        try:
            key = load_pem_private_key(self._pem().encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise StoreUnavailable("the key of CloudFront's addresses cannot be read") from error
        if not isinstance(key, RSAPrivateKey):
            raise StoreUnavailable("the key of CloudFront's addresses must be an RSA key")
        # CloudFront takes nothing but SHA-1 with RSA; the address alone hangs on it, never the document.
        return CloudFrontSigner(self._key_id, lambda told: key.sign(told, PKCS1v15(), SHA1()))  # noqa: S303
