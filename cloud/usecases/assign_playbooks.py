"""Assigns playbooks to rigs, named or by a tag."""

from __future__ import annotations

from cloud.domain import keys
from cloud.domain.records import Machine
from cloud.domain.rig_work import Wish
from cloud.ports import Ports, every
from cloud.usecases.begin_rollout import start_rollout
from cloud.usecases.find_playbooks import find_book, playbook_unknown
from wire.faults import Fault
from wire.messages import AgentKind
from wire.templates import AssignRequest, Rollout

_WORDS = {"set": "runs", "add": "also runs", "remove": "no longer runs"}


def assign_playbooks(ports: Ports, farm: str, wish: AssignRequest) -> Rollout:
    """In their newest versions, which stay until a newer one is made.

    Raises Fault `machine_unknown` or `playbook_unknown` (404), `not_a_rig` (409), `no_rigs` (422), or what
    `start_rollout` raises.
    """
    book, _ = find_book(ports, farm)
    missing = [each for each in wish.playbooks if each not in book.playbooks]
    if missing and wish.how != "remove":
        raise playbook_unknown()
    machines = _named(ports, farm, wish.machines) if wish.machines else _tagged(ports, farm, wish.tag)
    if not machines:
        raise Fault("no_rigs", "Name rigs, or a tag that some rigs have.", "machines")
    versions = {each: book.playbooks[each].version for each in wish.playbooks if each in book.playbooks}
    if wish.how == "remove":
        versions = dict.fromkeys(wish.playbooks, 0)
    names = ", ".join(book.playbooks[each].name for each in wish.playbooks if each in book.playbooks)
    what = f"{_rigs(wish, machines)} {_WORDS[wish.how]} {names or 'nothing'}"
    return start_rollout(ports, farm, what[:200], machines, wish.pace, Wish(wish.how, versions))


def _rigs(wish: AssignRequest, machines: list[str]) -> str:
    if wish.tag and not wish.machines:
        return f"each rig tagged {wish.tag}"
    return "one rig" if len(machines) == 1 else f"each of {len(machines):,} rigs"


def _named(ports: Ports, farm: str, machines: tuple[str, ...]) -> list[str]:
    named = list(dict.fromkeys(machines))
    found = ports.store.get_many([keys.machine(farm, each) for each in named])
    for index, each in enumerate(named):
        item = found.get(keys.machine(farm, each))
        if item is None:
            raise Fault("machine_unknown", "There is no such machine.", f"machines[{index}]", status=404)
        if item.read(Machine).kind is not AgentKind.CPU_GPU:
            message = "This machine is no rig with a sentry: it runs no playbooks."
            raise Fault("not_a_rig", message, f"machines[{index}]", status=409)
    return named


def _tagged(ports: Ports, farm: str, tag: str) -> list[str]:
    prefix = keys.MACHINE_PREFIX
    items = every(ports.store, keys.farm_pk(farm), prefix, prefix + "~") if tag else ()
    machines = (item.read(Machine) for item in items)
    return [each.machine for each in machines if each.kind is AgentKind.CPU_GPU and tag in each.labels.tags]
