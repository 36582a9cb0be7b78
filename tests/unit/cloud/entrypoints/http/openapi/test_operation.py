"""Parameters of pages have the bounds that are checked."""

from __future__ import annotations

import re

import pytest

from cloud.domain import keys
from cloud.domain.paging import checked_after
from cloud.entrypoints.http.openapi.operation import AFTER, limit


def test_a_limit_has_its_bounds() -> None:
    schema = limit(50, 200).schema
    assert (schema["minimum"], schema["default"], schema["maximum"]) == (1, 50, 200)


@pytest.mark.parametrize("prefix", [keys.MACHINE_PREFIX, keys.EVENT_PREFIX, keys.AUDIT_PREFIX])
def test_a_place_to_go_on_from_is_one_that_is_accepted(prefix: str) -> None:
    longest = prefix + "a" * 200
    assert checked_after(longest, prefix) == longest
    assert re.search(AFTER.schema["pattern"], longest)
