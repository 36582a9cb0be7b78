"""Fills the scripts of a draft, so that its author sees them before anything is kept."""

from __future__ import annotations

from cloud.ports import Ports
from cloud.usecases.find_playbooks import find_book
from cloud.usecases.resolve_draft import EXAMPLE, fill_draft, resolved_pools
from wire.templates import FilledPreview, PlaybookDraft


def preview_playbook(ports: Ports, farm: str, draft: PlaybookDraft) -> FilledPreview:
    """As a rig called rig-1 would get it; raises Fault `unknown_template` (422)."""
    book, _ = find_book(ports, farm)
    return fill_draft(draft, resolved_pools(book, draft), EXAMPLE)
