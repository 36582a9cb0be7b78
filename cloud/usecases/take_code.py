"""Checks a code of an account's second factor, and sees to it that it is never taken again."""

from __future__ import annotations

from cloud.domain.people import Person
from cloud.domain.second_factor import with_code_taken
from cloud.ports import Item, Ports
from cloud.usecases.change_account import change_account
from cloud.usecases.limit_tries import forget_tries, of_codes, reserve_try
from wire.faults import Fault


def take_code(ports: Ports, item: Item, code: str, *, status: int = 401) -> Item:
    """The account's item without this code. It costs a try; a right code forgets those before.

    Raises Fault `code_refused` (`status`), `too_many_sign_ins` (429) or `try_again` (409).
    """
    person = item.read(Person)
    limit = of_codes(person.email)
    reserve_try(ports, [limit])
    taken = with_code_taken(person, code, ports.clock())
    if taken is None:
        raise Fault("code_refused", "This code is wrong, too old or was used.", "code", status=status)
    forget_tries(ports, limit)
    return change_account(ports, item, taken)
