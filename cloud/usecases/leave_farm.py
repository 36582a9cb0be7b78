"""Takes whoever asks for it out of a farm."""

from __future__ import annotations

from cloud.domain.members import find_member, member_id
from cloud.domain.people import Membership
from cloud.ports import Ports
from cloud.usecases.keep_members import Move, move_member
from cloud.usecases.revoke_api_token import forget_api_tokens


def leave_farm(ports: Ports, farm: str, email: str) -> None:
    """As `remove_member`, by the member; raises Fault `last_owner` (409)."""

    def decide(members: dict[str, Membership]) -> Move:
        return Move("leave_farm", find_member(members, member_id(email)), None)

    move_member(ports, farm, email, decide)
    forget_api_tokens(ports, farm, email)
