"""Values of a document that could mean something to a shell or a path, each refused with its place."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from edge_sentry.playbooks.belief import Unbelievable, Why
from edge_sentry.playbooks.checks import check_values
from edge_sentry.playbooks.scripts import OURS
from tests.unit.edge_sentry.playbooks.fakes import archive, assigned
from wire.assignments import AssignedPlaybook, AssignedPool, Document, System

GOOD = assigned(
    pools=2, secrets=("48edfHu7V9Z84YzzMa6fUueoELZ9ZRXq9VetWzYGzKt", "x"), devices=("0000:01:00.0",)
)
OTHERS = System.WINDOWS if OURS is System.LINUX else System.LINUX
TABLE: list[tuple[AssignedPlaybook, str]] = [
    (replace(GOOD, pools=(AssignedPool("pool.example"),) * 2), "playbooks[1].pools[0].address, letter"),
    (replace(GOOD, pools=(*GOOD.pools[:1], AssignedPool('a";rm -rf /:1'))), "pools[1].address, letter 2"),
    (replace(GOOD, pools=(*GOOD.pools[:1], AssignedPool("%PATH%:1"))), "pools[1].address, letter 1"),
    (replace(GOOD, program=".."), "playbooks[1].program: '..'"),
    (replace(GOOD, archive=archive(name="../sh")), "playbooks[1].archive.executable: '../sh'"),
    (replace(GOOD, archive=archive(name="bin/./sh")), "archive.executable"),
    (replace(GOOD, secrets=("fine", "pass word")), "secrets[1], letter 5: a secret cannot"),
    (replace(GOOD, devices=("$(id)",)), "devices[0], letter 1"),
    (replace(GOOD, scripts=GOOD.scripts * 2), "scripts: there are 4 for 2 pools"),
    (replace(GOOD, scripts=("exec ./miner\n -o {{pool_address}}",)), "scripts[0], line 2, column 5"),
    (replace(GOOD, scripts=("exec ./miner\x1b[2J",)), "scripts[0], line 1, column 13"),
    (replace(GOOD, scripts=("exec ./miner\r\n",)), "scripts[0], line 1, column 13"),
    (replace(GOOD, system=OTHERS), f"it is for {OTHERS.value}"),
]


def test_good_values_are_taken() -> None:
    check_values(Document((assigned(), assigned("cpu"))))
    check_values(Document((GOOD,)))
    check_values(Document())


@pytest.mark.parametrize(("playbook", "words"), TABLE)
def test_each_is_refused_with_its_place(playbook: AssignedPlaybook, words: str) -> None:
    with pytest.raises(Unbelievable) as raised:
        check_values(Document((assigned("first"), playbook)))
    assert raised.value.why is Why.VALUES
    assert words in str(raised.value)


def test_a_secret_is_never_in_the_words() -> None:
    with pytest.raises(Unbelievable) as raised:
        check_values(Document((replace(GOOD, secrets=("hunter'2",)),)))
    assert "hunter" not in str(raised.value)
    assert "'2" not in str(raised.value)


def test_the_same_playbook_twice() -> None:
    with pytest.raises(Unbelievable, match="twice"):
        check_values(Document((assigned(), assigned(version=2))))
