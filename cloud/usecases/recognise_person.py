"""Finds the account of somebody whom the provider vouches for, or makes one where they are invited."""

from __future__ import annotations

import msgspec

from cloud.domain import keys
from cloud.domain.audit import Act
from cloud.domain.members import EMAIL_MAX
from cloud.domain.people import IdentityLink, Person
from cloud.ports import Absent, AtRevision, Delete, Item, Ports, Put, Voucher, Write
from cloud.usecases.find_account import find_account
from cloud.usecases.find_invitation import find_invited
from cloud.usecases.keep_audit import note_account
from cloud.usecases.keep_members import tried_again
from wire.faults import Fault


def recognise_person(ports: Ports, voucher: Voucher) -> Person:
    """By the provider's subject; else by an address that both the provider and we have verified.

    Without an account, an open invitation to that address makes one, which may then accept it. Raises
    Fault `no_account` or `account_unverified` (403), or `other_identity` (409).
    """
    return _known(ports, voucher) or tried_again(lambda: _by_address(ports, voucher))


def _known(ports: Ports, voucher: Voucher) -> Person | None:
    link = ports.store.get(keys.identity(voucher.issuer, voucher.subject))
    item = ports.store.get(keys.person(link.read(IdentityLink).email)) if link else None
    person = item.read(Person) if item else None
    return person if person and person.identity == _identity(voucher) else None


def _identity(voucher: Voucher) -> tuple[str, str]:
    return voucher.issuer, voucher.subject


def _by_address(ports: Ports, voucher: Voucher) -> Person | None:
    if not voucher.email_verified or not voucher.email:
        raise _no_account()
    email = find_account(ports, voucher.email)
    if not 0 < len(email) <= EMAIL_MAX:
        raise _no_account()
    item = ports.store.get(keys.person(email))
    return _linked(ports, item, voucher) if item else _created(ports, email, voucher)


def _linked(ports: Ports, item: Item, voucher: Voucher) -> Person | None:
    """None when something came between."""
    person = item.read(Person)
    _check(person, voucher)
    linked = msgspec.structs.replace(person, identity=_identity(voucher))
    writes: list[Write] = [
        Put(Item.of(item.key, linked, revision=item.revision + 1), AtRevision(item.revision)),
        _link(voucher, person.email),
    ]
    if person.identity not in (None, linked.identity):
        writes.append(Delete(keys.identity(*person.identity)))
    before, after = ({"identity": each.identity} for each in (person, linked))
    act = Act("link_provider", f"account {person.email}", before, after)
    return linked if note_account(ports, act, writes, who=person.email) else None


def _check(person: Person, voucher: Voucher) -> None:
    # Whoever made an unverified account knows its password, and would come in beside its new owner. Those
    # of older programs were made by the operator.
    if not person.verified and not person.farm:
        message = "There is an account with your address, but nobody has confirmed that it is yours."
        raise Fault("account_unverified", message, status=403)
    # An address may be given to somebody else; a subject never is.
    if person.identity and person.identity[0] == voucher.issuer and person.identity != _identity(voucher):
        message = "The account with your address belongs to somebody else at the provider."
        raise Fault("other_identity", message, status=409)


def _created(ports: Ports, email: str, voucher: Voucher) -> Person | None:
    """Nobody makes an account for themselves: somebody here must have invited the address."""
    if not find_invited(ports, email):
        raise _no_account()
    person = Person(email, "", "", ports.clock(), verified=True, identity=_identity(voucher))
    writes = [Put(Item.of(keys.person(email), person), Absent()), _link(voucher, email)]
    act = Act("create_account", f"account {email}", after={"identity": person.identity})
    return person if note_account(ports, act, writes, who=email) else None


def _link(voucher: Voucher, email: str) -> Put:
    return Put(Item.of(keys.identity(*_identity(voucher)), IdentityLink(email)))


def _no_account() -> Fault:
    message = "Nobody has invited your address here: ask the owner of a farm for an invitation."
    return Fault("no_account", message, status=403)
