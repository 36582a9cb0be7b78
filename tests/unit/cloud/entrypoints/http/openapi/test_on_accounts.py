"""Operations around accounts: what sets a cookie says so."""

from __future__ import annotations

from cloud.entrypoints.http.openapi.on_accounts import ON_ACCOUNTS


def test_operations_that_set_cookies_are_known() -> None:
    assert {key for key, each in ON_ACCOUNTS.items() if each.sets_cookie} == {
        "POST /v1/session",
        "DELETE /v1/session",
        "PUT /v1/account/password",
        "POST /v1/invitations/join",
        "GET /v1/oidc/start",
        "GET /v1/oidc/callback",
    }
