"""The table of operations: what each route takes and answers, by method and path."""

from __future__ import annotations

from collections.abc import Mapping

from cloud.entrypoints.http.openapi.on_accounts import ON_ACCOUNTS
from cloud.entrypoints.http.openapi.on_edges import ON_EDGES
from cloud.entrypoints.http.openapi.on_farms import ON_FARMS
from cloud.entrypoints.http.openapi.on_playbooks import ON_PLAYBOOKS
from cloud.entrypoints.http.openapi.on_rollouts import ON_ROLLOUTS
from cloud.entrypoints.http.openapi.operation import ITSELF, OpenApi, Operation

OPERATIONS: Mapping[str, Operation] = {
    **ON_FARMS,
    **ON_EDGES,
    **ON_PLAYBOOKS,
    **ON_ROLLOUTS,
    **ON_ACCOUNTS,
    "GET /v1/openapi.json": Operation(tag=ITSELF, summary="This document", answer=OpenApi),
}
