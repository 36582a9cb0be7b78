"""The port `Provider` for any OpenID Connect provider: discovery, authorisation code, PKCE and nonce.

Signatures and claims are joserfc's; what is fetched goes through `oidc_fetch`. Imported at the first
sign-in by a provider, for joserfc takes 0.2 s.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode

import msgspec
from joserfc import jwk, jwt
from joserfc.errors import InvalidKeyIdError, JoseError

from cloud.adapters.oidc_fetch import Answer, Fetch, FetchError, fetch
from cloud.domain.addresses import is_safe
from cloud.ports import Clock, ProviderRefused, Trip, Voucher
from cloud.settings import ProviderSettings

T = TypeVar("T")
ALGORITHMS = ("RS256", "PS256", "ES256", "ES384")
"""With a key pair alone: `none`, and secrets that a public key could pass for, are refused."""
KNOWN_S = 3600
"""How long the provider's document and keys are kept."""
ASK_AGAIN_S = 60
"""A key that is not known is looked for at most so often, whoever makes up names of keys."""
CLOCKS_APART_S = 60
SUBJECT_MAX = 255
SCOPE = "openid email"
_WORD = re.compile(r"[a-z_]{1,60}\Z")


class _Document(msgspec.Struct, frozen=True):
    """What we need of `/.well-known/openid-configuration`."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str


class _Refusal(msgspec.Struct, frozen=True):
    error: str


class _UserInfo(msgspec.Struct, frozen=True):
    sub: str
    email: str | None = None
    email_verified: bool | str = False


class _Keys(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider says of itself; threads replace it as a whole."""

    document: _Document
    keys: jwk.KeySet
    at: float


class OidcProvider:
    """Raises ProviderRefused for whatever cannot be had from the provider, or believed."""

    def __init__(
        self, settings: ProviderSettings, secret: Callable[[], str], clock: Clock, ask: Fetch = fetch
    ) -> None:
        self._settings, self._secret, self._clock, self._ask = settings, secret, clock, ask
        self._known: _Known | None = None

    @property
    def name(self) -> str:
        return self._settings.name

    def begin(self, trip: Trip) -> str:
        address = self._read().document.authorization_endpoint
        challenge = base64.urlsafe_b64encode(hashlib.sha256(trip.verifier.encode()).digest())
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": trip.return_url,
            "scope": SCOPE,
            "state": trip.state,
            "nonce": trip.nonce,
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def finish(self, trip: Trip, code: str) -> Voucher:
        tokens = self._exchange(trip, code)
        claims = self._claims(tokens.id_token, trip.nonce)
        told = _UserInfo(claims["sub"], claims.get("email"), claims.get("email_verified", False))
        if told.email is None:
            told = self._user_info(tokens.access_token, told)
        verified = told.email_verified in (True, "true")
        return Voucher(self._settings.issuer, told.sub, told.email, verified)

    def _exchange(self, trip: Trip, code: str) -> _Tokens:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": trip.return_url,
            "code_verifier": trip.verifier,
        }
        document = self._read().document
        headers, own = self._proof(document)
        answer = self._get(document.token_endpoint, headers, {**form, **own})
        if answer.status == 400:
            raise _refused(_read(answer.body, _Refusal).error)
        return _read(_expected(answer).body, _Tokens)

    def _proof(self, document: _Document) -> tuple[dict[str, str], dict[str, str]]:
        """Who we are, as headers and as fields of a form."""
        client, secret = self._settings.client_id, self._settings.client_secret and self._secret()
        if not secret:
            return {}, {"client_id": client}
        methods = document.token_endpoint_auth_methods_supported
        if "client_secret_basic" not in methods and "client_secret_post" in methods:
            return {}, {"client_id": client, "client_secret": secret}
        pair = base64.b64encode(f"{quote_plus(client)}:{quote_plus(secret)}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}, {}

    def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            claims = self._decoded(token).claims
            self._rules(nonce).validate(claims)
        # joserfc tells of some broken tokens by errors of Python's own.
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _untrusted(f"the ID token is refused: {type(error).__name__}") from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self._settings.client_id) != self._settings.client_id:
            raise _untrusted("the ID token was made for another client")
        if not 0 < len(claims["sub"]) <= SUBJECT_MAX or not isinstance(claims.get("email") or "", str):
            raise _untrusted("the ID token names nobody")
        return claims

    def _decoded(self, token: str) -> jwt.Token:
        known = self._read()
        try:
            return jwt.decode(token, known.keys, ALGORITHMS)
        except InvalidKeyIdError:
            if self._clock() - known.at < ASK_AGAIN_S:
                raise
            return jwt.decode(token, self._read(anew=True).keys, ALGORITHMS)

    def _rules(self, nonce: str) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock()),
            leeway=CLOCKS_APART_S,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
            iat={"essential": True},
        )

    def _user_info(self, access_token: str, known: _UserInfo) -> _UserInfo:
        """The address, where the ID token holds none; of the same subject, or it could be anybody's."""
        address = self._read().document.userinfo_endpoint
        if address is None:
            return known
        answer = self._get(address, {"Authorization": f"Bearer {access_token}"})
        told = _read(_expected(answer).body, _UserInfo)
        if told.sub != known.sub:
            raise _untrusted("its user info is of somebody else")
        return told

    def _read(self, *, anew: bool = False) -> _Known:
        known, now = self._known, self._clock()
        if known is None or anew or now - known.at > KNOWN_S:
            document = self._document()
            found = _read(_expected(self._get(document.jwks_uri)).body, _Keys)
            known = self._known = _Known(document, _key_set(found.keys), now)
        return known

    def _document(self) -> _Document:
        address = self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
        document = _read(_expected(self._get(address)).body, _Document)
        if document.issuer != self._settings.issuer:
            raise _untrusted(f"it calls itself {document.issuer[:200]!r}, not {self._settings.issuer!r}")
        if not is_safe(document.authorization_endpoint):
            raise _untrusted("its page for signing in is no https address")
        return document

    def _get(
        self, address: str, headers: Mapping[str, str] | None = None, form: Mapping[str, str] | None = None
    ) -> Answer:
        try:
            return self._ask(address, headers or {}, form)
        except FetchError as error:
            raise _unavailable(str(error)) from error


def _expected(answer: Answer) -> Answer:
    if answer.status != 200:
        raise _unavailable(f"it answered {answer.status}")
    return answer


def _read(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _unavailable(f"its answer is no {kind.__name__.strip('_')}") from error


def _key_set(keys: list[dict[str, Any]]) -> jwk.KeySet:
    """Keys that can verify; one of a kind that we do not know spoils none of the others."""
    usable = []
    for key in keys:
        try:
            if key.get("use", "sig") == "sig" and key.get("kty") != "oct":
                usable.append(jwk.import_key(key))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return jwk.KeySet(usable)


def _refused(word: str) -> ProviderRefused:
    return ProviderRefused("provider_refused", word if _WORD.match(word) else "it gave no reason")


def _untrusted(reason: str) -> ProviderRefused:
    return ProviderRefused("provider_untrusted", reason)


def _unavailable(reason: str) -> ProviderRefused:
    return ProviderRefused("provider_unavailable", reason)
