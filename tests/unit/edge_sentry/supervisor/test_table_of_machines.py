"""A test for each row of the table about ends, lost cards and temperatures, in simulated time."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.supervisor.events import Kind, Level
from edge_sentry.supervisor.facts import GpuFacts
from edge_sentry.supervisor.playbook import Assignment
from edge_sentry.supervisor.view import State
from tests.unit.edge_sentry.supervisor.fakes import FIRST, SECOND, Rig, playbook


def starts_after_exits(rig: Rig, runs_s: float, ends: int) -> list[int]:
    """Seconds from each end to the next start, of a program that always runs for so long."""
    waits = []
    for _ in range(ends):
        rig.processes.exit("gpu", 1)
        starts, waited = rig.starts, 0
        while rig.starts == starts and waited < 1000:
            rig.pass_s(1)
            waited += 1
        waits.append(waited - 1)  # the first look finds the end
        rig.pass_s(runs_s)
    return waits


class TestProcessExited:
    def test_waits_longer_each_time_while_it_never_runs_for_long(self, rig: Rig) -> None:
        assert starts_after_exits(rig, 150, 7) == [3, 10, 30, 60, 120, 120, 120]
        assert rig.events(Kind.CRASH_LOOP) == []

    def test_five_exits_in_ten_minutes_are_a_crash_loop(self, rig: Rig) -> None:
        assert starts_after_exits(rig, 5, 4) == [3, 10, 30, 60]
        rig.processes.exit("gpu", 1)
        rig.pass_s(2)
        (event,) = rig.events(Kind.CRASH_LOOP)
        assert event.level is Level.ALERT
        assert "5 times in 10 min" in event.reason
        assert rig.view().state is State.CRASH_LOOP

    def test_a_crash_loop_tries_each_ten_minutes_until_one_run_lasts(self, rig: Rig) -> None:
        starts_after_exits(rig, 5, 4)
        assert starts_after_exits(rig, 5, 3) == [600, 600, 600]
        rig.pass_s(600)
        assert [event.over for event in rig.events(Kind.CRASH_LOOP)] == [False, True]
        assert starts_after_exits(rig, 5, 1) == [3]

    def test_a_run_that_lasted_is_forgiven(self, rig: Rig) -> None:
        assert starts_after_exits(rig, 700, 4) == [3, 3, 3, 3]

    def test_the_agent_being_restarted_forgives_nothing(self, rig: Rig) -> None:
        starts_after_exits(rig, 5, 4)
        rig.restart_agent()
        rig.pass_s(1)
        rig.processes.exit("gpu", 1)
        rig.pass_s(1)
        assert rig.view().state is State.CRASH_LOOP

    def test_another_boot_does(self, rig: Rig) -> None:
        starts_after_exits(rig, 5, 4)
        rig.processes.boot_id = "second"
        rig.restart_agent()
        rig.pass_s(1)
        assert starts_after_exits(rig, 5, 1) == [3]

    @pytest.mark.parametrize(
        ("status", "words"),
        [(42, "status 42"), (139, "signal 11"), (127, "virus scanner"), (None, "without a status")],
    )
    def test_the_event_says_how_it_ended(self, rig: Rig, status: int | None, words: str) -> None:
        rig.processes.exit("gpu", status)
        rig.pass_s(1)
        assert words in rig.events(Kind.EXITED)[0].reason

    def test_what_its_script_left_running_goes_before_the_next_start(self, rig: Rig) -> None:
        running = rig.processes.runs["gpu"][0]
        rig.processes.exit("gpu", 0)
        rig.processes.left["gpu"] = frozenset({running._replace(pid=999)})
        rig.pass_s(10)
        assert rig.kinds()[1:] == ["exited", "left_behind", "stopped", "started"]


class TestGpuLost:
    def lose(self, rig: Rig) -> None:
        rig.cards(lost={SECOND: "fell off the bus (Xid 79)"})

    def allow_reboot(self, rig: Rig) -> None:
        rig.supervisor.assign(
            Assignment(revision=2, playbooks=(playbook(devices=(FIRST, SECOND)),), reboot_allowed=True)
        )

    def test_is_critical_after_a_minute_and_reboots_nothing_by_itself(self, rig: Rig) -> None:
        self.lose(rig)
        rig.pass_s(50)
        assert rig.events(Kind.GPU_LOST) == []
        rig.pass_s(7200)
        (event,) = rig.events(Kind.GPU_LOST)
        assert (event.level, event.playbook, event.subject) == (Level.CRITICAL, "", SECOND)
        assert "Xid 79" in event.reason
        assert rig.machine.reboots == 0
        assert rig.starts == 1

    def test_reboots_where_the_owner_allows_it_once_in_two_hours(self, rig: Rig) -> None:
        self.allow_reboot(rig)
        self.lose(rig)
        rig.pass_s(7000)
        assert rig.machine.reboots == 1
        assert "gpu_lost" in rig.events(Kind.REBOOT)[0].reason
        rig.pass_s(400)
        assert rig.machine.reboots == 2

    def test_not_soon_after_a_boot(self, rig: Rig) -> None:
        self.allow_reboot(rig)
        rig.machine.up_s = 7100
        self.lose(rig)
        rig.pass_s(600)
        assert rig.machine.reboots == 0

    def test_a_driver_that_hung_three_times_is_told(self, rig: Rig) -> None:
        rig.cards(hung_readings=2)
        rig.pass_s(300)
        assert rig.events(Kind.DRIVER_HUNG) == []
        rig.cards(hung_readings=3)
        rig.pass_s(80)
        assert rig.events(Kind.DRIVER_HUNG)[0].level is Level.CRITICAL

    def test_a_system_that_refuses_is_told(self, rig: Rig) -> None:
        self.allow_reboot(rig)
        rig.machine.fails = OSError("not permitted")
        self.lose(rig)
        rig.pass_s(100)
        assert "not permitted" in rig.events(Kind.REBOOT)[-1].reason


class TestTooHot:
    def heat(self, rig: Rig, core_c: float | None, memory_c: float | None = None) -> None:
        rig.cards(
            gpus={
                FIRST: GpuFacts(temperature_c=60),
                SECOND: GpuFacts(temperature_c=core_c, memory_temperature_c=memory_c),
            }
        )

    @pytest.mark.parametrize(("core_c", "memory_c"), [(90.0, None), (60.0, 105.0)])
    def test_stops_after_half_a_minute_and_goes_on_when_cool(
        self, rig: Rig, core_c: float, memory_c: float | None
    ) -> None:
        self.heat(rig, core_c, memory_c)
        rig.pass_s(25)
        assert rig.view().state is State.RUNNING
        rig.pass_s(20)
        assert rig.view().state is State.TOO_HOT
        assert rig.processes.runs == {}
        (event,) = rig.events(Kind.TOO_HOT)
        assert event.level is Level.CRITICAL
        assert SECOND in event.reason
        self.heat(rig, 76.0, 91.0)
        rig.pass_s(60)
        assert rig.starts == 1
        self.heat(rig, 74.0, 89.0)
        rig.pass_s(20)
        assert rig.starts == 2
        assert rig.events(Kind.TOO_HOT)[-1].over

    def test_a_peak_is_nothing(self, rig: Rig) -> None:
        self.heat(rig, 95.0)
        rig.pass_s(20)
        self.heat(rig, 80.0)
        rig.pass_s(600)
        assert rig.kinds() == ["started"]

    def test_one_that_can_no_longer_be_read_stays_stopped_and_over_a_restart_of_the_agent(
        self, rig: Rig
    ) -> None:
        self.heat(rig, 95.0)
        rig.pass_s(60)
        self.heat(rig, None)
        rig.pass_s(60)
        rig.restart_agent()
        rig.pass_s(60)
        assert rig.starts == 1
        assert rig.view().state is State.TOO_HOT

    def test_a_playbook_on_other_cards_goes_on(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path, playbook("a", devices=(FIRST,)), playbook("b", devices=(SECOND,)))
        self.heat(rig, 95.0)
        rig.pass_s(100)
        assert set(rig.processes.runs) == {"a"}

    def test_the_owners_limit_holds(self, rig: Rig) -> None:
        rig.supervisor.assign(
            Assignment(revision=2, playbooks=(playbook(devices=(FIRST, SECOND)),), core_limit_c=70.0)
        )
        self.heat(rig, 72.0)
        rig.pass_s(60)
        assert rig.view().state is State.TOO_HOT
