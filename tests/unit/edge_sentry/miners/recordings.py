"""The recordings of mining programs: the replies of one moment and the normal form that they must give."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from edge_sentry.miners.ask import reading_of
from edge_sentry.miners.normal_form import MinerReading
from edge_sentry.miners.question import Replies
from edge_sentry.miners.table import MINERS

FOLDER = Path(__file__).resolve().parents[3] / "recordings" / "miner_api"
EXPECTED = "normal_form.json"
NOW = 1_764_000_000.0


@dataclass(frozen=True)
class Recording:
    """`files` are the replies in the order of the program's questions, None for one without an answer."""

    folder: str
    miner: str
    files: tuple[str | None, ...]
    now: float = NOW

    @property
    def path(self) -> Path:
        return FOLDER / self.folder

    @property
    def replies(self) -> Replies:
        return [None if name is None else (self.path / name).read_bytes() for name in self.files]

    @property
    def expected(self) -> MinerReading:
        return msgspec.json.decode((self.path / EXPECTED).read_bytes(), type=MinerReading)

    def read(self, replies: Replies | None = None) -> MinerReading:
        """The recording's own replies, or others in their place."""
        return reading_of(MINERS[self.miner], self.replies if replies is None else replies, self.now)


RECORDINGS = (
    Recording("captured/xmrig-6.22.1", "xmrig", ("2_summary.json", None)),
    Recording("captured/xmrig-6.22.1-truncated", "xmrig", ("2_summary.txt", None)),
    Recording("captured/srbminer-multi-3.6.4", "srbminer-multi", ("api_v2_status.json",)),
    Recording("captured/lolminer-1.92", "lolminer", ("summary.json",), now=1_734_491_260.0),
    Recording("captured/t-rex-0.25.9", "t-rex", ("summary.json",)),
    Recording("captured/gminer-3.06", "gminer", ("stat.json",)),
    Recording("captured/rigel-1.23.2", "rigel", ("index.json",)),
    Recording("made/xmrig-opencl", "xmrig", ("2_summary.json", "2_backends.json")),
    Recording("made/xmrig-6.26.0-cuda", "xmrig", ("2_summary.json", "2_backends.json")),
    Recording("made/wildrig-multi-0.51.2", "wildrig-multi", ("index.json",)),
    Recording("made/srbminer-multi-3.4.6", "srbminer-multi", ("index.json",)),
    Recording("made/bzminer-100.45", "bzminer", ("status.json",)),
    Recording("made/bzminer-100.36", "bzminer", ("status.json",)),
    Recording("made/onezerominer-1.7.8", "onezerominer", ("index.json",)),
    Recording("made/onezerominer-1.8.0", "onezerominer", ("index.json",)),
    Recording("made/gminer-3.44-dual", "gminer", ("stat.json",)),
    Recording("made/lolminer-1.98a-dual", "lolminer", ("summary.json",)),
    Recording("made/t-rex-0.26.8-dual", "t-rex", ("summary.json",)),
    Recording("made/nbminer-40.0", "nbminer", ("api_v1_status.json",), now=1_637_553_233.0),
    Recording("made/teamredminer-0.10.21", "teamredminer", ("summary+devs+pools.json", None)),
    Recording(
        "made/teamredminer-0.10.21-dual",
        "teamredminer",
        ("summary+devs+pools.json", "summary2+devs2+pools2.json"),
    ),
    Recording("made/miniz-2.5e3", "miniz", ("getstat.json",)),
    Recording("made/cpuminer-opt-26.1", "cpuminer-opt", ("summary.txt", "threads.txt")),
    Recording("made/cpuminer-multi-1.3.7", "cpuminer-opt", ("summary.txt", "threads.txt")),
    Recording("made/ccminer-2.3.1", "ccminer", ("summary.txt", "threads.txt", "pool.txt")),
    Recording("made/nanominer-3.10.0-dual", "nanominer", ("stats.json",)),
    Recording("made/tt-miner-2024.3.2", "tt-miner", ("miner_getstat1.json",)),
    Recording("made/ethminer-0.19.0", "ethminer", ("miner_getstat1.json",)),
    Recording("made/phoenixminer-6.2c", "phoenixminer", ("miner_getstat2.json",)),
    Recording("made/claymore-15.0-dual", "claymore", ("miner_getstat2.json",)),
    Recording("made/teamblackminer-2.44", "teamblackminer", ("summary.json",)),
)
BY_FOLDER = {recording.folder.partition("/")[2]: recording for recording in RECORDINGS}
