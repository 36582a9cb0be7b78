"""A test for each row of the table about what a program says, in simulated time."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.supervisor.events import Kind
from edge_sentry.supervisor.facts import Api, GpuFacts
from tests.unit.edge_sentry.supervisor.fakes import FIRST, SECOND, Rig, playbook


class TestApiSilent:
    def silence(self, rig: Rig) -> None:
        rig.readings.says["gpu"] = {"api": Api.SILENT, "reason": "nothing listens"}

    def test_after_it_had_answered_it_has_two_minutes(self, rig: Rig) -> None:
        self.silence(rig)
        rig.pass_s(110)
        assert rig.starts == 1
        rig.pass_s(30)
        assert rig.starts == 2
        (event,) = rig.events(Kind.API_SILENT)
        assert "nothing listens" in event.reason

    @pytest.mark.parametrize(("warm_up_s", "bears_s"), [(0, 90), (150, 150), (600, 180)])
    def test_after_a_start_it_has_its_warm_up(self, tmp_path: Path, warm_up_s: float, bears_s: int) -> None:
        rig = Rig(tmp_path, playbook(warm_up_s=warm_up_s))
        self.silence(rig)
        rig.pass_s(bears_s - 2)
        assert rig.kinds() == ["started"]
        rig.pass_s(20)
        assert rig.starts == 2

    def test_one_that_opens_late_is_left_alone(self, tmp_path: Path) -> None:
        rig = Rig(tmp_path, playbook())
        self.silence(rig)
        rig.pass_s(85)
        rig.healthy()
        rig.pass_s(600)
        assert rig.kinds() == ["started"]

    def test_while_its_cards_work_it_is_only_told(self, rig: Rig) -> None:
        rig.cards(gpus={FIRST: GpuFacts(load_pct=99.0, temperature_c=60)})
        self.silence(rig)
        rig.pass_s(400)
        assert rig.starts == 1
        assert len(rig.events(Kind.API_SILENT)) == 1
        rig.pass_s(50)
        assert rig.starts == 2

    def test_another_programs_load_on_the_processor_does_not_excuse_a_gpu(self, rig: Rig) -> None:
        rig.cards(cpu_load_pct=100.0)
        self.silence(rig)
        rig.pass_s(150)
        assert rig.starts == 2

    def test_a_crash_loop_ends_that_too(self, rig: Rig) -> None:
        self.silence(rig)
        rig.pass_s(3000)
        assert len([event for event in rig.events(Kind.CRASH_LOOP) if not event.over]) == 1
        assert rig.starts < 10

    def test_an_answer_that_cannot_be_read_is_no_reason_to_restart(self, rig: Rig) -> None:
        rig.readings.says["gpu"] = {"api": Api.UNREADABLE, "reason": "cut-off JSON"}
        rig.pass_s(3000)
        assert rig.starts == 1
        (event,) = rig.events(Kind.API_UNREADABLE)
        assert "cut-off JSON" in event.reason
        rig.healthy()
        rig.pass_s(20)
        assert rig.kinds()[-1] == "api_unreadable over"

    def test_silence_after_a_sleep_of_the_rig_counts_from_its_waking(self, rig: Rig) -> None:
        self.silence(rig)
        rig.pass_s(20)
        rig.moments.advance(7200)
        rig.pass_s(100)
        assert rig.starts == 1

    def test_it_is_not_blamed_for_our_own_readings_that_stop(self, rig: Rig) -> None:
        self.silence(rig)
        rig.pass_s(20)
        del rig.readings.says["gpu"]
        rig.pass_s(1000)
        assert rig.starts == 1


class TestNoHashrate:
    def zero(self, rig: Rig, rate: float | None = 0.0) -> None:
        rig.shares_every_s = None
        rig.says(hashrates={"kawpow": rate}, devices={FIRST: rate, SECOND: rate})

    @pytest.mark.parametrize("rate", [0.0, None])
    def test_restarts_after_three_minutes(self, rig: Rig, rate: float | None) -> None:
        self.zero(rig, rate)
        rig.pass_s(170)
        assert rig.starts == 1
        rig.pass_s(30)
        assert rig.starts == 2

    def test_three_times_an_hour_then_it_is_told(self, rig: Rig) -> None:
        self.zero(rig)
        rig.pass_s(3300)
        reasons = [event.reason for event in rig.events(Kind.NO_HASHRATE)]
        assert [reason.endswith("; restarting") for reason in reasons] == [True, True, True, False]
        assert "did not help" in reasons[-1]
        rig.pass_s(3600)
        assert sum(event.reason.endswith("; restarting") for event in rig.events(Kind.NO_HASHRATE)) > 3

    def test_it_is_over_when_it_hashes(self, rig: Rig) -> None:
        self.zero(rig)
        rig.pass_s(200)
        rig.healthy()
        rig.pass_s(20)
        assert rig.kinds()[-1] == "no_hashrate over"

    def test_not_while_the_pool_is_away(self, rig: Rig) -> None:
        self.zero(rig)
        rig.says(pool_connected=False)
        rig.pass_s(1700)
        assert rig.starts == 1

    def test_not_while_it_says_that_it_is_paused(self, rig: Rig) -> None:
        self.zero(rig)
        rig.says(paused=True)
        rig.pass_s(1700)
        assert rig.starts == 1
        assert len(rig.events(Kind.MINER_PAUSED)) == 1

    def test_not_while_its_shares_are_accepted(self, rig: Rig) -> None:
        self.zero(rig)
        rig.shares_every_s = 30.0
        rig.pass_s(1700)
        assert rig.starts == 1

    def test_not_of_a_program_that_never_tells_one(self, rig: Rig) -> None:
        rig.says(hashrates={}, devices={})
        rig.pass_s(1700)
        assert rig.starts == 1


class TestOneGpuStopped:
    def stop_one(self, rig: Rig) -> None:
        rig.says(devices={FIRST: 50.0, SECOND: 0.0})

    def test_restarts_once_then_the_card_is_called_dead(self, rig: Rig) -> None:
        self.stop_one(rig)
        rig.pass_s(170)
        assert rig.starts == 1
        rig.pass_s(3600)
        assert rig.starts == 2
        (event,) = rig.events(Kind.GPU_DEAD)
        assert event.subject == SECOND
        assert SECOND in event.reason

    def test_a_restart_of_the_agent_is_no_reason_for_another(self, rig: Rig) -> None:
        self.stop_one(rig)
        rig.pass_s(1000)
        rig.restart_agent()
        rig.pass_s(1000)
        assert rig.starts == 2

    def test_an_hour_later_well_all_the_time_it_is_tried_again(self, rig: Rig) -> None:
        self.stop_one(rig)
        rig.pass_s(300)
        rig.healthy()
        rig.pass_s(3700)
        self.stop_one(rig)
        rig.pass_s(300)
        assert rig.starts == 3

    def test_one_that_is_not_told_is_not_zero(self, rig: Rig) -> None:
        rig.says(devices={FIRST: 50.0, SECOND: None})
        rig.pass_s(1700)
        assert rig.starts == 1


class TestHashrateLow:
    def test_is_told_against_its_own_median_and_never_restarts(self, rig: Rig) -> None:
        rig.pass_s(3600)
        rig.says(hashrates={"kawpow": 60.0})
        rig.pass_s(840)
        assert rig.events(Kind.HASHRATE_LOW) == []
        rig.pass_s(700)
        (event,) = rig.events(Kind.HASHRATE_LOW)
        assert event.subject == "kawpow"
        assert rig.starts == 1
        rig.healthy()
        rig.pass_s(900)
        assert rig.kinds()[-1] == "hashrate_low over"

    def test_a_little_less_is_nothing(self, rig: Rig) -> None:
        rig.pass_s(3600)
        rig.says(hashrates={"kawpow": 75.0})
        rig.pass_s(1500)
        assert rig.events(Kind.HASHRATE_LOW) == []


class TestNoAcceptedShare:
    def test_restarts_once_after_half_an_hour(self, rig: Rig) -> None:
        rig.shares_every_s = None
        rig.pass_s(1700)
        assert rig.starts == 1
        rig.pass_s(200)
        assert rig.starts == 2
        rig.pass_s(7200)
        assert rig.starts == 2
        first, second = rig.events(Kind.NO_SHARES)
        assert first.reason.endswith("; restarting")
        assert second.reason.endswith("; restarting did not help")
        rig.shares_every_s = 60.0
        rig.pass_s(120)
        assert rig.kinds()[-1] == "no_shares over"

    def test_one_whose_shares_are_rare_has_ten_times_their_mean(self, rig: Rig) -> None:
        rig.shares_every_s = 600.0
        rig.pass_s(9000)
        rig.shares_every_s = None
        rig.pass_s(3000)
        assert rig.events(Kind.NO_SHARES) == []
        rig.pass_s(4000)
        assert rig.starts == 2
        rig.pass_s(20_000)
        assert rig.starts == 2

    def test_only_told_while_the_pool_is_away(self, rig: Rig) -> None:
        rig.shares_every_s = None
        rig.says(pool_connected=False)
        rig.pass_s(7200)
        assert rig.starts == 1
        assert len(rig.events(Kind.NO_SHARES)) == 1

    def test_a_counter_that_begins_anew_is_no_negative_share(self, rig: Rig) -> None:
        rig.counters_begin_anew()
        rig.pass_s(1200)
        assert rig.kinds() == ["started"]


class TestRejects:
    def reject(self, rig: Rig, share: float, count: int = 60) -> None:
        rig.shares_every_s = 10.0 / (1 - share)
        rejected = rig.readings.says["gpu"]["rejected"]
        for _ in range(count):
            rejected += share
            rig.says(rejected=int(rejected))
            rig.pass_s(10)

    def test_above_a_tenth_is_told(self, rig: Rig) -> None:
        self.reject(rig, 0.3)
        (event,) = rig.events(Kind.REJECTS)
        assert "of the last" in event.reason
        assert rig.starts == 1

    def test_a_few_are_usual(self, rig: Rig) -> None:
        self.reject(rig, 0.05)
        assert rig.kinds() == ["started"]

    def test_above_a_half_restarts_once(self, rig: Rig) -> None:
        self.reject(rig, 0.9, 200)
        assert rig.starts == 2
        assert [event.reason.endswith("did not help") for event in rig.events(Kind.REJECTS_MANY)] == [
            False,
            True,
        ]


class TestPoolUnreachable:
    def test_is_told_after_five_minutes_and_never_restarts(self, rig: Rig) -> None:
        rig.says(pool_connected=False)
        rig.pass_s(290)
        assert rig.events(Kind.POOL_UNREACHABLE) == []
        rig.pass_s(1200)
        assert len(rig.events(Kind.POOL_UNREACHABLE)) == 1
        assert rig.starts == 1
        rig.says(pool_connected=True)
        rig.pass_s(20)
        assert rig.kinds()[-1] == "pool_unreachable over"

    def test_failures_that_grow_say_it_where_the_program_does_not(self, rig: Rig) -> None:
        for failures in range(60):
            rig.says(pool_connected=None, pool_failures=failures)
            rig.pass_s(10)
        assert len(rig.events(Kind.POOL_UNREACHABLE)) == 1
        assert rig.starts == 1
