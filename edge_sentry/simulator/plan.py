"""The file that says which rigs to pretend to be, as JSON.

`url`, `rigs` (`{"token": …}` each), `allow_http`, `seed`; and for a soak test, all optional:

- `ledger`: path of a text file to which a line `<machine> <time with 3 decimals> <series> <value>` is
  appended for each value of a sample when an acknowledgement covers it for the first time;
- `time_scale`: the rigs' clocks run so many times faster than real time, and so does their cadence;
- `start_at`: epoch seconds at which those clocks begin, now if left out. For a run of some minutes with
  `time_scale` N take now - N * its length: no sample then lies in the future;
- `duplicates`: share of the accepted reports that are sent a second time, 0 to 1.

`fail`: share of the rigs that cannot install anything that is assigned to them, 0 to 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from edge_sentry.settings.folder import SettingsError


class PlannedRig(msgspec.Struct, frozen=True):
    """One rig, by its agent's token."""

    token: str

    def __repr__(self) -> str:
        return "PlannedRig()"  # without the token


class Plan(msgspec.Struct, frozen=True):
    """The whole file, readable by its owner alone. The same `seed` gives the same figures."""

    url: str
    rigs: tuple[PlannedRig, ...]
    allow_http: bool = False
    seed: int = 1
    ledger: str | None = None
    time_scale: Annotated[float, Meta(ge=1, le=100_000)] = 1
    start_at: Annotated[float, Meta(ge=0)] | None = None
    duplicates: Annotated[float, Meta(ge=0, le=1)] = 0
    fail: Annotated[float, Meta(ge=0, le=1)] = 0


def load_plan(file: Path) -> Plan:
    """Raises SettingsError in words that do not quote the file: it holds tokens."""
    try:
        plan = msgspec.json.decode(file.read_bytes(), type=Plan)
    except OSError as error:
        raise SettingsError(f"Cannot read {file}: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(
            f'{file} is not of the form {{"url": …, "rigs": [{{"token": …}}, …]}}.'
        ) from error
    if not plan.rigs:
        raise SettingsError(f"{file} names no rig.")
    return plan
