"""Programs that are only read, and what the supervisor is told to tell and gives to be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_sentry.supervisor.events import Kind, Note
from edge_sentry.supervisor.playbook import Watched, load_assignment
from edge_sentry.supervisor.view import State
from tests.unit.edge_sentry.supervisor.fakes import Rig, playbook

MINE = Watched(id="mine", program="xmrig", executable="xmrig", api_port=7)


def test_they_are_kept_and_change_nothing_else(rig: Rig) -> None:
    before = rig.pid()
    rig.supervisor.watch((MINE,))
    rig.pass_s(60)
    assert (rig.pid(), rig.starts) == (before, 1)
    rig.restart_agent()
    assert rig.supervisor.watched == (MINE,)
    kept = load_assignment(rig.folder / "mining")
    assert kept is not None
    assert [each.id for each in kept.playbooks] == ["gpu"]


def test_they_are_in_the_way_of_a_start_until_taken_over(rig: Rig) -> None:
    rig.supervisor.watch((MINE,))
    rig.neighbours.programs.add("xmrig")
    rig.supervisor.restart("gpu")
    rig.pass_s(60)
    assert rig.view().state is State.REFUSED
    rig.supervisor.start("gpu", take_over=True)
    rig.pass_s(3)
    assert rig.view().state is State.RUNNING


def test_one_whose_executable_is_not_known_is_in_the_way_by_its_port(rig: Rig) -> None:
    """As one that root started: the service sees neither its pid nor its path."""
    rig.supervisor.watch((replace(MINE, executable=""),))
    rig.neighbours.ports.add(7)
    rig.supervisor.restart("gpu")
    rig.pass_s(60)
    assert rig.view().state is State.REFUSED
    rig.supervisor.start("gpu", take_over=True)
    rig.pass_s(3)
    assert rig.view().state is State.RUNNING


def test_the_id_of_a_playbook_is_none_of_theirs(rig: Rig) -> None:
    with pytest.raises(ValueError, match="same id"):
        rig.supervisor.watch((Watched(id="gpu", program="xmrig"),))
    assert rig.supervisor.watched == ()


def test_a_disk_that_fails_leaves_all_as_it_was(rig: Rig) -> None:
    mining = rig.folder / "mining"
    mining.rename(rig.folder / "elsewhere")
    with pytest.raises(OSError):  # noqa: PT011 - whatever the system says
        rig.supervisor.watch((MINE,))
    (rig.folder / "elsewhere").rename(mining)
    assert rig.supervisor.watched == ()


def test_what_runs_is_what_it_was_started_from(rig: Rig) -> None:
    first = rig.supervisor.running()
    assert [(each.id, each.version) for each in first] == [("gpu", 1)]
    rig.assign(playbook(version=2, program="other"))
    assert rig.view().program == "stand-in"
    assert rig.supervisor.running() == first
    rig.pass_s(20)
    assert [each.version for each in rig.supervisor.running()] == [2]
    assert rig.view().program == "other"
    rig.supervisor.stop("gpu")
    rig.pass_s(20)
    assert rig.supervisor.running() == ()


def test_busy_is_who_has_something_to_look_after(tmp_path: Path, rig: Rig) -> None:
    assert rig.supervisor.busy
    rig.assign()
    rig.pass_s(30)
    assert not rig.supervisor.busy


def test_what_others_decided_is_told_and_kept(rig: Rig) -> None:
    rig.supervisor.tell("", (Note(Kind.GPU_GONE, "it is not there", subject="gpu-1"),))
    rig.pass_s(1)
    rig.restart_agent()
    (event,) = rig.events(Kind.GPU_GONE)
    assert (event.playbook, event.subject) == ("", "gpu-1")
