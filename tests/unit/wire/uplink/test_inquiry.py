"""Whether a commander is there, without the token; the sentry's checks test the answers one by one."""

from __future__ import annotations

import pytest

from tests.unit.edge_sentry.checks.test_eyes import REFUSAL, web
from wire.uplink.failure import FailureKind, UplinkFailure
from wire.uplink.inquiry import ask_without_token


def test_a_commander_is_known_by_its_refusal() -> None:
    with web(REFUSAL, "Tue, 01 Jan 2036 00:00:00 GMT") as (url, asked):
        answer = ask_without_token(url, allow_http=False)
    assert not answer.encrypted
    assert answer.offset_s is not None
    assert asked == [None]


@pytest.mark.parametrize(
    ("url", "kind"),
    [("http://192.0.2.1", FailureKind.NO_TLS), ("http://127.0.0.1:1", FailureKind.UNREACHABLE)],
)
def test_why_not(url: str, kind: FailureKind) -> None:
    with pytest.raises(UplinkFailure) as caught:
        ask_without_token(url, allow_http=False)
    assert caught.value.kind is kind
