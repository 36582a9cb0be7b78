"""Operations around playbooks: paces are those of the wire."""

from __future__ import annotations

from cloud.entrypoints.http.openapi.on_playbooks import ON_PLAYBOOKS
from wire.templates import Speed


def test_every_pace_is_named_and_the_careful_one_is_usual() -> None:
    for key in ("PUT /v1/pools/{pool}", "PUT /v1/wallets/{wallet}", "PUT /v1/playbooks/{playbook}"):
        (pace,) = ON_PLAYBOOKS[key].query
        assert (pace.schema["enum"], pace.schema["default"]) == (list(Speed), Speed.CAREFUL)
