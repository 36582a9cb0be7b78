"""Playbooks and their versions over HTTP."""

from __future__ import annotations

import msgspec
import pytest

from tests.fakes.caller import Caller
from tests.fakes.templates import draft
from tests.fakes.world import Farm, World
from tests.unit.cloud.usecases.book import Ids, filled_book


@pytest.fixture
def ids(world: World, farm: Farm) -> Ids:
    return filled_book(world, farm)


def _draft(ids: Ids, name: str = "Second", script: str = "x\n") -> object:
    return msgspec.to_builtins(draft(ids.pool, ids.wallet, name, script))


def test_a_playbook_is_made_changed_and_taken_back(owner: Caller, ids: Ids) -> None:
    made = owner.post("/v1/playbooks", _draft(ids))
    assert (made.status, made.json["newest"]["version"]) == (201, 1)
    place = f"/v1/playbooks/{made.json['playbook']}"
    changed = owner.call("PUT", place, body=_draft(ids, script="y\n"))
    assert (changed.status, changed.json["newest"]["version"]) == (200, 2)
    back = owner.post(f"{place}/versions", {"version": 1})
    assert (back.status, back.json["newest"]["version"]) == (201, 3)
    history = owner.get(place).json["versions"]
    assert [version["draft"]["scripts"]["linux-x64"] for version in history] == ["x\n", "y\n", "x\n"]
    assert [version["by"] for version in history] == ["owner@example.test"] * 3
    names = [view["newest"]["draft"]["name"] for view in owner.get("/v1/playbooks").json["playbooks"]]
    assert names == ["Monero", "Second"]
    assert owner.delete(place).status == 204
    assert owner.get(place).code == "playbook_unknown"


def test_a_draft_is_previewed(owner: Caller, ids: Ids) -> None:
    filled = owner.post("/v1/playbook-previews", _draft(ids, script="{{worker}} {{nothing}}\n")).json
    (problem,) = filled["problems"]
    assert (problem["line"], problem["column"]) == (1, 12)
    filled = owner.post("/v1/playbook-previews", _draft(ids, script="{{worker}}\n")).json
    assert filled == {"scripts": {"linux-x64": ["rig-1\n"]}}


def test_a_wrong_script_is_refused_with_line_and_column(owner: Caller, ids: Ids) -> None:
    answer = owner.post("/v1/playbooks", _draft(ids, script="one\ntwo {{nothing}}\n"))
    assert (answer.status, answer.code) == (422, "bad_script")
    error = answer.json["error"]
    assert error["field"] == "scripts.linux-x64"
    assert "line 2, column 5" in error["message"]


@pytest.mark.parametrize("wish", [{"version": 0}, {}, {"version": 1, "pace": "slow"}])
def test_a_wish_for_no_version_is_refused(owner: Caller, ids: Ids, wish: object) -> None:
    assert owner.post(f"/v1/playbooks/{ids.playbook}/versions", wish).code == "bad_message"
