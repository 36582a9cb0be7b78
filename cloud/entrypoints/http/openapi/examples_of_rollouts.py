"""An example of each message around what rigs are to run."""

from __future__ import annotations

import msgspec

from wire import templates
from wire.assignments import AssignmentState, Step, StepState

_AT, _BY = 1_767_225_600.0, "owner@farm.example"
_PLAYBOOK, _MACHINE = "playbook_3m5k7q2x9c4v6b8n", "machine_7q2x9c4v6b8n3m5k"
_ROLLOUT = templates.Rollout(
    "rollout_9c4v6b8n3m5k7q2x",
    "each of 12 rigs runs Monero on processors",
    templates.RolloutState.FIRST,
    _AT,
    _BY,
    12,
    1,
    0,
    0,
    _MACHINE,
)
_STATE = AssignmentState(
    1, 3, 4, (Step("download", StepState.RUNNING, _PLAYBOOK, at=_AT, done=1_000_000, total=4_000_000),)
)

ON_ROLLOUTS: tuple[msgspec.Struct, ...] = (
    templates.AssignRequest((_PLAYBOOK,), (_MACHINE,)),
    _ROLLOUT,
    templates.RolloutList((_ROLLOUT,)),
    templates.RigWork(
        _MACHINE, "barn-7", (templates.Use(_PLAYBOOK, "Monero on processors", 1),), 4, _STATE, _AT
    ),
    templates.AstrayList(
        (templates.AstrayRig(_MACHINE, "barn 7", 4, 3, _AT, "The disk has no room for the archive."),)
    ),
)
