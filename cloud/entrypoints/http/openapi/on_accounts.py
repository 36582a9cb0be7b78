"""Operations around accounts: signing in, one's own account, who belongs to a farm."""

from __future__ import annotations

from collections.abc import Mapping

from cloud.entrypoints.http.openapi.operation import (
    ACCOUNT,
    AFTER,
    FARM,
    PEOPLE,
    SIGNING_IN,
    Operation,
    Query,
    limit,
)
from cloud.usecases import list_audit
from wire import live, people

_TEXT = {"type": "string"}
_TOO_MANY = "429 too_many_sign_ins"
_SIGNED_IN = "Sets the cookie of a new session."
_CLIENTS = ("422 bad_clients", "422 bad_label", "422 owner_sees_all")

_SIGN_IN: Mapping[str, Operation] = {
    "POST /v1/session": Operation(
        tag=SIGNING_IN,
        summary="Sign in",
        about=_SIGNED_IN,
        body=people.Credentials,
        answer=people.SessionView,
        refusals=(
            "401 sign_in_refused",
            "401 code_wanted",
            "401 code_refused",
            "401 not_signed_in",
            "409 try_again",
            _TOO_MANY,
        ),
        sets_cookie=True,
    ),
    "GET /v1/session": Operation(
        tag=SIGNING_IN, summary="Who is signed in, and where they belong", answer=people.SessionView
    ),
    "DELETE /v1/session": Operation(
        tag=SIGNING_IN, summary="Sign out", about="Removes the cookie.", status=204, sets_cookie=True
    ),
    "GET /v1/sign-in": Operation(
        tag=SIGNING_IN, summary="How one can sign in here", answer=people.SignInOptions
    ),
    "POST /v1/passwords/forgotten": Operation(
        tag=SIGNING_IN,
        summary="Ask for a letter with a link to a new password",
        about="The answer is the same whether there is such an account or not.",
        status=202,
        body=people.PasswordForgotten,
        refusals=("409 no_mail", _TOO_MANY),
    ),
    "POST /v1/passwords/reset": Operation(
        tag=SIGNING_IN,
        summary="Choose a new password by such a link",
        status=204,
        body=people.PasswordReset,
        refusals=("404 link_refused", "422 bad_password"),
    ),
    "GET /v1/oidc/start": Operation(
        tag=SIGNING_IN,
        summary="Go to the OpenID Connect provider",
        about="For a browser to visit.",
        status=303,
        sets_cookie=True,
    ),
    "GET /v1/oidc/callback": Operation(
        tag=SIGNING_IN,
        summary="Come back from the OpenID Connect provider",
        about=f"For a browser to visit. {_SIGNED_IN}",
        status=303,
        query=(
            Query("state", _TEXT, "As it was given to the provider.", None),
            Query("code", _TEXT, "The provider's code.", None),
        ),
        sets_cookie=True,
    ),
    "POST /v1/invitations/look": Operation(
        tag=SIGNING_IN,
        summary="What an invitation is to",
        body=people.InvitationSecret,
        answer=people.InvitationOffer,
        refusals=("404 invitation_unknown",),
    ),
    "POST /v1/invitations/join": Operation(
        tag=SIGNING_IN,
        summary="Make an account and accept an invitation",
        about=_SIGNED_IN,
        status=201,
        body=people.Joining,
        answer=people.SessionView,
        refusals=(
            "401 not_signed_in",
            "404 invitation_unknown",
            "409 account_exists",
            "409 invited_another",
            "409 member_already",
            "409 too_many_farms",
            "422 bad_email",
            "422 bad_password",
            _TOO_MANY,
        ),
        sets_cookie=True,
    ),
    "POST /v1/invitations/accept": Operation(
        tag=SIGNING_IN,
        summary="Accept an invitation with the account that one has",
        body=people.InvitationSecret,
        answer=people.SessionView,
        refusals=(
            "404 invitation_unknown",
            "409 invited_another",
            "409 member_already",
            "409 too_many_farms",
        ),
    ),
    "POST /v1/socket-tickets": Operation(
        tag=SIGNING_IN,
        summary="A ticket that opens one socket",
        about="Within 30 s, at `/socket?ticket=…`.",
        status=201,
        answer=live.SocketTicket,
    ),
}
_ACCOUNT: Mapping[str, Operation] = {
    "PUT /v1/account/password": Operation(
        tag=ACCOUNT,
        summary="Choose another password",
        about=f"Every session ends. {_SIGNED_IN}",
        body=people.PasswordChange,
        answer=people.SessionView,
        refusals=("403 password_wrong", "409 try_again", "422 bad_password", _TOO_MANY),
        sets_cookie=True,
    ),
    "POST /v1/account/second-factor": Operation(
        tag=ACCOUNT,
        summary="Ask for a secret of a second factor",
        about="It counts once a code proves that it arrived.",
        status=201,
        body=people.PasswordProof,
        answer=people.SecondFactorOffer,
        refusals=(
            "403 password_wrong",
            "409 no_password",
            "409 second_factor_on",
            "409 try_again",
            _TOO_MANY,
        ),
    ),
    "PUT /v1/account/second-factor": Operation(
        tag=ACCOUNT,
        summary="Turn the second factor on",
        body=people.SecondFactorProof,
        answer=people.RecoveryCodes,
        refusals=("409 second_factor_not_offered", "409 try_again", "422 code_refused"),
    ),
    "POST /v1/account/second-factor/end": Operation(
        tag=ACCOUNT,
        summary="Turn the second factor off",
        status=204,
        body=people.SecondFactorEnd,
        refusals=(
            "403 code_refused",
            "403 password_wrong",
            "409 second_factor_off",
            "409 try_again",
            _TOO_MANY,
        ),
    ),
    "GET /v1/account/sessions": Operation(
        tag=ACCOUNT, summary="Where one is signed in", answer=people.SessionList
    ),
    "DELETE /v1/account/sessions": Operation(tag=ACCOUNT, summary="End every session but this", status=204),
    "DELETE /v1/account/sessions/{session}": Operation(
        tag=ACCOUNT, summary="End a session", status=204, refusals=("404 session_unknown",)
    ),
    "POST /v1/farms": Operation(
        tag=FARM,
        summary="Make a farm",
        about="Who asks is its owner.",
        status=201,
        body=people.FarmRequest,
        answer=people.FarmSeat,
        refusals=("409 too_many_farms", "422 bad_name"),
    ),
}
_PEOPLE: Mapping[str, Operation] = {
    "GET /v1/members": Operation(
        tag=PEOPLE, summary="Who belongs to the farm, and who is invited", answer=people.MemberList
    ),
    "PATCH /v1/members/{member}": Operation(
        tag=PEOPLE,
        summary="Give a member another role, or another limit to clients",
        about="What is left out stays.",
        body=people.MemberChange,
        answer=people.MemberView,
        refusals=("404 member_unknown", "409 last_owner", "409 limits_too_long", *_CLIENTS),
    ),
    "DELETE /v1/members/{member}": Operation(
        tag=PEOPLE,
        summary="Take a member out of the farm",
        about="Their API tokens of this farm end.",
        status=204,
        refusals=("404 member_unknown", "409 last_owner"),
    ),
    "DELETE /v1/membership": Operation(
        tag=PEOPLE,
        summary="Leave the farm",
        about="One's API tokens of this farm end.",
        status=204,
        refusals=("404 member_unknown", "409 last_owner"),
    ),
    "POST /v1/invitations": Operation(
        tag=PEOPLE,
        summary="Invite somebody",
        about="The only time that the link is shown.",
        status=201,
        body=people.InvitationRequest,
        answer=people.NewInvitation,
        refusals=(
            "409 farm_full_of_people",
            "409 invited_already",
            "409 limits_too_long",
            "409 member_already",
            "422 bad_email",
            *_CLIENTS,
        ),
    ),
    "DELETE /v1/invitations/{invitation}": Operation(
        tag=PEOPLE,
        summary="Withdraw an invitation",
        status=204,
        refusals=("404 invitation_unknown",),
    ),
    "GET /v1/api-tokens": Operation(
        tag=PEOPLE, summary="API tokens: one's own, to an owner everybody's", answer=people.ApiTokenList
    ),
    "POST /v1/api-tokens": Operation(
        tag=PEOPLE,
        summary="Make an API token",
        about="At most as strong as who asks; the only time that its secret is shown.",
        status=201,
        body=people.ApiTokenRequest,
        answer=people.NewApiToken,
        refusals=(
            "403 not_allowed",
            "409 too_many_api_tokens",
            "409 try_again",
            "422 bad_name",
            *_CLIENTS,
        ),
    ),
    "DELETE /v1/api-tokens/{token}": Operation(
        tag=PEOPLE, summary="Revoke an API token", status=204, refusals=("404 token_unknown",)
    ),
    "GET /v1/audit": Operation(
        tag=PEOPLE,
        summary="Who did what to which thing, the newest first",
        answer=people.AuditPage,
        query=(limit(50, list_audit.PAGE_MAX), AFTER),
    ),
}
ON_ACCOUNTS: Mapping[str, Operation] = {**_SIGN_IN, **_ACCOUNT, **_PEOPLE}
