"""Steps about who signs in, and where from: CloudFront's proof, and a provider whose secret lies in SSM."""

from __future__ import annotations

from typing import NamedTuple

import httpx

from tests.deploy.deployment import Deployment, expect
from tests.system.identity_provider import CLIENT, CLIENT_SECRET, identity_provider, sign_in_there

_MADE_UP = {"X-Viewer-Address": "192.0.2.9"}
_PARAMETER = "/rigs/oidc-secret"


class Account(NamedTuple):
    """Somebody who signs in."""

    email: str
    password: str


def origin_secret(deployment: Deployment) -> str:
    """What CloudFront sends along, as the api's function knows it."""
    functions = deployment.client("lambda").list_functions()["Functions"]
    function = next(found for found in functions if found.get("Handler") == "cloud.functions.api.handler")
    secret: str = function["Environment"]["Variables"]["RIG_ORIGIN_SECRET"]
    expect(len(secret) == 48, "CloudFront's secret was not made.")
    return secret


def show_addresses(deployment: Deployment, url: str, account: Account) -> str:
    """A session knows where it was opened: made-up addresses count only with CloudFront's secret."""
    emulator = deployment.emulator
    api = deployment.found().outputs["HttpApiUrl"].split("//")[1].partition(".")[0]
    straight = {"Host": f"{api}.execute-api.localhost", **_MADE_UP}
    wrong, right = {"X-Origin-Proof": "x" * 48}, {"X-Origin-Proof": origin_secret(deployment)}
    with httpx.Client(verify=emulator.tls(), trust_env=False, timeout=30) as client:
        seen = [
            _address_seen(client, url, account, {**_MADE_UP, **wrong}),
            _address_seen(client, emulator.url, account, {**straight, **wrong}),
            _address_seen(client, emulator.url, account, {**straight, **right}),
        ]
    made_up = _MADE_UP["X-Viewer-Address"]
    expect([address == made_up for address in seen] == [False, False, True], f"Seen were {seen}.")
    return seen[0]


def _address_seen(client: httpx.Client, url: str, account: Account, headers: dict[str, str]) -> str:
    answer = client.post(f"{url}/v1/session", json=account._asdict(), headers=headers)
    expect(answer.status_code == 200, f"{answer.status_code}: {answer.text}")
    cookie = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    client.cookies.clear()
    sessions = client.get(f"{url}/v1/account/sessions", headers={**headers, **cookie}).json()["sessions"]
    return next(str(session["address"]) for session in sessions if session["current"])


def provider_settings(deployment: Deployment, port: int) -> list[str]:
    """Arguments of a deployment; the secret stands in the parameter store, and nowhere else."""
    deployment.client("ssm").put_parameter(Name=_PARAMETER, Value=CLIENT_SECRET, Type="SecureString")
    settings = {
        "RIG_OIDC_ISSUER": f"http://localhost:{port}",
        "RIG_OIDC_CLIENT_ID": CLIENT,
        "RIG_OIDC_CLIENT_SECRET": f"ssm:{_PARAMETER}",
    }
    return [part for variable, value in settings.items() for part in ("--set", f"{variable}={value}")]


def show_provider(deployment: Deployment, url: str, port: int, email: str) -> str:
    """There and back without a browser; gives the issuer that the session names."""
    address, log = deployment.found().address, deployment.folder / "provider.log"
    with (
        identity_provider(port, f"{address}/v1/oidc/callback", log) as issuer,
        httpx.Client(base_url=url, trust_env=False, timeout=30) as visitor,
    ):
        left = visitor.get("/v1/oidc/start")
        expect(left.headers.get("location", "").startswith(issuer), f"{left.status_code}: {left.headers}")
        back = sign_in_there(left.headers["location"], email).removeprefix(address)
        answer = visitor.get(back, headers=_cookie_of(visitor, left))
        expect(answer.headers.get("location") == "/", f"It leads to {answer.headers.get('location')}.")
        view = visitor.get("/v1/session", headers=_cookie_of(visitor, answer)).json()
    expect(view.get("email") == email, f"Signed in is {view}.")
    return str(view["provider"])


def _cookie_of(visitor: httpx.Client, answer: httpx.Response) -> dict[str, str]:
    """As a header, for httpx sends no `Secure` cookie over http by itself."""
    visitor.cookies.clear()
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
