"""Letters that wait to be sent, and what stands in them."""

from __future__ import annotations

from enum import StrEnum

from cloud.domain.records import Record


class LetterKind(StrEnum):
    """What a letter is about."""

    RESET = "reset"
    INVITATION = "invitation"


class LetterOrder(Record, frozen=True):
    """A letter to be written when it is sent, so that no secret of a link lies in the store before.

    `farm` and `invitation` name what an invitation is to. It is tried again after `again_at`.
    """

    kind: LetterKind
    email: str
    farm: str = ""
    invitation: str = ""
    asked_at: float = 0
    tries: int = 0
    again_at: float = 0


class Reset(Record, frozen=True):
    """Behind the secret of a link: it lets one choose a password, and ends with the one it is to replace."""

    email: str
    generation: int


def reset_text(link: str, valid_s: float) -> tuple[str, str]:
    """Subject and text of the letter to somebody who forgot their password."""
    text = f"""Somebody, probably you, asked for a new password for your account at Rig Commander.

Open this link to choose one; it works once, for {_duration(valid_s)}:

{link}

If it was not you, do nothing: your password stays as it is.
"""
    return "A new password for Rig Commander", text


def invitation_text(link: str, farm_name: str, invited_by: str, valid_s: float) -> tuple[str, str]:
    """Subject and text of the letter to somebody who is invited to a farm."""
    text = f"""{invited_by} invites you to the farm "{farm_name}" at Rig Commander.

Open this link to join; it works once, for {_duration(valid_s)}:

{link}

If you do not know the sender, do nothing.
"""
    return "An invitation to Rig Commander", text


def _duration(seconds: float) -> str:
    """In whole days, hours or minutes, as of the nearest hour, minute or second: letters go out late."""
    for unit_s, nearest_s, unit in ((86_400, 3600, "day"), (3600, 60, "hour"), (60, 1, "minute")):
        count = round(seconds / nearest_s) * nearest_s // unit_s
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"
