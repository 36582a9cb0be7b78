"""Operations around what rigs are to run, and changes of it on their way."""

from __future__ import annotations

from collections.abc import Mapping

from cloud.entrypoints.http.openapi.operation import PLAYBOOKS, Operation
from wire import templates

_BEGINS = ("409 cannot_sign", "409 too_many_rigs", "409 try_again")

ON_ROLLOUTS: Mapping[str, Operation] = {
    "POST /v1/assignments": Operation(
        tag=PLAYBOOKS,
        summary="Assign playbooks to rigs, named or by a tag",
        about="`careful`: above 10 rigs one goes first, the rest after its first accepted share.",
        status=201,
        body=templates.AssignRequest,
        answer=templates.Rollout,
        refusals=(
            "404 machine_unknown",
            "404 playbook_unknown",
            "409 not_a_rig",
            "422 no_rigs",
            *_BEGINS,
        ),
    ),
    "GET /v1/rollouts": Operation(
        tag=PLAYBOOKS,
        summary="Changes on their way to rigs, and those of the last 30 days",
        answer=templates.RolloutList,
    ),
    "POST /v1/rollouts/{rollout}/stop": Operation(
        tag=PLAYBOOKS,
        summary="Stop a rollout where it stands",
        about="Rigs that have the change keep it.",
        answer=templates.Rollout,
        refusals=("404 rollout_unknown", "409 rollout_over", "409 try_again"),
    ),
    "POST /v1/rollouts/{rollout}/continue": Operation(
        tag=PLAYBOOKS,
        summary="Let a stopped rollout go on, to all that are left",
        answer=templates.Rollout,
        refusals=("404 rollout_unknown", "409 rollout_over", "409 try_again"),
    ),
    "POST /v1/rollouts/{rollout}/back": Operation(
        tag=PLAYBOOKS,
        summary="Bring its rigs back to what they ran before",
        about="It becomes a rollout of its own, at once for all that the other one reached.",
        status=201,
        answer=templates.Rollout,
        refusals=("404 rollout_unknown", "409 rollout_over", *_BEGINS),
    ),
    "GET /v1/machines/{machine}/work": Operation(
        tag=PLAYBOOKS,
        summary="What a rig is to run, and what it runs",
        about="`rigs` of a use is 1 here: this rig.",
        answer=templates.RigWork,
        refusals=("404 machine_unknown", "409 not_a_rig"),
    ),
    "GET /v1/astray": Operation(
        tag=PLAYBOOKS,
        summary="Rigs that do not run what they should, at most 500",
        answer=templates.AstrayList,
    ),
}
