"""Loads recorded answers: a folder a model, a file an answer, see `tests/recordings/asic/SOURCES.md`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

RECORDINGS = Path(__file__).parents[2] / "tests" / "recordings" / "asic"


class SimulatorError(Exception):
    """Why pretended ASICs cannot be had, in words."""


class Answer(NamedTuple):
    """One answer as it was recorded, and what it says."""

    text: bytes
    content: Any


class Capture(NamedTuple):
    """All answers of a model: of port 4028 by command, of the web by the name of their file."""

    rpc: dict[str, Answer]
    web: dict[str, Answer]


def load_capture(folder: Path) -> Capture:
    """Raises SimulatorError when there is no such folder."""
    files = sorted(folder.glob("*.json"))
    if not files:
        raise SimulatorError(
            f"{folder} holds no recorded answers; they come with the source of this program."
        )
    answers = {file.stem: _load(file) for file in files}
    return Capture(
        {name.removeprefix("rpc_"): answer for name, answer in answers.items() if name.startswith("rpc_")},
        {name.removeprefix("web_"): answer for name, answer in answers.items() if name.startswith("web_")},
    )


def _load(file: Path) -> Answer:
    text = file.read_bytes()
    return Answer(text, json.loads(text))
