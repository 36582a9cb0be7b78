"""Orders a letter with a link by which somebody can choose another password."""

from __future__ import annotations

from cloud.domain.letters import LetterKind, LetterOrder
from cloud.ports import Ports
from cloud.usecases.find_account import find_account
from cloud.usecases.limit_tries import is_tried, of_address, of_letters, reserve_try
from cloud.usecases.post_letter import post_letter
from wire.faults import Fault


def forget_password(ports: Ports, email: str, address: str) -> None:
    """The same work whether there is such an account or not, which only the sending finds out.

    An address that has been sent several letters just now gets no more for a while, and nobody is told.
    Raises Fault `no_mail` (409) where no letters can be sent, or `too_many_sign_ins` (429).
    """
    if ports.mail is None:
        message = "This commander sends no mail; its operator can give you a new password."
        raise Fault("no_mail", message, status=409)
    email = find_account(ports, email)
    reserve_try(ports, of_address(address))
    if is_tried(ports, [of_letters(email)]):
        post_letter(ports, LetterOrder(LetterKind.RESET, email))
