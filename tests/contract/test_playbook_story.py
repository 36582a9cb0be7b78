"""From the address book to what a rig believes, and back to an older address: the same on every store."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest

from cloud.ports import Ports, Store
from cloud.usecases.assign_playbooks import assign_playbooks
from cloud.usecases.create_agent import create_agent
from cloud.usecases.create_owner import create_owner
from cloud.usecases.delete_playbook import delete_playbook
from cloud.usecases.delete_template import delete_pool
from cloud.usecases.list_playbooks import list_playbooks, show_playbook
from cloud.usecases.list_templates import list_templates
from cloud.usecases.restore_version import restore_version
from cloud.usecases.save_playbook import add_playbook
from cloud.usecases.save_pool import add_pool, change_pool
from cloud.usecases.save_wallet import add_wallet, change_wallet
from edge_sentry.playbooks.belief import Accepted, Rig, believed
from tests.fakes.ports import fake_ports
from tests.fakes.signed import SigningKey
from tests.fakes.signing import FakeDocuments, FakeSigner
from tests.fakes.templates import draft, pool, wallet
from tests.fakes.time_and_chance import FakeClock
from tests.fakes.world import OWNER, PASSWORD
from wire.faults import Fault
from wire.messages import AgentKind
from wire.templates import AssignRequest, Speed, VersionRequest


class Site(NamedTuple):
    """A farm with a rig, whose commander signs."""

    ports: Ports
    documents: FakeDocuments
    farm: str
    machine: str

    def scripts(self) -> list[str]:
        """What the rig would run, by the document that lies there for it."""
        body = self.documents.bodies[self.farm, self.machine]
        rig = Rig(self.farm, self.machine, SigningKey(1).public)
        found = believed(body, rig, Accepted(0, 0), self.ports.clock())
        return [script for playbook in found.document.playbooks for script in playbook.scripts]


@pytest.fixture
def site(store: Store, clock: FakeClock) -> Site:
    documents = FakeDocuments(clock)
    ports = replace(fake_ports(store=store, clock=clock), signer=FakeSigner(), documents=documents)
    farm = create_owner(ports, OWNER, PASSWORD, "North")
    made = create_agent(ports, farm, "Barn 7", AgentKind.CPU_GPU)
    assert made.agent.machine is not None
    return Site(ports, documents, farm, made.agent.machine)


def _script(pool_address: str, mining_address: str) -> list[str]:
    return [f"exec ./xmrig -o {pool_address} -u {mining_address} -p x --rig-id=Barn-7\n"]


def test_a_rig_gets_what_the_address_book_says_and_the_way_back(site: Site) -> None:
    ports, farm = site.ports, site.farm
    pool_id = add_pool(ports, farm, pool()).pool
    wallet_id = add_wallet(ports, farm, wallet()).wallet
    playbook = add_playbook(ports, farm, draft(pool_id, wallet_id)).playbook
    assign_playbooks(ports, farm, AssignRequest((playbook,), (site.machine,)))
    assert site.scripts() == _script("pool.example:3333", "an-account")
    assert [use.rigs for use in list_templates(ports, farm).wallets[0].used] == [1]

    change_wallet(ports, farm, wallet_id, wallet(address="wrong"), Speed.CAREFUL)
    assert site.scripts() == _script("pool.example:3333", "wrong")
    change_pool(ports, farm, pool_id, pool(address="b.example:1"), Speed.AT_ONCE)
    assert site.scripts() == _script("b.example:1", "wrong")
    restore_version(ports, farm, playbook, VersionRequest(1))
    assert site.scripts() == _script("pool.example:3333", "an-account")

    whys = [version.why for version in show_playbook(ports, farm, playbook).versions]
    assert whys == ["back to version 1", "pool Europe changed", "wallet Ann changed", "made"]


def test_what_a_rig_runs_cannot_be_deleted_from_under_it(site: Site) -> None:
    ports, farm = site.ports, site.farm
    pool_id = add_pool(ports, farm, pool()).pool
    playbook = add_playbook(ports, farm, draft(pool_id, add_wallet(ports, farm, wallet()).wallet)).playbook
    assign_playbooks(ports, farm, AssignRequest((playbook,), (site.machine,)))
    with pytest.raises(Fault, match="on 1 rig"):
        delete_playbook(ports, farm, playbook)
    with pytest.raises(Fault, match="used by Monero"):
        delete_pool(ports, farm, pool_id)
    assign_playbooks(ports, farm, AssignRequest((), (site.machine,)))
    assert site.scripts() == []
    delete_playbook(ports, farm, playbook)
    delete_pool(ports, farm, pool_id)
    assert list_playbooks(ports, farm).playbooks == ()
