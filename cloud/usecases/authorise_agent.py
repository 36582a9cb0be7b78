"""Which agent a bearer token belongs to."""

from __future__ import annotations

from cloud.domain import keys, tokens
from cloud.domain.principals import AgentPrincipal
from cloud.domain.records import Agent, Cadence
from cloud.ports import Ports
from wire.faults import Fault


def authorise_agent(ports: Ports, authorization: str | None) -> AgentPrincipal:
    """The agent behind an `Authorization` header; raises Fault `token_…` (401) or `agent_deleted` (403).

    One call to the store tells too what the farm asks of its agents.
    """
    token = _bearer(authorization)
    agent_key, cadence_key = keys.agent(token.farm, token.agent), keys.cadence(token.farm)
    # Each report asks this, and a deletion may take a second.
    found = ports.store.get_many([agent_key, cadence_key], stale_ok=True)
    agent = found[agent_key].read(Agent) if agent_key in found else None
    if agent is None or not tokens.matches(token.secret, agent.secret_sha256):
        raise Fault("token_wrong", "This token is not known here.", status=401)
    refuse_deleted(agent)
    cadence = found[cadence_key].read(Cadence) if cadence_key in found else Cadence()
    return AgentPrincipal(token.farm, agent, cadence)


def refuse_deleted(agent: Agent) -> None:
    """Raises Fault `agent_deleted` (403) for an agent that is in the bin or erased."""
    if agent.erased_at is not None:
        raise Fault("agent_deleted", f"{agent.name!r} was deleted in the dashboard.", status=403)
    if agent.binned_at is not None:
        message = f"{agent.name!r} was deleted in the dashboard, where it can still be restored."
        raise Fault("agent_deleted", message, status=403)


def _bearer(authorization: str | None) -> tokens.Token:
    text = tokens.bearer(authorization)
    if not text:
        message = "Send the agent's token as 'Authorization: Bearer <token>'."
        raise Fault("token_missing", message, status=401)
    token = tokens.read_token(text)
    if token is None:
        raise Fault("token_wrong", "This is not an agent's token; was it cut short?", status=401)
    return token
