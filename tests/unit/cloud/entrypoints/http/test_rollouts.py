"""What rigs are to run, over HTTP."""

from __future__ import annotations

import pytest

from tests.fakes.caller import Caller
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.crew import Crew


@pytest.fixture
def crew(world: World, farm: Farm) -> Crew:
    return Crew(world, farm, 12)


def test_a_playbook_is_assigned_stopped_continued_and_taken_back(crew: Crew, owner: Caller) -> None:
    begun = owner.post("/v1/assignments", {"playbooks": [crew.playbook], "machines": [*crew.machines]})
    assert (begun.status, begun.json["state"], begun.json["signed"]) == (201, "first", 1)
    place = f"/v1/rollouts/{begun.json['rollout']}"
    assert owner.post(f"{place}/stop").json["why"] == "Stopped by owner@example.test."
    assert owner.post(f"{place}/continue").json["signed"] == 12
    assert owner.post(f"{place}/back").status == 201
    states = {row["what"]: row["state"] for row in owner.get("/v1/rollouts").json["rollouts"]}
    assert states[begun.json["what"]] == "taken_back"
    assert owner.post("/v1/rollouts/rollout_x/stop").code == "rollout_unknown"


def test_desired_and_actual_and_who_is_astray(crew: Crew, owner: Caller) -> None:
    machine = crew.machines[3]
    owner.post("/v1/assignments", {"playbooks": [crew.playbook], "machines": [machine]})
    work = owner.get(f"/v1/machines/{machine}/work").json
    assert (work["worker"], work["revision"]) == ("rig-3", 1)
    (astray,) = owner.get("/v1/astray").json["rigs"]
    assert (astray["machine"], astray["reason"]) == (machine, "It has never reported.")


@pytest.mark.parametrize("wish", [{}, {"playbooks": ["a b"]}, {"playbooks": [], "how": "swap"}])
def test_a_wrong_wish_is_refused(owner: Caller, wish: object) -> None:
    assert owner.post("/v1/assignments", wish).code == "bad_message"
