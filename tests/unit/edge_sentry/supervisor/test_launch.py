"""What a program gets from the agent, and what not."""

from __future__ import annotations

from pathlib import Path

from edge_sentry.supervisor.launch import environment, mark_of

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
    assert environment(own, {"PATH": "/opt/bin", "A": "1"}, FOLDER) == {
        "PATH": "/opt/bin",
        "DISPLAY": ":0",
        "A": "1",
        "EDGE_SENTRY_RUN": str(FOLDER),
    }


def test_the_mark_is_what_the_environment_holds() -> None:
    ((name, text),) = environment({}, {}, FOLDER).items()
    assert mark_of(FOLDER) == f"{name}={text}".encode()


def test_a_playbook_cannot_take_the_mark_away() -> None:
    assert environment({}, {"EDGE_SENTRY_RUN": "x"}, FOLDER)["EDGE_SENTRY_RUN"] == str(FOLDER)
