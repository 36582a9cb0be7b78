"""What a provider says is believed only if everything fits: keys, issuer, audience, nonce, times."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwk

from cloud.adapters.oidc_fetch import Answer, FetchError
from cloud.adapters.oidc_provider import ASK_AGAIN_S, KNOWN_S, OidcProvider
from cloud.ports import ProviderRefused, Trip, Voucher
from cloud.settings import ProviderSettings
from tests.fakes.provider import CLIENT, ISSUER, SECRET, SETTINGS, ScriptedProvider, query_of
from tests.fakes.time_and_chance import FakeClock

TRIP = Trip("https://rigs.example.test/v1/oidc/callback", "the-state", "the-nonce", "v" * 64)
VOUCHER = Voucher(ISSUER, "subject-1", "miner@example.test", email_verified=True)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def there(clock: FakeClock) -> ScriptedProvider:
    made = ScriptedProvider(clock)
    made.claims["nonce"] = TRIP.nonce
    return made


@pytest.fixture
def provider(there: ScriptedProvider, clock: FakeClock) -> OidcProvider:
    return OidcProvider(SETTINGS, lambda: SECRET, clock, there.ask)


def _code(provider: OidcProvider) -> str:
    with pytest.raises(ProviderRefused) as refused:
        provider.finish(TRIP, "the-code")
    return refused.value.code


def test_the_browser_goes_with_state_nonce_and_challenge_and_no_secret(provider: OidcProvider) -> None:
    address = provider.begin(TRIP)
    assert address.startswith(f"{ISSUER}/auth?realm=1&")
    challenge = _base64(hashlib.sha256(TRIP.verifier.encode()).digest())
    assert query_of(address) == {
        "realm": "1",
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": TRIP.return_url,
        "scope": "openid email",
        "state": TRIP.state,
        "nonce": TRIP.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    assert TRIP.verifier not in address


def test_a_code_is_exchanged_with_the_verifier_and_our_secret(
    provider: OidcProvider, there: ScriptedProvider
) -> None:
    assert provider.finish(TRIP, "the-code") == VOUCHER
    (_, headers, form) = there.asked[-1]
    pair = base64.b64encode(b"rig-commander:client+secret%2Fof+ours").decode()
    assert headers == {"Authorization": f"Basic {pair}"}
    assert form == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "redirect_uri": TRIP.return_url,
        "code_verifier": TRIP.verifier,
    }


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(
    provider: OidcProvider, there: ScriptedProvider
) -> None:
    there.document["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    provider.finish(TRIP, "the-code")
    (_, headers, form) = there.asked[-1]
    assert headers == {}
    assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)


def test_a_public_client_shows_the_verifier_alone(there: ScriptedProvider, clock: FakeClock) -> None:
    public = ProviderSettings(ISSUER, CLIENT, "", "Example")
    assert OidcProvider(public, lambda: "", clock, there.ask).finish(TRIP, "the-code") == VOUCHER
    (_, headers, form) = there.asked[-1]
    assert headers == {}
    assert form["client_id"] == CLIENT
    assert "client_secret" not in form


def _text(header: dict[str, str], claims: dict[str, Any]) -> str:
    return ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _none(there: ScriptedProvider) -> str:
    return _text({"alg": "none"}, there.claims) + "."


def _signed_with_public_key(there: ScriptedProvider) -> str:
    """The classic: HMAC, whose secret is the key that everybody knows."""
    text = _text({"alg": "HS256", "kid": "one"}, there.claims)
    secret = there.key.as_pem(private=False)
    return f"{text}.{_base64(hmac.digest(secret, text.encode(), 'sha256'))}"


def _another_key(there: ScriptedProvider) -> str:
    there.key = jwk.RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    return there.token()


def _unknown_key(there: ScriptedProvider) -> str:
    there.header["kid"] = "two"
    return there.token()


def _changed(there: ScriptedProvider) -> str:
    head, body, signature = there.token().split(".")
    return ".".join((head, body[:-4] + ("AAAA" if body[-4:] != "AAAA" else "BBBB"), signature))


@pytest.mark.parametrize("forge", [_none, _signed_with_public_key, _another_key, _unknown_key, _changed])
def test_a_token_that_the_provider_did_not_sign_is_refused(
    provider: OidcProvider, there: ScriptedProvider, forge: Callable[[ScriptedProvider], str]
) -> None:
    provider.begin(TRIP)
    body = json.dumps({"id_token": forge(there), "access_token": "a"}).encode()
    there.answers["token"] = Answer(200, body)
    assert _code(provider) == "provider_untrusted"


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "....", "e30.e30.e30", "é.é.é", "A" * 200_000])
def test_text_that_is_no_token_is_refused(provider: OidcProvider, there: ScriptedProvider, text: str) -> None:
    there.answers["token"] = Answer(200, json.dumps({"id_token": text, "access_token": "a"}).encode())
    assert _code(provider) == "provider_untrusted"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elsewhere.example"},
        {"iss": f"{ISSUER}/"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": ["somebody-else"]},
        {"aud": [CLIENT, "somebody-else"]},
        {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"azp": "somebody-else"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": [TRIP.nonce, "x"], "sub": 5},
        {"exp": 1_800_000_000 - 60},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 1_800_000_000 + 61},
        {"iat": None},
        {"nbf": 1_800_000_000 + 61},
        {"sub": ""},
        {"sub": None},
        {"sub": 17},
        {"sub": "s" * 256},
        {"email": 17},
    ],
    ids=str,
)
def test_a_token_that_does_not_fit_is_refused(
    provider: OidcProvider, there: ScriptedProvider, wrong: dict[str, Any]
) -> None:
    there.claims |= wrong
    there.claims = {name: value for name, value in there.claims.items() if value is not None}
    assert _code(provider) == "provider_untrusted"


def test_a_token_for_several_that_names_us_as_its_party_is_believed(
    provider: OidcProvider, there: ScriptedProvider
) -> None:
    there.claims |= {"aud": [CLIENT, "somebody-else"], "azp": CLIENT}
    assert provider.finish(TRIP, "the-code") == VOUCHER


def test_another_kind_of_key_counts_and_unknown_ones_spoil_none(
    provider: OidcProvider, there: ScriptedProvider
) -> None:
    key: Any = jwk.ECKey.generate_key("P-256", {"kid": "ec"}, private=True)
    odd = [
        {"kty": "AKP", "kid": "new"},
        {"kty": "EC", "crv": "P-256", "x": 1},
        {},
        {"kty": "oct", "k": "AAAA"},
    ]
    there.keys = [*odd, key.as_dict(private=False), *there.keys]
    there.key, there.header = key, {"alg": "ES256", "kid": "ec"}
    assert provider.finish(TRIP, "the-code") == VOUCHER


def test_a_key_for_encrypting_verifies_nothing(provider: OidcProvider, there: ScriptedProvider) -> None:
    there.keys = [{**there.keys[0], "use": "enc"}]
    assert _code(provider) == "provider_untrusted"


@pytest.mark.parametrize("told", [True, "true", False, "false", None, "yes"])
def test_an_address_counts_as_verified_only_if_it_is_said_so(
    provider: OidcProvider, there: ScriptedProvider, told: object
) -> None:
    there.claims["email_verified"] = told
    assert provider.finish(TRIP, "the-code").email_verified is (told in (True, "true"))


def test_the_address_is_asked_for_where_the_token_has_none(
    provider: OidcProvider, there: ScriptedProvider
) -> None:
    del there.claims["email"], there.claims["email_verified"]
    there.user_info = {"sub": "subject-1", "email": "miner@example.test", "email_verified": True}
    assert provider.finish(TRIP, "the-code") == VOUCHER
    assert there.asked[-1] == ("me", {"Authorization": "Bearer access"}, {})


def test_user_info_of_somebody_else_is_refused(provider: OidcProvider, there: ScriptedProvider) -> None:
    del there.claims["email"]
    there.user_info = {"sub": "subject-2", "email": "other@example.test", "email_verified": True}
    assert _code(provider) == "provider_untrusted"


def test_without_user_info_there_is_no_address(provider: OidcProvider, there: ScriptedProvider) -> None:
    del there.claims["email"], there.document["userinfo_endpoint"]
    assert provider.finish(TRIP, "the-code").email is None


def test_document_and_keys_are_fetched_once_and_again_after_an_hour(
    provider: OidcProvider, there: ScriptedProvider, clock: FakeClock
) -> None:
    provider.begin(TRIP)
    provider.finish(TRIP, "the-code")
    assert there.times_asked("openid-configuration") == there.times_asked("keys") == 1
    clock.advance(KNOWN_S + 1)
    provider.begin(TRIP)
    assert there.times_asked("openid-configuration") == there.times_asked("keys") == 2


def test_a_new_key_is_looked_for_but_not_for_each_made_up_name(
    provider: OidcProvider, there: ScriptedProvider, clock: FakeClock
) -> None:
    provider.begin(TRIP)
    there.key = jwk.RSAKey.generate_key(2048, {"kid": "two"}, private=True)
    there.header["kid"] = "two"
    for _ in range(3):
        assert _code(provider) == "provider_untrusted"
    assert there.times_asked("keys") == 1
    clock.advance(ASK_AGAIN_S)
    there.keys.append(there.key.as_dict(private=False))
    assert provider.finish(TRIP, "the-code") == VOUCHER
    assert there.times_asked("keys") == 2


@pytest.mark.parametrize("issuer", ["https://elsewhere.example", f"{ISSUER}/"])
def test_a_document_of_another_issuer_is_refused(
    provider: OidcProvider, there: ScriptedProvider, issuer: str
) -> None:
    there.document["issuer"] = issuer
    assert _code(provider) == "provider_untrusted"


def test_nobody_is_sent_to_a_page_without_tls(provider: OidcProvider, there: ScriptedProvider) -> None:
    there.document["authorization_endpoint"] = "http://login.example.test/auth"
    with pytest.raises(ProviderRefused) as refused:
        provider.begin(TRIP)
    assert refused.value.code == "provider_untrusted"


@pytest.mark.parametrize("place", ["openid-configuration", "keys", "token"])
@pytest.mark.parametrize(
    "answer",
    [
        FetchError("too much"),
        Answer(500, b"{}"),
        Answer(302, b""),
        Answer(200, b"<html>"),
        Answer(200, b"[]"),
        Answer(200, b"{}"),
        Answer(200, b"\xff\xfe"),
    ],
    ids=str,
)
def test_a_provider_that_is_not_itself_is_unavailable(
    provider: OidcProvider, there: ScriptedProvider, place: str, answer: Answer | FetchError
) -> None:
    there.answers[place] = answer
    assert _code(provider) == "provider_unavailable"
    there.answers.clear()
    assert provider.finish(TRIP, "the-code") == VOUCHER


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"error": "invalid_grant", "error_description": "code abc"}', "invalid_grant"),
        (b'{"error": "<b>the-code</b>"}', "it gave no reason"),
    ],
)
def test_a_refused_code_is_told_by_its_word_alone(
    provider: OidcProvider, there: ScriptedProvider, body: bytes, reason: str
) -> None:
    there.answers["token"] = Answer(400, body)
    with pytest.raises(ProviderRefused) as refused:
        provider.finish(TRIP, "the-code")
    assert (refused.value.code, str(refused.value)) == ("provider_refused", reason)


def test_no_secret_is_shown_by_what_holds_it() -> None:
    shown = repr(TRIP) + repr(SETTINGS)
    assert not [word for word in (TRIP.state, TRIP.nonce, TRIP.verifier, SECRET) if word in shown]
