"""Operations of rollouts: whatever begins one may be refused for want of a key."""

from __future__ import annotations

from cloud.entrypoints.http.openapi.on_rollouts import ON_ROLLOUTS


def test_whatever_begins_a_rollout_needs_a_key() -> None:
    begins = {key for key, operation in ON_ROLLOUTS.items() if "409 cannot_sign" in operation.refusals}
    assert begins == {"POST /v1/assignments", "POST /v1/rollouts/{rollout}/back"}
