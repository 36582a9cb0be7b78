"""Every action of the socket, by everyone who may try it: what is answered, and what is sent to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import msgspec
import pytest

from cloud.domain import keys, tokens
from cloud.domain.permissions import Seat
from cloud.domain.principals import PersonPrincipal
from cloud.domain.records import Cadence
from cloud.gateway.events import socket_event
from cloud.usecases.change_machine import change_machine
from cloud.usecases.issue_ticket import issue_ticket
from cloud.usecases.publish_live import publish_live
from tests.contract.matrix_cells import SOCKET_CELLS, YES
from tests.contract.matrix_site import LIMITED, OWNER, SHOWN, Site, foreign_marks
from tests.fakes.reports import report
from tests.fakes.world import ALL
from wire.live import Delta, FromPage, Look, MachineChange, MachinesChanged, Pong, SocketTicket, ToPage
from wire.people import Role


@pytest.fixture(scope="module")
def made() -> Site:
    return Site()


@pytest.fixture
def site(made: Site) -> Site:
    made.afresh()
    return made


def _event(site: Site, route: str, actor: str, **more: Any) -> bool:
    return bool(site.app.on_socket(socket_event(route, actor, **more), None)["statusCode"] == 200)


def _ticket(site: Site, actor: str) -> str:
    """The one that the actor gets; of the expired session, one that it got when it lasted."""
    if actor == "expired session":
        cookie = site.actors[actor].headers["cookie"].partition("=")[2]
        person = PersonPrincipal(OWNER, site.north.farm, Seat(Role.OWNER), session=tokens.sha256(cookie))
        return issue_ticket(site.ports, person).ticket
    answer = site.call(actor, "POST", "/v1/socket-tickets")
    return msgspec.json.decode(answer.body, type=SocketTicket).ticket if answer.status == 201 else "none"


def _connect(site: Site, actor: str) -> bool:
    return _event(site, "$connect", actor, query={"ticket": _ticket(site, actor)})


def _says(site: Site, actor: str, body: str) -> bool:
    _connect(site, actor)
    return _event(site, "$default", actor, body=body)


def _look(site: Site, actor: str) -> bool:
    machines = [site.own.machine, *(rig.machine for rig in site.hidden)]
    return _says(site, actor, msgspec.json.encode(Look(tuple(machines))).decode())


def _happen(site: Site) -> None:
    """Every machine reports and is renamed, and pages hear of it."""
    rigs = [(site.north.farm, rig) for rig in (site.rig, *site.hidden)]
    rigs += [(site.south_rig.farm, site.south_rig)] if site.south_rig else []
    for farm, rig in rigs:
        site.world.report(rig, report(rig.machine, sequence=2))
        change_machine(site.ports, farm, rig.machine, MachineChange(name=f"{rig.machine} renamed"), ALL)
    publish_live(site.ports, site.world.store.changes)


def _hears(kind: type[ToPage]) -> Callable[[Site, str], bool]:
    def hears(site: Site, actor: str) -> bool:
        _says(site, actor, '{"type":"ping"}')
        _happen(site)
        return any(isinstance(message, kind) for message in site.world.sockets.read(actor))

    return hears


_ACTIONS: dict[str, Callable[[Site, str], bool]] = {
    "$connect": _connect,
    "$disconnect": lambda site, actor: _event(site, "$disconnect", actor),
    "ping": lambda site, actor: _says(site, actor, '{"type":"ping"}'),
    "look": _look,
    "pong": _hears(Pong),
    "delta": _hears(Delta),
    "machines_changed": _hears(MachinesChanged),
}


def test_every_action_of_the_socket_has_its_line(site: Site) -> None:
    messages = {str(kind.__struct_config__.tag) for kind in (*get_args(FromPage), *get_args(ToPage))}
    assert set(SOCKET_CELLS) == (set(site.app.socket_handlers) - {"$default"}) | messages
    assert set(SOCKET_CELLS) == set(_ACTIONS)


@pytest.mark.parametrize("action", SOCKET_CELLS)
def test_the_declared_callers_are_heard_and_hear(site: Site, action: str) -> None:
    for actor, cell in SOCKET_CELLS[action].items():
        site.afresh()
        assert _ACTIONS[action](site, actor) == (cell == YES), actor


def test_a_page_quickens_only_machines_that_it_sees(site: Site) -> None:
    for actor in LIMITED:
        site.afresh()
        assert _look(site, actor)
        cadence = site.world.store.items[keys.cadence(site.north.farm)].read(Cadence)
        assert set(cadence.visible) == {site.own.machine}


def _all_open(site: Site) -> dict[str, list[bytes]]:
    """What every page that can be open is sent when something happens everywhere."""
    for actor in SHOWN:
        _says(site, actor, '{"type":"ping"}')
    if site.south_rig:
        headers = site.actors["owner of South"].headers
        ticket = site.caller.call("POST", "/v1/socket-tickets", headers=headers).json["ticket"]
        assert _event(site, "$connect", "owner of South", query={"ticket": ticket})
    _happen(site)
    return dict(site.world.sockets.sent)


def test_no_page_is_sent_anything_that_is_not_its(site: Site) -> None:
    sent = _all_open(site)
    assert set(sent) == {actor for actor, cell in SOCKET_CELLS["$connect"].items() if cell == YES} | {
        "owner of South"
    }
    for actor, messages in sent.items():
        text = b" ".join(messages).decode()
        assert foreign_marks(text, actor) == [], actor
        own = [site.rig, *(() if actor in LIMITED else site.hidden)]
        assert actor == "owner of South" or all(rig.machine in text for rig in own), actor
    assert site.south_rig is not None
    assert site.south_rig.machine in b" ".join(sent["owner of South"]).decode()


@pytest.mark.parametrize("beside", ["other farm", "other clients"])
def test_every_message_is_the_same_without_the_others(site: Site, beside: str) -> None:
    """Byte for byte, and as many of them."""
    clients = beside == "other clients"
    alone, together = _all_open(Site(other_farm=False, other_clients=not clients)), _all_open(site)
    for actor in LIMITED if clients else [actor for actor in alone if actor != "owner of South"]:
        assert alone[actor] == together[actor] != []
