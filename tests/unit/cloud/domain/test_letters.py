"""What stands in a letter."""

from __future__ import annotations

import pytest

from cloud.domain.letters import invitation_text, reset_text


def test_reset_says_what_to_do_and_how_long_it_works() -> None:
    subject, text = reset_text("https://rigs.test/#/reset/SECRET", 3600)
    assert "https://rigs.test/#/reset/SECRET\n" in text
    assert "works once, for 1 hour:" in text
    assert "SECRET" not in subject


def test_invitation_says_who_invites_to_what() -> None:
    subject, text = invitation_text("https://rigs.test/#/invitation/S", "North", "ann@b.test", 6.5 * 86_400)
    assert text.startswith('ann@b.test invites you to the farm "North"')
    assert "https://rigs.test/#/invitation/S\n" in text
    assert "for 6 days:" in text
    assert "North" not in subject


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (7 * 86_400 - 90, "7 days"),
        (86_400, "1 day"),
        (86_000, "1 day"),
        (80_000, "22 hours"),
        (3590, "1 hour"),
        (5400, "1 hour"),
        (150, "2 minutes"),
        (5, "than a minute"),
    ],
)
def test_time_is_whole_although_the_letter_goes_out_a_little_late(seconds: float, expected: str) -> None:
    assert f"{expected}:" in reset_text("link", seconds)[1]
