"""Everything wrong that an agent or a stranger can send gets its own 4xx, and leaves the store as it was."""

from __future__ import annotations

import gzip
import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from asic_edge.__main__ import main
from tests.system.processes import Commander
from wire.messages import REPORT_CONTENT_TYPE

Json = dict[str, Any]


@dataclass
class Farm:
    """A running commander with two rigs, a deleted one, one whose token was renewed, and an ASIC edge."""

    commander: Commander
    token: str
    machine: str
    other_machine: str
    deleted: str
    renewed: str
    asic: str

    def stored(self) -> list[tuple[Any, ...]]:
        """Every item but sessions and the commander's own beat."""
        uri = f"file:{self.commander.data / 'commander.sqlite'}?mode=ro"
        connection = sqlite3.connect(uri, uri=True)
        try:
            query = "SELECT * FROM items WHERE kind NOT IN ('session', 'beat') ORDER BY pk, sk"
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    folder: Path = tmp_path_factory.mktemp("refusals")
    commander = Commander(folder / "commander", "--no-sentry")
    with commander.signed_in() as client:
        rigs = [_create(client, name, "cpu_gpu") for name in ("one", "two", "gone", "renewed")]
        asic = _create(client, "hall", "asic")
        assert client.delete(f"/v1/agents/{rigs[2]['agent']['agent']}").status_code == 204
        assert client.post(f"/v1/agents/{rigs[3]['agent']['agent']}/token").status_code == 201
    yield Farm(
        commander,
        rigs[0]["token"],
        rigs[0]["agent"]["machine"],
        rigs[1]["agent"]["machine"],
        rigs[2]["token"],
        rigs[3]["token"],
        asic["token"],
    )
    commander.program.end()


def test_a_forwarded_address_counts_for_nothing(farm: Farm) -> None:
    """Else whoever asks would choose what is limited, listed and written down."""
    with farm.commander.signed_in() as client:
        credentials = {"email": "owner@localhost", "password": farm.commander.password}
        forged = {"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=198.51.100.7"}
        assert client.post("/v1/session", json=credentials, headers=forged).status_code == 200
        rows = client.get("/v1/account/sessions").json()["sessions"]
    assert {row["address"] for row in rows} == {"127.0.0.1"}


def _create(client: httpx.Client, name: str, kind: str) -> Json:
    answer = client.post("/v1/agents", json={"name": name, "kind": kind})
    assert answer.status_code == 201, answer.text
    created: Json = answer.json()
    return created


def _report(machine: str, metric: str = "cpu_load_pct", value: float = 1.0, **changes: Any) -> Json:
    block = {"at": [time.time()], "series": [{"metric": metric, "values": [value]}]}
    machines = [{"machine": machine, "open": block}]
    report = {"epoch": 1, "sequence": 1, "sent_at": time.time(), "interval_s": 2}
    return {**report, "machines": machines, **changes}


def _send(
    farm: Farm,
    body: bytes,
    *,
    token: str | None = None,
    path: str = "/v1/reports",
    content_type: str = "application/json",
) -> tuple[int, str, str, str]:
    """Posts, and checks that nothing was stored; gives status, code, field and sentence."""
    before = farm.stored()
    headers = {"Authorization": f"Bearer {token or farm.token}", "Content-Type": content_type}
    answer = httpx.post(farm.commander.url + path, content=body, headers=headers, timeout=60, trust_env=False)
    assert farm.stored() == before
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("field", ""), error["message"]


def _json(message: Json) -> bytes:
    return json.dumps(message).encode()


def test_a_good_report_is_stored(farm: Farm) -> None:
    before = farm.stored()
    headers = {"Authorization": f"Bearer {farm.token}", "Content-Type": REPORT_CONTENT_TYPE}
    body = gzip.compress(_json(_report(farm.machine)))
    answer = httpx.post(f"{farm.commander.url}/v1/reports", content=body, headers=headers, trust_env=False)
    assert answer.status_code == 200, answer.text
    # Its figures; and what its first signed document takes: its work and its worker name.
    assert len(farm.stored()) == len(before) + 3


def test_wrong_token(farm: Farm) -> None:
    wrong = farm.token[:-4] + "AAAA"
    assert _send(farm, _json(_report(farm.machine)), token=wrong)[:2] == (401, "token_wrong")


def test_cut_token(farm: Farm) -> None:
    assert _send(farm, _json(_report(farm.machine)), token=farm.token[:30])[:2] == (401, "token_wrong")


def test_no_token(farm: Farm) -> None:
    answer = httpx.post(f"{farm.commander.url}/v1/reports", content=b"{}", trust_env=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "token_missing")


def test_renewed_token(farm: Farm) -> None:
    assert _send(farm, _json(_report(farm.machine)), token=farm.renewed)[:2] == (401, "token_wrong")


def test_deleted_agent(farm: Farm) -> None:
    status, code, _, sentence = _send(farm, _json(_report(farm.machine)), token=farm.deleted)
    assert (status, code) == (403, "agent_deleted")
    assert "'gone'" in sentence


def test_wrong_type_of_agent(farm: Farm) -> None:
    enrolment = {"kind": "cpu_gpu", "agent_version": "1", "hostname": "h", "sent_at": 1}
    status, code, field, sentence = _send(farm, _json(enrolment), token=farm.asic, path="/v1/enrolment")
    assert (status, code, field) == (409, "wrong_kind", "kind")
    assert sentence == "This token is for an ASIC edge, not for a CPU/GPU sentry."


def test_bad_json(farm: Farm) -> None:
    assert _send(farm, b'{"epoch": 1,')[:2] == (400, "bad_json")
    assert _send(farm, b"\xff\xfe\x00")[:2] == (400, "bad_json")
    assert _send(farm, b"")[:2] == (400, "bad_json")
    assert _send(farm, b'{"x":' + b"[" * 100_000)[:2] == (400, "bad_json")


def test_not_gzip(farm: Farm) -> None:
    body = _json(_report(farm.machine))
    assert _send(farm, body, content_type=REPORT_CONTENT_TYPE)[:2] == (400, "bad_gzip")
    cut = gzip.compress(body)[:-4]
    assert _send(farm, cut, content_type=REPORT_CONTENT_TYPE)[:2] == (400, "bad_gzip")


def test_other_content_type(farm: Farm) -> None:
    body = _json(_report(farm.machine))
    assert _send(farm, body, content_type="text/plain")[:2] == (415, "unsupported_media_type")


def test_body_of_10_mb(farm: Farm) -> None:
    assert _send(farm, b" " * 10_000_000)[:2] == (413, "body_too_large")
    assert _send(farm, b" " * 11_000_000)[:2] == (413, "body_too_large")


def test_gzip_bomb(farm: Farm) -> None:
    bomb = gzip.compress(bytes(200_000_000))
    assert len(bomb) < 256 * 1024
    status, code, _, _ = _send(farm, bomb, content_type=REPORT_CONTENT_TYPE)
    assert (status, code) == (413, "inflated_too_large")


def test_unknown_metric(farm: Farm) -> None:
    status, code, field, sentence = _send(farm, _json(_report(farm.machine, "cpu_mood")))
    assert (status, code, field) == (422, "unknown_metric", "machines[0].open.series[0].metric")
    assert "'cpu_mood'" in sentence


def test_impossible_value(farm: Farm) -> None:
    answer = _send(farm, _json(_report(farm.machine, value=101)))
    assert answer[:3] == (422, "bad_value", "machines[0].open.series[0].values[0]")


def test_report_of_nothing(farm: Farm) -> None:
    report = _report(farm.machine)
    del report["machines"][0]["open"]
    assert _send(farm, _json(report))[:3] == (422, "nothing_reported", "machines[0]")


def test_missing_field(farm: Farm) -> None:
    report = _report(farm.machine)
    del report["epoch"]
    assert _send(farm, _json(report))[:2] == (422, "bad_message")


def test_another_machine_of_the_farm_and_one_of_nobody_look_alike(farm: Farm) -> None:
    others = _send(farm, _json(_report(farm.other_machine)))
    nobodys = _send(farm, _json(_report("machine_that_is_not")))
    assert others[:3] == (404, "machine_unknown", "machines[0].machine")
    assert others == nobodys


def test_sample_from_the_future(farm: Farm) -> None:
    report = _report(farm.machine)
    report["machines"][0]["open"]["at"] = [time.time() + 3600]
    assert _send(farm, _json(report))[:3] == (422, "clock_ahead", "machines[0].open.at")


def test_unknown_route_and_method(farm: Farm) -> None:
    for method, path in (("GET", "/v1/reports"), ("POST", "/v1/nothing"), ("DELETE", "/v1/machines/..%2f")):
        answer = httpx.request(method, farm.commander.url + path, trust_env=False)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_foreign_host_name(farm: Farm) -> None:
    """A name that an attacker lets point to 127.0.0.1 (DNS rebinding) is not answered."""
    answer = httpx.get(farm.commander.url + "/v1/session", headers={"Host": "evil.example"}, trust_env=False)
    assert answer.status_code == 400


def test_an_asic_edge_enrols_with_a_token_for_one_only(
    farm: Farm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last one here: it changes the store."""

    def enrol(token: str) -> int:
        return main(["enrol", "--url", farm.commander.url, "--token", token, "--data", str(tmp_path)])

    assert enrol(farm.token) == 1
    assert "belongs to a rig's sentry, not to an ASIC edge" in capsys.readouterr().err
    assert enrol(farm.asic) == 0
    assert "Enrolled as hall at farm" in capsys.readouterr().out
    assert main(["doctor", "--data", str(tmp_path)]) == 0
    assert "ok       commander     it answers" in capsys.readouterr().out
