"""Lists the API tokens of a farm that somebody may see: their own, and as an owner all."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.people import ApiToken
from cloud.domain.principals import PersonPrincipal
from cloud.ports import Ports, every
from wire.people import ApiTokenList, ApiTokenView, Role


def list_api_tokens(ports: Ports, person: PersonPrincipal) -> ApiTokenList:
    """The newest first, without their secrets."""
    seen = [token for token in find_api_tokens(ports, person.farm) if may_end(person, token)]
    seen.sort(key=lambda token: (-token.created_at, token.token))
    return ApiTokenList([api_token_view(token) for token in seen])


def find_api_tokens(ports: Ports, farm: str) -> list[ApiToken]:
    """Every token of the farm that has not expired."""
    prefix = keys.API_TOKEN_PREFIX
    return [item.read(ApiToken) for item in every(ports.store, keys.farm_pk(farm), prefix, prefix + "~")]


def may_end(person: PersonPrincipal, token: ApiToken) -> bool:
    """Whether the person may see and revoke the token."""
    return token.email == person.email or person.seat.role is Role.OWNER


def api_token_view(token: ApiToken) -> ApiTokenView:
    """A token without its secret's digest."""
    return ApiTokenView(
        token.token,
        token.name,
        token.email,
        token.role,
        token.clients,
        token.created_at,
        token.expires_at,
    )
