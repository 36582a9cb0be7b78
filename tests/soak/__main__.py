"""`make soak`: simulated days in minutes; every acknowledged sample must be in the history exactly once."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.soak import api, bodies, edge
from tests.soak.ledger import Verdict, compare, read_ledger
from tests.soak.proxy import CuttableProxy
from tests.system.processes import Commander

SCALE = 1440
"""A simulated day a minute."""
CUT_S = 6.0
END_S = 60
_LIMITS = {"RIG_REPORTS_PER_S": "1000", "RIG_REPORTS_BURST": "100000"}
# Coarser than a real rig, so that the days and not the reports fill the minutes.
_CADENCE = {"RIG_SAMPLE_INTERVAL_S": "60", "RIG_REPORT_INTERVAL_S": "300"}


class Options(NamedTuple):
    """How much is simulated."""

    rigs: int
    seconds: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 when a sample is missing, changed or doubled, or a request does harm."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--rigs", type=int, default=12)
    parser.add_argument("--seconds", type=int, default=110, help="how long the rigs report (110)")
    options = Options(**vars(parser.parse_args(arguments)))
    are_well = [bodies.run(_say), api.run(_say), edge.run(_say)]
    with tempfile.TemporaryDirectory() as folder:
        verdict = _soak(Path(folder), options)
    return 0 if _is_good(verdict) and all(are_well) else 1


def _soak(folder: Path, options: Options) -> Verdict:
    commander = Commander(folder / "commander", "--no-sentry", env={**_CADENCE, **_LIMITS})
    proxy = CuttableProxy(commander.port)
    try:
        plan = _plan(commander, proxy, folder, options)
        days = options.seconds * SCALE / 86400
        _say(f"{options.rigs} rigs, {days:.1f} simulated days in {options.seconds} s")
        _run_with_mishaps(commander, proxy, plan, folder, options.seconds)
        ledger = read_ledger(folder / "ledger.txt")
        _say(f"{sum(map(len, ledger.values())):,} values acknowledged; reading all of them back")
        with commander.signed_in() as client:
            return compare(client, ledger)
    finally:
        proxy.stop()
        commander.program.end()


def _plan(commander: Commander, proxy: CuttableProxy, folder: Path, options: Options) -> Path:
    with commander.signed_in() as client:
        rigs = [{"token": _create(client, f"soak-{n}")} for n in range(options.rigs)]
    plan = {
        "url": f"http://127.0.0.1:{proxy.port}",
        "rigs": rigs,
        "ledger": str(folder / "ledger.txt"),
        "time_scale": SCALE,
        "start_at": time.time() - (options.seconds + END_S) * SCALE,
        "duplicates": 0.01,
    }
    path = folder / "plan.json"
    path.write_text(json.dumps(plan))
    path.chmod(0o600)
    return path


def _create(client: httpx.Client, name: str) -> str:
    answer = client.post("/v1/agents", json={"name": name, "kind": "cpu_gpu"})
    token: str = answer.raise_for_status().json()["token"]
    return token


def _run_with_mishaps(
    commander: Commander, proxy: CuttableProxy, plan: Path, folder: Path, seconds: int
) -> None:
    """The commander is killed at 1/5 and 3/5 of the time, the network cut at 2/5 and 4/5."""
    command = [sys.executable, "-m", "edge_sentry", "simulate", "--file", str(plan), "--until-stdin-closes"]
    with (folder / "agents.log").open("wb") as log:
        agents = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
    if agents.stdin is None:
        raise RuntimeError("the agents have no standard input")
    with closing(agents.stdin):
        for mishap in (_kill, _cut, _kill, _cut):
            time.sleep(seconds / 5)
            if agents.poll() is not None:
                raise RuntimeError(f"the agents ended:\n{(folder / 'agents.log').read_text()[-2000:]}")
            mishap(commander, proxy)
        time.sleep(seconds / 5)
    agents.wait(END_S)


def _kill(commander: Commander, _: CuttableProxy) -> None:
    _say("kill -9 of the commander")
    commander.program.kill()
    time.sleep(1)
    commander.start()


def _cut(_: Commander, proxy: CuttableProxy) -> None:
    _say(f"the network is cut for {CUT_S:g} s")
    proxy.cut()
    time.sleep(CUT_S)
    proxy.mend()


def _is_good(verdict: Verdict) -> bool:
    kinds = ("missing", "changed", "doubled", "unknown")
    for kind in kinds:
        for line in getattr(verdict, kind)[:10]:
            _say(f"{kind}: {line}")
    counts = ", ".join(f"{len(getattr(verdict, kind))} {kind}" for kind in kinds)
    _say(f"{verdict.acknowledged:,} values acknowledged: {counts}")
    return verdict.good and verdict.acknowledged > 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
