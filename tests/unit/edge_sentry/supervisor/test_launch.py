"""What a program gets from the agent, and what not."""

from __future__ import annotations

from pathlib import Path

from edge_sentry.supervisor.launch import api_arguments, environment, mark_of
from tests.unit.edge_sentry.supervisor.fakes import playbook

FOLDER = Path("/var/lib/edge-sentry/mining/runs/gpu")


def test_keeps_what_programs_need_and_nothing_of_ours_or_of_systemds() -> None:
    own = {
        "PATH": "/bin",
        "DISPLAY": ":0",
        "EDGE_SENTRY_DATA": "/var",
        "RIG_REPORT_INTERVAL_S": "2",
        "NOTIFY_SOCKET": "/run/notify",
        "WATCHDOG_USEC": "1",
        "LISTEN_FDS": "1",
        "INVOCATION_ID": "1",
    }
    own_words = playbook(environment={"PATH": "/opt/bin", "A": "1"})
    assert environment(own, own_words, FOLDER) == {
        "PATH": "/opt/bin",
        "DISPLAY": ":0",
        "A": "1",
        "RIG_API_ARGUMENTS": "",
        "EDGE_SENTRY_RUN": str(FOLDER),
    }


def test_the_mark_is_what_the_environment_holds() -> None:
    given = environment({}, playbook(), FOLDER)
    assert mark_of(FOLDER) in {f"{name}={text}".encode() for name, text in given.items()}


def test_a_playbook_cannot_take_the_mark_away() -> None:
    taking = playbook(environment={"EDGE_SENTRY_RUN": "x"})
    assert environment({}, taking, FOLDER)["EDGE_SENTRY_RUN"] == str(FOLDER)


class TestApiArguments:
    """What the owner's script is given, to keep the program's API on the rig."""

    def test_flags_of_the_program_on_its_port(self) -> None:
        given = environment({}, playbook(program="t-rex", api_port=7), FOLDER)
        assert given["RIG_API_ARGUMENTS"] == "--api-bind-http 127.0.0.1:7 --api-read-only"

    def test_a_token_where_there_is_one(self) -> None:
        without = api_arguments(playbook(program="xmrig", api_port=7))
        assert without == "--http-enabled --http-host=127.0.0.1 --http-port=7"
        with_one = api_arguments(playbook(program="xmrig", api_port=7, api_token="let-me-in"))
        assert with_one == f"{without} --http-access-token=let-me-in"

    def test_none_without_a_port_or_of_a_program_that_nobody_knows(self) -> None:
        assert api_arguments(playbook(program="t-rex")) == ""
        assert api_arguments(playbook(program="nonsense", api_port=7)) == ""

    def test_the_playbooks_own_words_count(self) -> None:
        own = playbook(program="t-rex", api_port=7, environment={"RIG_API_ARGUMENTS": "mine"})
        assert environment({}, own, FOLDER)["RIG_API_ARGUMENTS"] == "mine"
