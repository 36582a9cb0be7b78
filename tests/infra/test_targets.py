"""What the emulator runs is what Lambda runs: the templates differ in machine, runtime and package alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.infra.synthesis import Deployment

ASSET = re.compile(r"[0-9a-f]{64}\.zip\Z")
Difference = tuple[tuple[str, ...], object, object]


def _differences(one: Any, other: Any, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _differences(one[key], other[key], (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differences(left, right, (*path, str(index)))
    elif one != other:
        yield path, one, other


def test_only_machine_runtime_and_package_differ(enterprise: Deployment, on_host: Deployment) -> None:
    found = list(_differences(enterprise.templates, on_host.templates))
    kinds = {path[3:]: (one, other) for path, one, other in found}
    package = kinds.pop(("Properties", "Code", "S3Key"))
    assert all(ASSET.match(str(key)) for key in package)
    assert kinds == {
        ("Properties", "Architectures", "0"): ("arm64", "x86_64"),
        ("Properties", "Runtime"): ("python3.13", "python3.12"),
    }
    functions = enterprise.resources("AWS::Lambda::Function")
    assert len(found) == 3 * len(functions)
    assert {path[:3] for path, _, _ in found} == {
        ("App", "Resources", function.name) for function in functions
    }


def test_comparison_sees_what_it_is_for(enterprise: Deployment, selfhost: Deployment) -> None:
    assert list(_differences(enterprise.templates, selfhost.templates)) != []
    assert list(_differences({"a": [1]}, {"a": [2]})) == [(("a", "0"), 1, 2)]
    assert list(_differences({"a": 1}, {"b": 1})) == [((), {"a": 1}, {"b": 1})]
