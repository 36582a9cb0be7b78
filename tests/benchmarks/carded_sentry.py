"""`edge-sentry run` on a rig with 8 cards that are not there: the child that asks NVML asks a stand-in."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from edge_sentry.collectors import COLLECTORS, Source
from edge_sentry.collectors.nvidia.cards import NvidiaCards
from edge_sentry.collectors.nvidia.process import started
from edge_sentry.commands.run import run
from tests.unit.edge_sentry.collectors.nvidia.stand_ins import LIBRARY, recorded, with_driver

CARDS = 8


def main() -> int:
    folder = Path(sys.argv[1])
    place = folder.parent / "cards"
    place.mkdir(exist_ok=True)
    told = recorded()
    card = told["cards"][0]
    told["cards"] = [
        {
            **card,
            "nvmlDeviceGetUUID": f"GPU-5a1b6f0e-0000-4000-8000-0000000001{number:02}",
            "nvmlDeviceGetPciInfo": f"00000000:{number:02x}:00.0",
        }
        for number in range(1, CARDS + 1)
    ]
    (place / "nvml.json").write_text(json.dumps(told))
    os.environ["PYTHONPATH"], os.environ["STAND_IN_NVML"] = str(LIBRARY), str(place / "nvml.json")
    cards = NvidiaCards(with_driver(place), started, time.monotonic)
    source = Source("nvidia", (), lambda _: cards.collect, budget_s=5.0, vendor="nvidia")
    others = tuple(each for each in COLLECTORS if each.name != source.name)
    return run(folder, until_stdin_closes=False, sources=(*others, source))


if __name__ == "__main__":
    sys.exit(main())
