"""Operations around ASIC edges: their rosters, how one is doing, and what is wanted of it."""

from __future__ import annotations

from collections.abc import Mapping

from cloud.entrypoints.http.openapi.operation import AGENTS, FOR_AGENTS, Operation
from wire import edge, edge_page

_EDGE = ("404 agent_unknown", "409 wrong_kind")

ON_EDGES: Mapping[str, Operation] = {
    "GET /v1/agents/{agent}": Operation(
        tag=AGENTS,
        summary="How an ASIC edge is doing, what its search has found, and its errands of the last day",
        about="The results of errands come without their lines.",
        answer=edge_page.EdgeView,
        refusals=_EDGE,
    ),
    "POST /v1/agents/{agent}/errands": Operation(
        tag=AGENTS,
        summary="Give an ASIC edge an errand: to search, add or remove devices, or answer a question",
        about="It waits for the edge's next report, for 15 minutes at most, and is carried out once. "
        "As JSON it has at most 220,000 bytes; 10 wait at once.",
        status=201,
        body=edge_page.ErrandRequest,
        answer=edge_page.ErrandView,
        refusals=(
            *_EDGE,
            "409 too_many_errands",
            "409 try_again",
            "422 bad_label",
            "422 errand_too_large",
        ),
    ),
    "GET /v1/agents/{agent}/errands/{number}": Operation(
        tag=AGENTS,
        summary="An errand with every line of its result",
        answer=edge_page.ErrandView,
        refusals=(*_EDGE, "404 errand_unknown"),
    ),
    f"POST {edge.ROSTER_PATH}": Operation(
        tag=FOR_AGENTS,
        summary="The devices that an ASIC edge looks after, in whole batches of 50 numbers",
        about="Told again, it changes nothing. What is missing in a batch is not looked after any more.",
        body=edge.RosterTelling,
        answer=edge.RosterReply,
        refusals=(
            "409 enrolled_again",
            "409 try_again",
            "409 wrong_kind",
            "422 bad_epoch",
            "422 bad_roster",
        ),
    ),
}
