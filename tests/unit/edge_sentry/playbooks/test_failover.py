"""Which pool a rig mines for: a table of days, and properties that hold on every other day."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from edge_sentry.playbooks.failover import (
    AWAY_FOR_S,
    STEADY_FOR_S,
    UNSEEN_AFTER_S,
    Course,
    Seen,
    is_watched,
    step,
)

UP: Mapping[int, bool] = {0: True, 1: True, 2: True}
EVERY_S = 30


def lived(course: Course, seconds: int, up: Mapping[int, bool], start: float = 0) -> list[Course]:
    """A look each half minute; what the present pool is tells whether there is a connection."""
    courses = []
    for second in range(0, seconds + 1, EVERY_S):
        others = {pool: works for pool, works in up.items() if pool != course.pool}
        course = step(course, Seen(start + second, len(up), up[course.pool], others))
        courses.append(course)
    return courses


def test_a_pool_that_is_there_is_kept() -> None:
    assert {each.pool for each in lived(Course(0), 7200, UP)} == {0}


def test_three_minutes_without_a_connection_are_too_long() -> None:
    pools = [each.pool for each in lived(Course(0), 300, {**UP, 0: False})]
    assert pools.index(1) * EVERY_S == AWAY_FOR_S


def test_a_connection_in_between_begins_the_time_anew() -> None:
    course = lived(Course(0), 150, {**UP, 0: False})[-1]
    course = lived(course, 0, UP, 160)[-1]
    assert course.away_since is None
    assert lived(course, 150, {**UP, 0: False}, 190)[-1].pool == 0


def test_a_pool_that_is_away_too_is_passed_over() -> None:
    assert lived(Course(0), 200, {0: False, 1: False, 2: True})[-1].pool == 2


def test_from_the_end_of_the_list_it_begins_anew() -> None:
    assert lived(Course(2), 200, {0: False, 1: True, 2: False})[-1].pool == 1


def test_where_none_takes_connections_a_change_wins_nothing() -> None:
    assert {each.pool for each in lived(Course(1), 7200, dict.fromkeys(range(3), False))} == {1}


def test_a_better_one_is_taken_after_a_quarter_of_an_hour() -> None:
    pools = [each.pool for each in lived(Course(2), 1200, UP)]
    assert pools.index(0) * EVERY_S == STEADY_FOR_S


def test_the_best_of_the_steady_ones() -> None:
    assert lived(Course(2), 1200, {0: False, 1: True, 2: True})[-1].pool == 1


def test_one_failed_attempt_begins_the_quarter_of_an_hour_anew() -> None:
    course = lived(Course(1), 870, UP)[-1]
    course = step(course, Seen(880, 3, True, {0: False}))
    assert {each.pool for each in lived(course, 870, UP, 890)} == {1}


def test_a_sleep_of_the_rig_counts_for_nothing() -> None:
    course = lived(Course(1), 870, UP)[-1]
    assert step(course, Seen(870 + UNSEEN_AFTER_S + 1, 3, True, {0: True})).pool == 1
    course = lived(Course(0), 150, {**UP, 0: False})[-1]
    assert step(course, Seen(9000, 3, False, {1: True})).pool == 0


def test_what_nobody_knows_changes_nothing() -> None:
    course = Course(0)
    for second in range(0, 7200, 30):
        course = step(course, Seen(second, 3, None, {1: True, 2: True}))
    assert course.pool == 0


def test_others_matter_while_the_present_one_is_not_the_best_or_away() -> None:
    assert not is_watched(Course(0))
    assert is_watched(Course(1))
    assert is_watched(Course(0, away_since=5.0))


LOOKS = st.lists(
    st.tuples(
        st.sampled_from([5.0, 30.0, 60.0, 100.0, 400.0]),
        st.sampled_from([True, False, False, None]),
        st.dictionaries(st.integers(0, 3), st.booleans()),
    ),
    max_size=60,
)


@given(start=st.integers(0, 3), looks=LOOKS)
def test_no_change_without_its_reason(
    start: int, looks: list[tuple[float, bool | None, dict[int, bool]]]
) -> None:
    """Of any pools and looks: every change was earned, by the record of what was seen."""
    now, course = 0.0, Course(start)
    connections: list[tuple[float, bool]] = []
    attempts: list[tuple[float, Mapping[int, bool]]] = []
    for after_s, connected, reachable in looks:
        now += after_s
        others = {pool: works for pool, works in reachable.items() if pool != course.pool}
        connections += [] if connected is None else [(now, connected)]
        attempts.append((now, others))
        before, course = course.pool, step(course, Seen(now, 4, connected, others))
        if course.pool != before:
            assert others[course.pool]
            steady = [(at, seen[course.pool]) for at, seen in attempts if course.pool in seen]
            away = _lasting([(at, not there) for at, there in connections], now)
            assert away >= AWAY_FOR_S or (course.pool < before and _lasting(steady, now) >= STEADY_FOR_S)
            connections.clear()


def _lasting(record: list[tuple[float, bool]], now: float) -> float:
    """For how long it has been so at each look, in seconds; 0 where it is not."""
    since = now
    for at, so in reversed(record):
        if not so:
            break
        since = at
    return now - since


@given(away=st.sets(st.integers(0, 3), max_size=3), start=st.integers(0, 3))
def test_it_ends_at_the_best_pool_that_is_there(away: set[int], start: int) -> None:
    up = {pool: pool not in away for pool in range(4)}
    assert lived(Course(start), 3600, up)[-1].pool == min(pool for pool, works in up.items() if works)
