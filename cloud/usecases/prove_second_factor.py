"""Turns a second factor on once a code shows that its secret arrived."""

from __future__ import annotations

import msgspec

from cloud.domain.audit import Act
from cloud.domain.people import Person
from cloud.domain.second_factor import RECOVERY_CODES, kept, recovery_code, step_of
from cloud.ports import Ports
from cloud.usecases.change_account import change_account, find_account
from wire.faults import Fault
from wire.people import RecoveryCodes


def prove_second_factor(ports: Ports, email: str, code: str) -> RecoveryCodes:
    """From now on signing in takes a code, or one of these recovery codes.

    Raises Fault `second_factor_not_offered` (409), `code_refused` (422) or `try_again` (409).
    """
    item = find_account(ports, email)
    person = item.read(Person)
    if person.totp_offered is None:
        raise Fault("second_factor_not_offered", "Ask for a secret first.", status=409)
    step = step_of(person.totp_offered, code, ports.clock(), person.totp_step)
    if step is None:
        raise Fault(
            "code_refused", "This code is not the one of now; is the telephone's clock right?", "code"
        )
    codes = [recovery_code(ports.randomness.new_secret()) for _ in range(RECOVERY_CODES)]
    proved = msgspec.structs.replace(
        person,
        totp_secret=person.totp_offered,
        totp_offered=None,
        totp_step=step,
        recovery_sha256=kept(codes),
    )
    change_account(ports, item, proved, Act("start_second_factor", f"account {email}"))
    return RecoveryCodes(codes)
