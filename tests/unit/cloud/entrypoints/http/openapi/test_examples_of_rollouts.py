"""Examples of rollouts agree with one another."""

from __future__ import annotations

from cloud.entrypoints.http.openapi.examples_of_rollouts import ON_ROLLOUTS
from wire.templates import AssignRequest, RigWork


def test_the_rig_that_is_assigned_is_the_one_that_is_shown() -> None:
    (wish,) = (each for each in ON_ROLLOUTS if isinstance(each, AssignRequest))
    (work,) = (each for each in ON_ROLLOUTS if isinstance(each, RigWork))
    assert wish.machines == (work.machine,)
    assert wish.playbooks == tuple(use.playbook for use in work.wanted)
