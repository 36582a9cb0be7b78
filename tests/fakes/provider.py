"""A provider of identities in memory, and one that answers HTTP as a test tells it to."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

from cloud.adapters.oidc_fetch import Answer, FetchError
from cloud.ports import ProviderRefused, Trip, Voucher
from cloud.settings import ProviderSettings
from tests.fakes.time_and_chance import FakeClock

ISSUER = "https://login.example.test/realm"
CLIENT = "rig-commander"
SECRET = "client secret/of ours"
SETTINGS = ProviderSettings(ISSUER, CLIENT, SECRET, "Example")


class FakeProvider:
    """The port `Provider`: `vouchers` are what codes stand for, each once, on the very trip that began."""

    name = "Example"

    def __init__(self, **vouchers: Voucher) -> None:
        self.vouchers = vouchers
        self.trips: list[Trip] = []
        self.away = False

    def begin(self, trip: Trip) -> str:
        if self.away:
            raise ProviderRefused("provider_unavailable", "nobody answers")
        self.trips.append(trip)
        return f"{ISSUER}/auth?{urlencode({'state': trip.state})}"

    def finish(self, trip: Trip, code: str) -> Voucher:
        if trip not in self.trips or code not in self.vouchers:
            raise ProviderRefused("provider_untrusted", "this trip or code was never begun")
        return self.vouchers.pop(code)


class ScriptedProvider:
    """What `oidc_fetch.fetch` asks. Its document, keys and tokens are right until a test changes them."""

    def __init__(self, clock: FakeClock) -> None:
        self.key = _key()
        self.document: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth?realm=1",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "userinfo_endpoint": f"{ISSUER}/me",
        }
        self.keys: list[Any] = [self.key.as_dict(private=False)]
        self.claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "subject-1",
            "iat": clock(),
            "exp": clock() + 300,
            "email": "miner@example.test",
            "email_verified": True,
        }
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.user_info: dict[str, Any] = {}
        self.answers: dict[str, Answer | FetchError] = {}
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []

    def ask(self, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None) -> Answer:
        place = url.rpartition("/")[2]
        self.asked.append((place, dict(headers), dict(form or {})))
        told = self.answers.get(place) or Answer(200, json.dumps(self._answer(place)).encode())
        if isinstance(told, FetchError):
            raise told
        return told

    def token(self) -> str:
        """The ID token of `header` and `claims`, signed with `key`."""
        return jwt.encode(self.header, self.claims, self.key, [self.header["alg"]])

    def times_asked(self, place: str) -> int:
        return sum(each == place for each, _, _ in self.asked)

    def _answer(self, place: str) -> object:
        match place:
            case "openid-configuration":
                return self.document
            case "keys":
                return {"keys": self.keys}
            case "token":
                return {"id_token": self.token(), "access_token": "access", "token_type": "Bearer"}
            case _:
                return self.user_info


@functools.cache
def _key() -> jwk.RSAKey:
    """The same for all tests: it takes a while to make."""
    return jwk.RSAKey.generate_key(2048, {"kid": "one"}, private=True)


def query_of(address: str) -> dict[str, str]:
    """The parameters that a browser takes to `address`."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}
