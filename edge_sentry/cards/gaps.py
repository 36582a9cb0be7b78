"""What a reading says when a vendor's cards could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from edge_sentry.reading import Gap, Reading, Vendor

IN_WORDS: Final[Mapping[Vendor, str]] = {"nvidia": "NVIDIA", "amd": "AMD", "intel": "Intel"}


def unread_cards(vendor: Vendor, reason: str, *, lost: bool = False, hung_readings: int = 0) -> Reading:
    """The reason beside the list of the cards; that none of them is here does not mean that it is gone."""
    return Reading(
        unread={"devices": f"{IN_WORDS[vendor]}: {reason}"},
        gaps=(Gap(vendor, reason, lost),),
        hung_readings=hung_readings,
    )
