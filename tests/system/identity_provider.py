"""A real OpenID Connect provider as a process, and a visitor of it without a browser."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.system.processes import wait_for

_SCRIPT = Path(__file__).with_name("oidc_provider.mjs")
CLIENT, CLIENT_SECRET = "rigs", "a secret/of two"
_STEPS = 20


@contextmanager
def identity_provider(port: int, return_url: str, log: Path) -> Iterator[str]:
    """Its issuer; whoever signs in there is sent to `return_url`."""
    command = ["node", str(_SCRIPT), str(port), CLIENT, CLIENT_SECRET, return_url]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=output) as process,
    ):
        try:
            wait_for(f"the provider, see {log}", lambda: b"ready" in log.read_bytes())
            yield f"http://localhost:{port}"
        finally:
            process.kill()


def sign_in_there(address: str, email: str) -> str:
    """Goes to `address` and signs in; gives the address that the provider sends the visitor back to."""
    issuer = address.partition("/auth")[0]
    with httpx.Client(trust_env=False, timeout=30) as visitor:
        for _ in range(_STEPS):
            answer = visitor.get(address)
            if re.search('name="login"', answer.text):
                form = {"prompt": "login", "login": email, "password": "anything"}
                answer = visitor.post(address, data=form)
            address = str(answer.url.join(answer.headers["location"]))
            if not address.startswith(issuer):
                return address
    raise AssertionError(f"the provider sends the visitor round and round: {address}")
