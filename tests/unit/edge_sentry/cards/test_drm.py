"""Files of one number or text each, whatever they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_sentry.cards.drm import cards_of, first_number, labelled, reason_of, text_of
from tests.unit.edge_sentry.collectors.trees import ARC_XE, NAVI_21, card


def test_the_first_file_that_is_there_counts(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("0x10\n")
    (tmp_path / "c").write_text("7\n")
    assert first_number((tmp_path / "a", tmp_path / "b", tmp_path / "c")) == 16
    assert first_number((tmp_path / "a",)) is None


@pytest.mark.parametrize(("text", "told"), [(" x \n", "x"), ("\n", None), ("", None), ("x\0\n", "x")])
def test_a_text_is_one_or_none(tmp_path: Path, text: str, told: str | None) -> None:
    (tmp_path / "file").write_text(text)
    assert text_of(tmp_path / "file") == told
    assert text_of(tmp_path / "other") is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), "permission denied"),
        (OSError(5, "whatever"), "its driver says: Input/output error"),
        (OSError(19, "whatever"), "its driver says: No such device"),
        (ValueError("x"), "its driver says something that is no number"),
    ],
)
def test_a_reason_names_no_file(error: OSError | ValueError, reason: str) -> None:
    assert reason_of(error) == reason


def test_inputs_go_by_their_labels(tmp_path: Path) -> None:
    card(tmp_path / "drm", 0, "0000:03:00.0", "xe", ARC_XE)
    sensors = cards_of(tmp_path / "drm", "0x8086")[0].sensors
    assert set(labelled(sensors, "energy")) == {"card", "pkg"}
    (sensors / "energy1_label").unlink()
    assert set(labelled(sensors, "energy")) == {"energy1_input", "pkg"}


def test_outputs_of_a_card_are_no_cards(tmp_path: Path) -> None:
    card(tmp_path / "drm", 0, "0000:03:00.0", "amdgpu", NAVI_21)
    assert [each.node.name for each in cards_of(tmp_path / "drm", "0x1002")] == ["card0"]
