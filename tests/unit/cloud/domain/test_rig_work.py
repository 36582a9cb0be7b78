"""What a rig is to run, and the document that is made of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cloud.domain.playbooks import ResolvedPool, StoredVersion
from cloud.domain.rig_work import (
    FIRST_PORT,
    Wish,
    Work,
    document_of,
    system_of,
    with_ports,
    worker_names,
)
from tests.fakes.templates import draft
from wire.assignments import PLAYBOOKS_MAX, Archive, System
from wire.faults import Fault
from wire.messages import Specs
from wire.placeholders import WORKER, value_problem
from wire.templates import PlaybookVersion

MACHINE = "machine_abcdefghijklmnop"
ARCHIVE = Archive("https://programs.example/x.tar.gz", "ab" * 32, "tar.gz", "xmrig")
POOL = ResolvedPool("pool.example:3333", True, "secret-word", None, "an-account", "OTHER")
WORK = Work(MACHINE, "rig-1", {"p": 2, "q": 1})


def version(
    number: int = 1, script: str = "./xmrig -o {{pool_address}} -u {{worker}}:{{api_port}}\n"
) -> StoredVersion:
    told = PlaybookVersion(number, draft("pool_1", "wallet_1", script=script), (), (), 0, "", "")
    return StoredVersion.made("p", told, [POOL], {System.LINUX: ARCHIVE})


@pytest.mark.parametrize(
    ("wish", "wanted"),
    [
        (Wish("set", {"r": 5}), {"r": 5}),
        (Wish("set"), {}),
        (Wish("add", {"r": 5, "q": 3}), {"p": 2, "q": 3, "r": 5}),
        (Wish("remove", {"p": 0, "r": 0}), {"q": 1}),
        (Wish("versions", {"q": 9, "r": 9}), {"p": 2, "q": 9}),
        (Wish("same"), {"p": 2, "q": 1}),
        (Wish("back", of="nobody"), {"p": 2, "q": 1}),
    ],
)
def test_a_wish_is_applied_and_twice_is_as_once(wish: Wish, wanted: dict[str, int]) -> None:
    once = wish.applied(WORK, "rollout_1")
    assert once.wanted == wanted
    assert wish.applied(once, "rollout_1") == once


def test_the_way_back_leads_to_what_was_there_before_that_rollout() -> None:
    once = Wish("set", {"r": 5}).applied(WORK, "rollout_1")
    twice = Wish("add", {"s": 1}).applied(once, "rollout_2")
    assert Wish("back", of="rollout_2").applied(twice, "rollout_3").wanted == {"r": 5}
    assert Wish("back", of="rollout_1").applied(twice, "rollout_3").wanted == WORK.wanted


def test_only_the_last_few_ways_back_are_kept() -> None:
    work = WORK
    for number in range(9):
        work = Wish("set", {"r": number}).applied(work, f"rollout_{number}")
    assert list(work.before) == [f"rollout_{number}" for number in range(4, 9)]


def test_a_rig_has_no_more_playbooks_than_a_document_takes() -> None:
    many = {f"p{number}": 1 for number in range(PLAYBOOKS_MAX)}
    assert len(Wish("set", many).applied(WORK, "r").wanted) == PLAYBOOKS_MAX
    with pytest.raises(Fault, match="at most 16"):
        Wish("add", many).applied(WORK, "r")


@pytest.mark.parametrize("name", ["rig 1", "Rig-ä", "-_-", "日本", "x" * 80, "a; rm -rf /", "%PATH%"])
def test_worker_names_are_fit_for_scripts(name: str) -> None:
    names = list(worker_names(name, MACHINE))
    assert [value_problem(each, WORKER) for each in names] == [None] * 6
    assert len({each.lower() for each in names}) == 6


def test_worker_names_are_made_of_the_rigs_name() -> None:
    assert list(worker_names("Halle 3/Rig ä", MACHINE))[:2] == ["Halle-3-Rig-a", "Halle-3-Rig-a-2"]
    assert next(worker_names("日本", MACHINE)) == "rig"


def test_each_playbook_has_a_port_that_it_keeps() -> None:
    first = with_ports(WORK, ())
    assert first.ports == {"p": FIRST_PORT, "q": FIRST_PORT + 1}
    without = with_ports(replace(first, wanted={"r": 1}), ())
    assert without.ports == {**first.ports, "r": FIRST_PORT + 2}
    assert with_ports(replace(without, wanted={"q": 1}), ()).ports["q"] == FIRST_PORT + 1


def test_a_port_that_another_program_has_is_left_to_it() -> None:
    first = with_ports(WORK, {FIRST_PORT})
    assert first.ports == {"p": FIRST_PORT + 1, "q": FIRST_PORT + 2}
    assert with_ports(first, {FIRST_PORT + 1}).ports == {"q": FIRST_PORT + 2, "p": FIRST_PORT}


def test_ports_of_playbooks_long_gone_are_forgotten() -> None:
    work = WORK
    for number in range(70):
        work = with_ports(replace(work, wanted={f"p{number}": 1}), ())
    assert len(work.ports) <= 64


@pytest.mark.parametrize(
    ("os", "system"),
    [("Windows 11 Pro", System.WINDOWS), ("Ubuntu 24.04", System.LINUX), (None, System.LINUX)],
)
def test_the_system_is_what_the_rig_told(os: str | None, system: System) -> None:
    assert system_of(Specs(os=os)) is system
    assert system_of(None) is System.LINUX


def test_a_document_is_filled_for_its_rig() -> None:
    work = with_ports(replace(WORK, wanted={"p": 2}), ())
    (assigned,) = document_of(work, {("p", 2): version(2)}, System.LINUX, "Rig").playbooks
    assert assigned.scripts == ("./xmrig -o pool.example:3333 -u rig-1:42000\n",)
    assert (assigned.playbook, assigned.version, assigned.api_port) == ("p", 2, FIRST_PORT)
    assert (assigned.archive, assigned.pools[0].tls) == (ARCHIVE, True)
    assert assigned.secrets == ("an-account", "secret-word")


@pytest.mark.parametrize(
    ("versions", "system", "reason"),
    [
        ({}, System.LINUX, "not there any more"),
        ({("p", 2): version(2)}, System.WINDOWS, "no script and archive for windows-x64"),
        ({("p", 2): version(2, "x {{rig_name}}\n")}, System.LINUX, "line 1, column 3"),
    ],
)
def test_what_cannot_be_filled_says_why(
    versions: dict[tuple[str, int], StoredVersion], system: System, reason: str
) -> None:
    work = with_ports(replace(WORK, wanted={"p": 2}), ())
    with pytest.raises(Fault, match=reason) as refused:
        document_of(work, versions, system, "a rig's name")
    assert refused.value.code == "cannot_be_filled"
