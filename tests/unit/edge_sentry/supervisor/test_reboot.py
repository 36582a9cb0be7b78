"""The reboot's port; nothing here reboots anything."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from edge_sentry.supervisor.reboot import COMMAND, SystemMachine, call


class FakeCall:
    def __init__(self, status: int) -> None:
        self.status = status
        self.commands: list[Sequence[str]] = []

    def __call__(self, command: Sequence[str]) -> int:
        self.commands.append(command)
        return self.status


def test_asks_the_system() -> None:
    fake = FakeCall(0)
    SystemMachine(fake).reboot()
    assert fake.commands == [COMMAND]


def test_a_refusal_is_an_error_with_its_reason() -> None:
    with pytest.raises(OSError, match="status 1"):
        SystemMachine(FakeCall(1)).reboot()


def test_the_machine_has_been_up_for_some_time() -> None:
    assert SystemMachine(FakeCall(0)).uptime_s() > 0


def test_a_command_gives_its_status_or_says_why_not() -> None:
    assert call(("false",)) == 1
    with pytest.raises(FileNotFoundError):
        call(("there-is-no-such-command",))
