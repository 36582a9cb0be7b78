"""Programs that an owner named, from the wire's words to the supervisor's."""

from __future__ import annotations

import socket

from edge_sentry.agent.watching import executable_behind, watched_of
from edge_sentry.miners.listener import Listener, listener_on
from edge_sentry.supervisor.playbook import Watched
from wire.messages import WatchedProgram


def test_an_executable_that_is_known_stays_known_while_it_is_the_same() -> None:
    before = (Watched(id="a", program="xmrig", executable="xmrig", api_port=7),)
    wanted = (WatchedProgram("a", "xmrig", 7), WatchedProgram("b", "t-rex", 8))
    assert watched_of(wanted, before, ()) == (*before, Watched(id="b", program="t-rex", api_port=8))
    assert watched_of((WatchedProgram("a", "xmrig", 9),), before, ())[0].executable == ""


def test_an_id_stands_for_one_program() -> None:
    twice = (WatchedProgram("a", "xmrig", 7), WatchedProgram("a", "xmrig", 8))
    assert [each.api_port for each in watched_of(twice, (), ())] == [8]
    assert watched_of(twice, (), ["a"]) == ()


def test_an_interpreter_is_no_program_to_be_known_by() -> None:
    """This very process listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = listener_on(server.getsockname()[1])
        assert listener is not None
        assert executable_behind(listener) == ""


def test_of_another_users_program_none_is_known() -> None:
    assert executable_behind(Listener("0.0.0.0", None, None)) == ""
