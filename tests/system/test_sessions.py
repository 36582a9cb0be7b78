"""Sessions against a real commander: a new password ends them, and many sign-ins do no harm."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil

from tests.system.processes import Commander


def test_a_new_password_ends_sessions_opened_before_it(commander: Commander) -> None:
    with commander.signed_in() as client:
        assert client.get("/v1/session").status_code == 200
        commander.program.end()
        new = [sys.executable, "-m", "cloud", "new-password", "--data", str(commander.data)]
        said = subprocess.run(new, capture_output=True, text=True, timeout=60, check=True).stdout
        commander.start()
        answer = client.get("/v1/session")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")
    commander.password = said.split("password ")[1].split()[0]
    with commander.signed_in() as client:
        assert client.get("/v1/session").status_code == 200


def test_eighty_wrong_sign_ins_at_once_take_little_memory(commander: Commander) -> None:
    process = psutil.Process(commander.program.process.pid)
    begun = process.memory_info().rss

    def wrong(number: int) -> tuple[int, int]:
        credentials = {"email": f"{number % 40}@localhost", "password": "wrong"}
        answer = httpx.post(f"{commander.url}/v1/session", json=credentials, trust_env=False, timeout=30)
        return answer.status_code, process.memory_info().rss

    with ThreadPoolExecutor(40) as pool:
        tried = list(pool.map(wrong, range(80)))
    statuses = Counter(status for status, _ in tried)
    assert set(statuses) <= {401, 429}
    assert max(rss for _, rss in tried) - begun < 300 * 2**20
