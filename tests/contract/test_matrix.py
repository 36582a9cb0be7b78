"""Every route, by everyone who may ask: who is let in, and what they are told."""

from __future__ import annotations

from typing import Any, cast

import pytest

from cloud.app import ROUTES
from cloud.domain.permissions import Permission
from cloud.entrypoints.http import machines
from cloud.entrypoints.http.mount import FarmRoute
from tests.contract.matrix_cells import REDIRECT, REFUSALS, ROUTE_CELLS, YES
from tests.contract.matrix_requests import RESTORE, parts_of, queries_of, request
from tests.contract.matrix_site import AGENT, LIMITED, SHOWN, WHOLE, Site, foreign_marks
from tests.fakes.caller import Answer

_WITH_IDS = [row for row, cells in ROUTE_CELLS.items() if parts_of(row) and YES in cells.values()]


@pytest.fixture(scope="module")
def made() -> Site:
    return Site()


@pytest.fixture
def site(made: Site) -> Site:
    made.afresh()
    return made


def _ask(site: Site, actor: str, row: str, query: str, ids: dict[str, str] | None = None) -> Answer:
    asked = request(site, actor, row, ids)
    return site.call(actor, asked.method, asked.path, asked.body, query)


def _text(answer: Answer) -> str:
    return f"{answer.headers} {answer.body.decode()}".lower()


def _mounted(site: Site) -> set[str]:
    return {f"{method} {path}" for path, methods in site.app.routes.items() for method in methods}


def test_every_route_of_the_app_has_its_line(site: Site) -> None:
    assert set(ROUTE_CELLS) == _mounted(site)


def test_every_route_of_the_app_is_a_declared_one(site: Site) -> None:
    """So that none passes by the place that authorises."""
    assert _mounted(site) == {f"{route.method} {route.path}" for route in ROUTES}


def test_a_farms_route_cannot_be_made_without_its_permission() -> None:
    undeclared = cast("Any", FarmRoute)
    with pytest.raises(TypeError, match="allow"):
        undeclared("GET", "/v1/machines", machines.get_machines)
    assert all(isinstance(route.allow, Permission) for route in ROUTES if isinstance(route, FarmRoute))


@pytest.mark.parametrize("row", ROUTE_CELLS)
def test_the_declared_callers_are_let_in_and_the_others_refused(site: Site, row: str) -> None:
    for actor, cell in ROUTE_CELLS[row].items():
        site.afresh()
        asked = request(site, actor, row)
        before = dict(site.world.store.items)
        answer = site.call(actor, asked.method, asked.path, asked.body, queries_of(row)[0])
        if cell == YES:
            assert 200 <= answer.status < 300, (actor, answer)
        elif cell == REDIRECT:
            assert answer.status == 303, (actor, answer)
        else:
            assert (answer.status, answer.code) == REFUSALS[cell], (actor, answer)
            assert site.world.store.items == before, actor


def test_nobody_is_told_of_what_is_not_theirs(site: Site) -> None:
    for actor in SHOWN:
        told = ""
        for row in ROUTE_CELLS:
            for query in queries_of(row):
                site.afresh()
                answer = _ask(site, actor, row, query)
                assert foreign_marks(_text(answer), actor) == [], (actor, row, answer)
                told += _text(answer)
        # Else the marks were not where they can be seen.
        assert [mark for mark in SHOWN[actor] if mark not in told] == [], actor


@pytest.mark.parametrize("beside", ["other farm", "other clients"])
def test_every_answer_is_the_same_without_the_others(site: Site, beside: str) -> None:
    """Byte for byte: so no id, name or address of theirs is in one, nor how many they are."""
    if beside == "other farm":
        alone = Site(other_farm=False)
        actors = [actor for actor, marks in SHOWN.items() if WHOLE in marks or AGENT in marks]
    else:
        alone, actors = Site(other_clients=False, other_farm=False), list(LIMITED)
    for actor in actors:
        for row, cells in ROUTE_CELLS.items():
            for query in queries_of(row) if cells[actor] == YES else ():
                site.afresh()
                alone.afresh()
                assert _ask(alone, actor, row, query) == _ask(site, actor, row, query), (actor, row)


def _others_ids(site: Site, actor: str, row: str, part: str) -> list[str]:
    """Ids of that kind that exist, and that the actor must not learn of."""
    assert site.south is not None
    others = [site.south.binned if row == RESTORE else str(getattr(site.south, part))]
    if part == "machine" and actor in LIMITED:
        others += [rig.machine for rig in site.hidden]
    if part == "token" and actor != "owner":
        others.append(site.own.token)
    if part == "session":
        others.append(site.own.session)
    return others


@pytest.mark.parametrize("client", ["Bob", f"{WHOLE} Bob", None])
def test_nothing_leaves_the_sight_of_who_sees_some_clients(site: Site, client: str | None) -> None:
    """Whether there is a client of that name or not."""
    before = dict(site.world.store.items)
    answer = site.call("Ann's operator", "PATCH", f"/v1/machines/{site.own.machine}", {"client": client})
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert site.world.store.items == before


_SHIFTED = str.maketrans("0123456789", "1234567890")
"""Makes of an id one of the same form that nothing has."""


@pytest.mark.parametrize("row", _WITH_IDS)
def test_what_is_anothers_looks_as_if_it_were_not_there(site: Site, row: str) -> None:
    query = queries_of(row)[0]
    for actor in (actor for actor, cell in ROUTE_CELLS[row].items() if cell == YES):
        for part in (part for part in parts_of(row) if part != "number"):
            for other in _others_ids(site, actor, row, part):
                site.afresh()
                nobodys = _ask(site, actor, row, query, {part: other.translate(_SHIFTED)})
                site.afresh()
                before = dict(site.world.store.items)
                assert _ask(site, actor, row, query, {part: other}) == nobodys, (actor, other)
                assert nobodys.status == 404
                assert site.world.store.items == before


@pytest.mark.parametrize("row", [row for row, cells in ROUTE_CELLS.items() if "f" in cells.values()])
def test_another_farm_looks_as_if_it_were_not_there(site: Site, row: str) -> None:
    asked = request(site, "owner of South", row)
    headers = site.actors["owner of South"].headers
    farms = {"Rig-Farm": site.north.farm}, {"Rig-Farm": "farm_x"}
    theirs, nobodys = (
        site.caller.call(asked.method, asked.path, body=asked.body, headers={**headers, **farm})
        for farm in farms
    )
    assert theirs == nobodys
    assert (theirs.status, theirs.code) == (404, "farm_unknown")
