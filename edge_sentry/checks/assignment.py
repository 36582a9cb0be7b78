"""Checks of what is assigned to the rig: whether it can be believed, and what failed of it."""

from __future__ import annotations

from edge_sentry.checks.finding import Finding, ok, skipped, warning
from edge_sentry.checks.sight import Sight
from edge_sentry.settings.status import load_status
from wire.assignments import StepState


def assignment(sight: Sight) -> Finding:
    """Which revision is accepted, and why a newer one is not."""
    status = load_status(sight.folder)
    if status is None:
        return skipped("no sentry has run on this folder yet")
    state = status.assignment
    if state is None:
        return warning(
            "no key of the commander is pinned, so that nothing can be assigned",
            "Enrol again: edge-sentry enrol",
        )
    failed = next((each for each in state.steps if each.state is StepState.FAILED), None)
    if failed is not None:
        wanted = state.revision if state.offered is None else state.offered
        name = f"{failed.what} {failed.playbook}".strip()
        return warning(f"revision {wanted}: {name} failed: {failed.reason}")
    if not state.epoch:
        return ok("nothing was assigned yet")
    return ok(f"revision {state.revision} is accepted")
