"""Takes a member out of a farm."""

from __future__ import annotations

from cloud.domain.members import check_owner, find_member
from cloud.domain.people import Membership
from cloud.ports import Ports
from cloud.usecases.keep_members import Move, move_member
from cloud.usecases.revoke_api_token import forget_api_tokens


def remove_member(ports: Ports, farm: str, asking: str, member: str) -> None:
    """Their pages of this farm end at once, their API tokens of it for good.

    Raises Fault `member_unknown` (404), `last_owner` (409), or `not_allowed` (403) when `asking` is an
    owner no more.
    """

    def decide(members: dict[str, Membership]) -> Move:
        check_owner(members, asking)
        return Move("remove_member", find_member(members, member), None)

    forget_api_tokens(ports, farm, move_member(ports, farm, asking, decide).email)
