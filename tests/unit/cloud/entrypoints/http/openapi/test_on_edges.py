"""Operations around ASIC edges name their limits as they are."""

from __future__ import annotations

from cloud.domain.errands import ERRAND_MAX_BYTES, WAITING_MAX
from cloud.entrypoints.http.openapi.on_edges import ON_EDGES
from cloud.entrypoints.http.openapi.refusals import REFUSALS


def test_limits_of_errands_are_those_that_hold() -> None:
    about = ON_EDGES["POST /v1/agents/{agent}/errands"].about
    assert f"{ERRAND_MAX_BYTES:,} bytes; {WAITING_MAX} wait" in about
    assert f"{ERRAND_MAX_BYTES:,} bytes" in REFUSALS["422 errand_too_large"]
    assert REFUSALS["409 too_many_errands"].startswith(f"{WAITING_MAX} errands")
