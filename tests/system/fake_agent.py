"""A sentry made of single requests: it reports when it is told to, and shows what it is asked for."""

from __future__ import annotations

import time
from typing import Any

import httpx

from tests.system.processes import Commander

Json = dict[str, Any]
MINING: list[Json] = [{"algorithm": "randomx", "hashrate": 12_000.0, "coin": "XMR"}]


class FakeAgent:
    """One rig, made and enrolled by the public API."""

    def __init__(self, commander: Commander, name: str) -> None:
        self._url = commander.url
        with commander.signed_in() as client:
            answer = client.post("/v1/agents", json={"name": name, "kind": "cpu_gpu"})
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        self.agent: str = made["agent"]["agent"]
        self.machine: str = made["agent"]["machine"]
        self._token: str = made["token"]
        hello = {"kind": "cpu_gpu", "agent_version": "1", "hostname": name, "sent_at": time.time()}
        self._epoch: int = self._post("/v1/enrolment", {**hello, "hardware": [f"mac of {name}"]})["epoch"]
        self._sequence = 0
        self._samples: list[float] = []

    def report(self, interval_s: float, mining: list[Json] | None = None, power_w: float = 100.0) -> Json:
        """The newest state; gives the commander's reply, with the cadence that it wants."""
        return self._post(
            "/v1/reports", self._message(interval_s, MINING if mining is None else mining, power_w)
        )

    def copied_to(self, hostname: str) -> str:
        """A copy of its disk reports from another machine; gives the code of the refusal."""
        message = self._message(60, [], 100.0)
        message["machines"][0]["specs"] = {"hostname": hostname, "hardware": [f"mac of {hostname}"]}
        refused: Json = self._post("/v1/reports", message, status=409)
        code: str = refused["error"]["code"]
        return code

    def _message(self, interval_s: float, mining: list[Json], power_w: float) -> Json:
        self._sequence += 1
        self._samples.append(time.time())
        watts = [power_w for _ in self._samples]
        block = {"at": self._samples, "series": [{"metric": "power_w", "values": watts}]}
        machine = {"machine": self.machine, "open": block, "mining": mining}
        head = {"epoch": self._epoch, "sequence": self._sequence, "sent_at": time.time()}
        return {**head, "interval_s": interval_s, "machines": [machine]}

    def _post(self, path: str, message: Json, status: int = 200) -> Json:
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = httpx.post(self._url + path, json=message, headers=headers, timeout=30, trust_env=False)
        assert answer.status_code == status, answer.text
        reply: Json = answer.json()
        return reply
