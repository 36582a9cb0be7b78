"""Only addresses over TLS, or of this computer, are called."""

from __future__ import annotations

import pytest

from cloud.domain.addresses import is_safe


@pytest.mark.parametrize(
    "url",
    [
        "https://login.example.org",
        "https://login.example.org:8443/realms/one?x=1",
        "http://127.0.0.1:8080/x",
        "http://localhost",
        "http://[::1]:9000/",
    ],
)
def test_safe(url: str) -> None:
    assert is_safe(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "login.example.org",
        "http://login.example.org",
        "http://127.0.0.1.example.org/",
        "https://user:word@login.example.org/",
        "http://evil.example@127.0.0.1/",
        "https:///path",
        "https://host:port/",
        "https://host:99999/",
        "https://host:0/",
        "https://[::1",
        "ftp://localhost/",
        "javascript:alert(1)",
        "https://host/a b",
        "https://host/\r\nx: y",
        "https://höst.example/",
    ],
)
def test_unsafe(url: str) -> None:
    assert not is_safe(url)
