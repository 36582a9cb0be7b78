"""Which agent a bearer token belongs to."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent
from cloud.ports import Ports
from wire.faults import Fault


def authorise_agent(ports: Ports, authorization: str | None) -> AgentPrincipal:
    """The agent behind an `Authorization` header; raises Fault `token_…` (401, revoked 403).

    One call to the store tells too whether somebody watches the farm.
    """
    token = _bearer(authorization)
    agent_key, watch_key = keys.agent(token.farm, token.agent), keys.watch(token.farm)
    # Each report asks this, and a revocation may take a second.
    found = ports.store.get_many([agent_key, watch_key], stale_ok=True)
    agent = found[agent_key].read(Agent) if agent_key in found else None
    if agent is None or not tokens.matches(token.secret, agent.secret_sha256):
        raise Fault("token_wrong", "This token is not known here.", status=401)
    if agent.revoked_at is not None:
        message = f"The token of {agent.name!r} was revoked: it was deleted in the dashboard."
        raise Fault("token_revoked", message, status=403)
    return AgentPrincipal(token.farm, agent, watch_key in found)


def _bearer(authorization: str | None) -> tokens.Token:
    scheme, _, text = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not text:
        message = "Send the agent's token as 'Authorization: Bearer <token>'."
        raise Fault("token_missing", message, status=401)
    token = tokens.read_token(text.strip())
    if token is None:
        raise Fault("token_wrong", "This is not an agent's token; was it cut short?", status=401)
    return token
