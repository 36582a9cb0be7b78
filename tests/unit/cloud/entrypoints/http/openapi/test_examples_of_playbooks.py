"""Examples of playbooks hold no script that the form would refuse."""

from __future__ import annotations

from cloud.entrypoints.http.openapi.examples_of_playbooks import ON_PLAYBOOKS
from wire.placeholders import template_problems
from wire.templates import PlaybookDraft


def test_scripts_of_the_example_are_good() -> None:
    (draft,) = [each for each in ON_PLAYBOOKS if isinstance(each, PlaybookDraft)]
    assert [template_problems(script) for script in draft.scripts.values()] == [[]]
